"""A correction beside gifts, sign-ins and other corrections: all of it or nothing, and no gift is lost."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.account.actions.change_address import Corrected
from chalicelib.account.actions.correct_address import correct_address
from chalicelib.account.actions.grant import grant_access
from chalicelib.kernel.errors import Conflict, Gone
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import Table
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.state import State
from testkit.at_once import at_once
from testkit.correcting import WRONG, asks, corrects
from testkit.harness import ADA, BEN, EMAIL_KEY, Harness
from testkit.rebuilding import found, rebuilds
from testkit.tables import Around
from testkit.visitor import Visitor
from testkit.webhooks import one

DAY = 86_400


class _Before:
    """Does something just before the first transaction of another."""

    def __init__(self, harness: Harness, work: Callable[[], object]) -> None:
        self._till, self._work, self.done = harness, work, False
        self._table = harness.table
        harness.table = Around(harness.table, self._call)

    def _call(self, call: str, _what: Any) -> None:
        if call == "transact" and not self.done:
            self.done = True
            self._till.table = self._table
            self._work()


def test_a_booking_in_between_is_not_lost(harness: Harness) -> None:
    """A renewal is booked between the correction's read and its transaction."""
    harness.tell(harness.gives(500, "month", WRONG))
    supporter, code = harness.state(WRONG).id, asks(harness)
    (subscription,) = harness.stripe.of("subscription")
    renewed = harness.stripe.renew(subscription["id"])
    between = _Before(harness, lambda: harness.tell(renewed))
    table = harness.table
    correct_address(table, WRONG, ADA, code, email_key=EMAIL_KEY, now=harness.now(), real_now=harness.real_now())
    assert between.done
    assert harness.books.totals == {"eur": (1000, 2)}
    assert harness.state().id == supporter
    assert harness.state().standing.recurring[0].paid_through > harness.clock.business
    assert found(rebuilds(harness)) == []


def test_a_gift_to_the_joined_account_in_between_is_theirs(harness: Harness) -> None:
    """The booking found the empty account a moment before it was joined: it looks again."""
    giver = harness.supporter(WRONG)
    harness.supporter(ADA)
    code = asks(harness)
    events = harness.gives(1000, email=ADA)
    between = _Before(harness, lambda: corrects(harness, code))
    told = one(events, "checkout.session.completed")
    assert harness.take_in(told)["applied"]
    assert between.done
    assert {row["supporter"] for row in harness.books.entries} == {giver}
    assert harness.state().id == giver
    assert found(rebuilds(harness)) == []


def test_a_grant_that_found_the_joined_account_a_moment_before_is_theirs(harness: Harness) -> None:
    """The account that it found by the address has gone on to somebody else: it looks the address up again."""
    giver = harness.supporter(WRONG)
    joined = harness.supporter(ADA)
    code = asks(harness)
    read, done = supporters.read_state, list[bool]()

    def after_the_correction(table: Table, supporter: SupporterId) -> State:
        if supporter == joined and not done:
            done.append(True)
            corrects(harness, code)
        return read(table, supporter)

    patch = pytest.MonkeyPatch()
    patch.setattr(supporters, "read_state", after_the_correction)
    try:
        until = harness.clock.business + 86_400
        given = grant_access(
            harness.table,
            harness.newsroom,
            ADA,
            tier="patron",
            until=until,
            reason="works here",
            email_key=EMAIL_KEY,
            now=harness.now(),
        )
    finally:
        patch.undo()
    assert done
    assert given.supporter == giver
    assert harness.access().tier == "patron"


def test_a_gift_in_between_keeps_an_account_from_being_joined(harness: Harness) -> None:
    harness.supporter(WRONG)
    harness.supporter(ADA)
    code = asks(harness)
    events = harness.gives(1000, email=ADA)
    _Before(harness, lambda: harness.tell(events))
    table = harness.table
    with pytest.raises(Conflict) as refused:
        correct_address(table, WRONG, ADA, code, email_key=EMAIL_KEY, now=harness.now(), real_now=harness.real_now())
    assert refused.value.code == "address_in_use"
    assert harness.knows(WRONG)
    assert found(rebuilds(harness)) == []


def test_a_sign_in_with_the_wrong_address_in_between_does_not_open_the_account(harness: Harness) -> None:
    """The owner of the mistyped address presses the button just then."""
    from chalicelib.kernel import browser
    from chalicelib.signing_in.actions.confirm import Proof, confirm_sign_in

    harness.tell(harness.gives(1000, email=WRONG))
    code = asks(harness)
    stranger = Visitor()
    stranger.post("/v1/sign-in", {"email": WRONG})
    mailed, started = harness.mails.last.code, browser.read(next(iter(stranger.cookies.values())))
    real, looked = harness.table, 0

    def before_the_session(call: str, what: Any) -> None:
        nonlocal looked
        if call == "get" and what[1] == "ACCESS" and looked == 0:
            looked = 1
            harness.table = real
            corrects(harness, code)

    watched = Around(real, before_the_session)
    with pytest.raises(Gone):
        confirm_sign_in(
            watched,
            Proof(mailed, None, started),
            remember=True,
            email_key=EMAIL_KEY,
            now=harness.now(),
            real_now=harness.real_now(),
        )
    assert looked
    assert not harness.kinds("SESSION")


@pytest.mark.engine
def test_of_two_corrections_at_once_one_is_made(harness: Harness) -> None:
    supporter = harness.supporter(WRONG)
    codes = {new: asks(harness, supporter, new) for new in (ADA, BEN)}

    def work(number: int) -> Corrected:
        new = (ADA, BEN)[number % 2]
        return corrects(harness, codes[new], supporter, new)

    results = at_once(8, work)
    done = [one for one in results if isinstance(one, Corrected)]
    assert len(done) == 1
    assert {type(one) for one in results if one is not done[0]} <= {Gone, Conflict}
    assert [row["email"] for row in harness.rows() if row["sk"] == "PROFILE"] == [done[0].email]
    assert [row["supporter"] for row in harness.kinds("EMAIL")] == [supporter]
    assert harness.state(done[0].email).id == supporter


@pytest.mark.engine
def test_of_two_supporters_who_want_one_address_one_gets_it(harness: Harness) -> None:
    olds = [WRONG, "adda@reader.example"]
    for old in olds:
        harness.tell(harness.gives(1000, email=old))
    codes = {old: asks(harness, old) for old in olds}
    results = at_once(4, lambda number: corrects(harness, codes[olds[number % 2]], olds[number % 2]))
    done = [one for one in results if isinstance(one, Corrected)]
    assert len(done) == 1
    assert harness.state().id == done[0].supporter
    assert found(rebuilds(harness)) == []


@pytest.mark.engine
def test_gifts_and_a_correction_at_once_lose_nothing(harness: Harness) -> None:
    harness.tell(harness.gives(500, "month", WRONG))
    supporter, code = harness.state(WRONG).id, asks(harness)
    (subscription,) = harness.stripe.of("subscription")
    renewed = [one(harness.stripe.renew(subscription["id"]), "invoice.paid") for _ in range(5)]

    def work(number: int) -> object:
        return corrects(harness, code) if number == 2 else harness.take_in(renewed[number - (number > 2)])

    results = at_once(6, work)
    assert not [one for one in results if isinstance(one, BaseException)], results
    harness.pass_time(3600)
    harness.sweeps()
    assert harness.books.totals == {"eur": (3000, 6)}
    assert {row["supporter"] for row in harness.books.entries} == {supporter}
    assert harness.state().id == supporter
