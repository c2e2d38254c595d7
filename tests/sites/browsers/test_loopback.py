"""The README's walk over plain http on this machine: also where a browser takes no Secure cookie there."""

import pytest

from tests.sites.browsers.conftest import NewReader
from tests.sites.browsers.reader import Origins
from tests.stories.hidden import first_words

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_the_readmes_walk(new_reader: NewReader, loopback: Origins) -> None:
    """Give, come back, sign in with the code from the mailbox, read on, look at the account, sign out."""
    reader = new_reader(loopback)
    reader.gives()
    reader.presses("Повернутися до читання", "a")
    reader.is_at("/articles/demo-members")
    reader.sees(first_words("demo-members"))
    reader.signs_in()
    reader.sees("Моя підтримка", "h1")
    reader.opens_article()
    reader.sees(first_words("demo-members"))
    assert reader.session()["signed_in"] is True
    reader.presses("Вийти", "button")
    reader.sees("Уже підтримуєте?")
    assert reader.session() == {"signed_in": False}
