"""How gifts were paid that were booked before that was kept: some hundred a day, each asked about once."""

from typing import Any

from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import Delete, Update
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import MethodOfPayment
from chalicelib.rails.stripe.port import StripeRefused
from chalicelib.rails.stripe.reconcile.methods import methods
from chalicelib.rails.stripe.reconcile.run import StripeRun
from chalicelib.reconciling.run import Tally
from testkit.harness import Harness
from testkit.reconciling import Hours, givers, reconciles

DAY = 86_400
SAID = ("method", "method_brand", "method_last4", "payer")


def run_of(harness: Harness, hours: Hours | None = None, seconds: float | None = None) -> StripeRun:
    return StripeRun(
        deps=harness.stripe_deps,
        mail_sender=harness.mail_sender,
        limits=(hours or Hours()).limits(4, seconds),
        now=harness.now,
        real_now=harness.real_now,
        live=False,
        by_hand=False,
    )


def day(harness: Harness, most: int = 400) -> Tally:
    """The daily pass."""
    tally = Tally()
    methods(run_of(harness), tally, most=most)
    return tally


def before(harness: Harness, count: int) -> list[str]:
    """Gifts as the release before booked them, oldest first, a day ago."""
    harness.tell(givers(harness, count))
    for row in harness.books.entries:
        harness.table.write(Update((row["pk"], row["sk"]), remove=SAID))
    harness.pass_time(2 * DAY)
    return [row["id"] for row in sorted(harness.books.entries, key=lambda row: row["occurred_at"])]


def known(harness: Harness, gift: str) -> MethodOfPayment | None:
    stored = ledger.entry_of(harness.table, gift)
    assert stored
    return stored.entry.movement.method


def test_older_gifts_get_their_method_so_many_a_day_oldest_first(harness: Harness) -> None:
    gifts = before(harness, 5)
    assert day(harness, most=2).applied == 2
    assert [bool(known(harness, gift)) for gift in gifts] == [True, True, False, False, False]
    assert day(harness, most=2).applied == 2
    assert day(harness, most=2).applied == 1
    assert day(harness, most=2).seen == 0
    method = known(harness, gifts[0])
    assert method
    assert (method.kind, method.brand) == ("card", "visa")
    stored = ledger.entry_of(harness.table, gifts[0])
    assert stored
    assert stored.entry.movement.payer == harness.stripe.of("charge")[0]["billing_details"]["name"]


def test_each_is_asked_about_once_and_one_that_has_its_method_never(harness: Harness) -> None:
    gifts = before(harness, 3)
    harness.pass_time(-DAY)
    harness.tell(harness.gives(700, email="new@reader.example"))
    harness.pass_time(3 * DAY)
    harness.stripe.calls.clear()
    day(harness)
    assert harness.stripe.calls["payment_intent"] == 3
    day(harness)
    assert harness.stripe.calls["payment_intent"] == 3
    assert all(known(harness, gift) for gift in gifts)


def test_what_stripe_no_longer_has_is_passed_by(harness: Harness) -> None:
    gifts = before(harness, 3)

    def gone(name: str, answer: dict[str, Any]) -> dict[str, Any]:
        if name == "payment_intent" and answer["id"] == gifts[1]:
            raise StripeRefused("resource_missing", missing=True)
        return answer

    harness.stripe.on_answer = gone
    tally = day(harness)
    assert (tally.applied, tally.faults, tally.undecided) == (2, 0, 0)
    assert day(harness).seen == 0


def test_while_stripe_is_away_nothing_is_passed_by(harness: Harness) -> None:
    gifts = before(harness, 3)
    harness.stripe.down = True
    assert day(harness).undecided == 1
    harness.stripe.down = False
    assert day(harness).applied == 3
    assert all(known(harness, gift) for gift in gifts)


def test_when_the_time_is_over_the_next_run_goes_on(harness: Harness) -> None:
    gifts = before(harness, 6)
    hours = Hours()
    harness.stripe.on_call = lambda _name: hours.pause(10)
    tally = Tally()
    methods(run_of(harness, hours, seconds=35), tally)
    assert 0 < tally.applied < 6
    harness.stripe.on_call = lambda _name: None
    assert tally.applied + day(harness).applied == 6
    assert all(known(harness, gift) for gift in gifts)


def test_who_was_erased_gets_nothing_back(harness: Harness) -> None:
    gifts = before(harness, 2)
    owner = ledger.owner_of(harness.table, gifts[0])
    assert owner
    harness.table.write(Delete(keys.profile(SupporterId(owner))))
    assert day(harness).applied == 1
    assert known(harness, gifts[0]) is None


def test_the_daily_ring_does_it(harness: Harness) -> None:
    gifts = before(harness, 2)
    done = reconciles(harness, ["money"], by_hand=False)
    assert done.parts["methods"].applied == 2
    assert not done.failed
    assert all(known(harness, gift) for gift in gifts)
