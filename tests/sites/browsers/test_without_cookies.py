"""A browser that refuses every cookie: the wall still says what to do, and what it says is true."""

import pytest

from testkit.waiting import until
from tests.sites.browsers.conftest import NewReader
from tests.sites.browsers.reader import Origins, Reader

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def is_told_why(reader: Reader) -> None:
    """A fresh code does not sign in here, and not because it has expired: with the next one it would be the same."""
    code = reader.asks_for_a_code()
    reader.writes("code", code)
    reader.presses("Увійти", "button")
    reader.sees("cookie")
    assert reader.seen("p", "Код уже не діє") == []


def test_every_cookie_is_blocked(new_reader: NewReader, secure: Origins) -> None:
    """Words and a way on instead of a teaser that ends in nothing; signing in says why it cannot work here."""
    reader = new_reader(secure, cookies=False)
    reader.opens_article()
    until(lambda: reader.seen("spilno-wall[state]"), "a wall that says something")
    reader.takes_a_picture("wall")
    if reader.seen("spilno-wall[state=hosted]"):
        reader.sees("У цьому браузері повний текст відкриється на окремій сторінці редакції.")
        reader.presses("Читати", "a[href*='/read/demo-members']")
        reader.is_at("/read/demo-members")
    else:
        # WebKit lets no page know that it keeps no cookies: the wall offers what it always offers, and says why then.
        reader.wall_is("closed")
        reader.presses("Увійти", "a.quiet")
        is_told_why(reader)
        reader.opens_hosted("/read/demo-members?lang=uk")
    reader.sees("Уже підтримуєте", "h2")
    is_told_why(reader)
    reader.takes_a_picture("read")
