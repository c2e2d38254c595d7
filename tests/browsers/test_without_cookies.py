"""A browser that refuses every cookie: the wall still says what to do, and what it says is true."""

import re

import pytest

from tests.browsers.conftest import Visit
from tests.browsers.visitor import Newsroom

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_every_cookie_is_blocked(visit: Visit, secure: Newsroom) -> None:
    """Words and a link instead of a teaser that ends in nothing; signing in says why it cannot work here."""
    visitor = visit(secure, cookies=False)
    visitor.opens_article()
    visitor.wall_is("hosted")
    visitor.sees("У цьому браузері повний текст відкриється на окремій сторінці редакції.")
    visitor.takes_a_picture("wall")
    visitor.presses("Читати", "a[href*='/read/demo-members']")
    visitor.is_at("/read/demo-members")
    visitor.sees("Уже підтримуєте", "h2")
    code = visitor.asks_for_a_code()
    visitor.writes("code", code)
    visitor.presses("Увійти", "button")
    told = visitor.sees("cookie")
    visitor.takes_a_picture("read")
    assert not re.search("Код уже не діє", told.text)
