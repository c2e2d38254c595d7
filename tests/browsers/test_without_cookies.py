"""A browser that refuses every cookie: the wall still says what to do, and what it says is true."""

import pytest

from tests.browsers.conftest import Visit
from tests.browsers.visitor import Newsroom, Visitor
from tests.support.waiting import until

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def is_told_why(visitor: Visitor) -> None:
    """A fresh code does not sign in here, and not because it has expired: with the next one it would be the same."""
    code = visitor.asks_for_a_code()
    visitor.writes("code", code)
    visitor.presses("Увійти", "button")
    visitor.sees("cookie")
    assert visitor.seen("p", "Код уже не діє") == []


def test_every_cookie_is_blocked(visit: Visit, secure: Newsroom) -> None:
    """Words and a way on instead of a teaser that ends in nothing; signing in says why it cannot work here."""
    visitor = visit(secure, cookies=False)
    visitor.opens_article()
    until(lambda: visitor.seen("spilno-wall[state]"), "a wall that says something")
    visitor.takes_a_picture("wall")
    if visitor.seen("spilno-wall[state=hosted]"):
        visitor.sees("У цьому браузері повний текст відкриється на окремій сторінці редакції.")
        visitor.presses("Читати", "a[href*='/read/demo-members']")
        visitor.is_at("/read/demo-members")
    else:
        # WebKit lets no page know that it keeps no cookies: the wall offers what it always offers, and says why then.
        visitor.wall_is("closed")
        is_told_why(visitor)
        visitor.opens_hosted("/read/demo-members?lang=uk")
    visitor.sees("Уже підтримуєте", "h2")
    is_told_why(visitor)
    visitor.takes_a_picture("read")
