"""Supporters and their browsers, as tests of the gate and the account need them."""

from typing import Any

from chalicelib.account.actions.grant import grant_access
from chalicelib.kernel import email_address
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Table, TableUnavailable
from chalicelib.supporters.rules.access import DAY, RecurringGift, Standing
from testkit.clock import NOW
from testkit.gifts import recurring_gift
from testkit.harness import EMAIL_KEY, Harness
from testkit.tables import Around
from testkit.visitor import Visitor

MARIA = email_address.read("maria@reader.example")
PASS, SESSION, CHECKOUT, KNOWN = (f"__Host-spilno-{name}-8000" for name in ("pass", "session", "checkout", "known"))


def monthly(tier: str | None = "member", days: int = 30, **more: Any) -> RecurringGift:
    """A gift of 5 EUR a month, begun yesterday or a month before its end, paid for so many days from now."""
    end = NOW + days * DAY
    return recurring_gift(
        "sub_1",
        tier,
        min(NOW, end - 29 * DAY) - DAY,
        end,
        **{"next_payment_at": None if "ends_at" in more else end, **more},
    )


def member(app: Harness, visitor: Visitor, *gifts: RecurringGift) -> str:
    """Maria, who gives monthly, signed in."""
    supporter = app.supporter(MARIA, Standing((), gifts or (monthly(),)))
    app.sign_in(visitor, MARIA)
    return supporter


def becomes_patron(app: Harness) -> None:
    """Maria's tier goes up by the newsroom's own hand; passes that she holds know nothing of it."""
    grant_access(
        app.table,
        app.newsroom,
        MARIA,
        tier="patron",
        until=NOW + 90 * DAY,
        reason="test",
        email_key=EMAIL_KEY,
        now=BusinessTime(NOW),
    )


class Counting(Around):
    """A table that counts what is asked of it, or does not answer at all."""

    def __init__(self, table: Table, *, down: bool = False) -> None:
        super().__init__(table, self._counted)
        self.calls, self.down = 0, down

    def _counted(self, _call: str, _what: object) -> None:
        self.calls += 1
        if self.down:
            raise TableUnavailable("test")


def watch(app: Harness, *, down: bool = False) -> Counting:
    """From now on the app's table is counted, or down."""
    watched = Counting(app.table, down=down)
    app.table = watched
    return watched
