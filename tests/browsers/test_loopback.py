"""The README's walk over plain http on this machine: also where a browser takes no Secure cookie there."""

import pytest

from tests.browsers.conftest import Visit
from tests.browsers.visitor import Newsroom
from tests.stories.hidden import first_words

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_the_readmes_walk(visit: Visit, loopback: Newsroom) -> None:
    """Give, come back, sign in with the code from the mailbox, read on, look at the account, sign out."""
    visitor = visit(loopback)
    visitor.gives()
    visitor.presses("Повернутися до читання", "a")
    visitor.is_at("/articles/demo-members")
    visitor.sees(first_words("demo-members"))
    visitor.signs_in()
    visitor.sees("Ваша підтримка", "h1")
    visitor.opens_article()
    visitor.sees(first_words("demo-members"))
    assert visitor.session()["signed_in"] is True
    visitor.presses("Вийти", "button")
    visitor.sees("Уже підтримуєте?")
    assert visitor.session() == {"signed_in": False}
