"""How often one call reads each item of the table: what was read once is handed on, not read again."""

from collections import Counter

import pytest

from chalicelib.kernel.table import Table
from testkit.harness import ADA, Harness
from testkit.tables import Around
from testkit.visitor import Visitor


class Reads(Around):
    """A table that counts what is read, by the kind of item."""

    def __init__(self, table: Table) -> None:
        super().__init__(table, self._count)
        self.by_kind: Counter[str] = Counter()

    def _count(self, call: str, what: object) -> None:
        if call == "get":
            assert isinstance(what, tuple)
            self.by_kind[what[1]] += 1


def counted(harness: Harness) -> Reads:
    """From now on the app's reads are counted."""
    reads = Reads(harness.memory)
    harness.table = reads
    return reads


def paid_here(harness: Harness, attempt: str = "a" * 20) -> tuple[Visitor, str]:
    """A browser in which Ada just gave, not signed in yet, and the checkout's name."""
    visitor = Visitor()
    gift = {"amount": 1000, "currency": "eur", "interval": "once", "attempt": attempt}
    session = str(visitor.post("/v1/checkouts", gift).json["id"])
    harness.tell(harness.stripe.pay(session, ADA))
    return visitor, session


def sign_in(harness: Harness, visitor: Visitor) -> Counter[str]:
    """Ask for a code and enter it; answers what entering it read."""
    visitor.post("/v1/sign-in", {"email": ADA})
    reads = counted(harness)
    assert visitor.post("/v1/sign-in/confirm", {"code": harness.mails.last.code}).json["signed_in"]
    return reads.by_kind


@pytest.mark.parametrize("gave_here", [False, True], ids=["elsewhere", "where they paid"])
def test_a_confirmed_sign_in_reads_the_access_item_once(harness: Harness, *, gave_here: bool) -> None:
    """Whoever gave here has a checkout to look at, and a customer that becomes theirs: from the same state."""
    payer, _ = paid_here(harness)
    read = sign_in(harness, payer if gave_here else Visitor(client="192.0.2.8"))
    assert (read["ACCESS"], read["SESSION"]) == (1, 0), read
    assert bool(harness.state().customers) == gave_here


@pytest.mark.parametrize(
    "url",
    ["/thanks/{}", "/v1/session", "/v1/access?needs=tier:patron", "/v1/me", "/account", "/donate", "/sign-in"],
)
def test_who_is_signed_in_costs_one_read_of_the_session_and_one_of_the_access_item(
    harness: Harness, url: str
) -> None:
    """In the browser that paid, too, whose checkout leads to the same supporter."""
    visitor, session = paid_here(harness)
    sign_in(harness, visitor)
    reads = counted(harness)
    page = visitor.navigate(url.format(session))
    assert page.status == 200
    assert (reads.by_kind["SESSION"], reads.by_kind["ACCESS"]) == (1, 1), reads.by_kind
    assert max(reads.by_kind.values()) == 1, reads.by_kind


def test_what_is_read_twice_is_noticed(harness: Harness) -> None:
    """The negative control of the counting: two calls, each with its own look at who is signed in."""
    visitor, _ = paid_here(harness)
    sign_in(harness, visitor)
    reads = counted(harness)
    for _ in range(2):
        visitor.get("/v1/me")
    assert (reads.by_kind["SESSION"], reads.by_kind["ACCESS"], reads.by_kind["PROFILE"]) == (2, 2, 2)
