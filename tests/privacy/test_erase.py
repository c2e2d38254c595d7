"""Erased: nothing leads back to the person, the sums are what they were, nothing brings them back (promise P14)."""

from typing import Any

import pytest

from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.object_store import StoreUnavailable
from chalicelib.kernel.table import Delete
from chalicelib.privacy.actions import forget
from chalicelib.privacy.rules import of_people, of_visits, personal_data
from chalicelib.privacy.rules.kinds import Kind
from chalicelib.supporters.rows import erasures, supporters
from testkit.erasing import DAY, HOUR, asks, canaries, erases, found, is_erased, leaves_traces, tells_all
from testkit.harness import ADA, BEN, Harness
from testkit.rebuilding import rebuilds
from testkit.reconciling import reconciles
from testkit.visitor import Visitor


@pytest.mark.engine
def test_nothing_leads_back_and_the_sums_are_what_they_were(upgraded: Harness, ada: SupporterId) -> None:
    words, before = canaries(upgraded, ADA), upgraded.totals()
    bens = canaries(upgraded, BEN)
    of_ben = found(upgraded.items(), bens)
    missing = [word for word in words if not found(upgraded.items(), [word])]
    assert not missing, "a canary that stands nowhere proves nothing"
    is_erased(upgraded, ada)
    assert found(upgraded.items(), words) == []
    assert upgraded.totals() == before
    assert not upgraded.knows(ADA)
    assert found(upgraded.items(), bens) == of_ben, "nobody else loses anything"


def test_a_kind_that_is_left_out_is_found(
    upgraded: Harness, ada: SupporterId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of the scan: every kind of row that holds a trace is noticed when it is left alone."""
    words = canaries(upgraded, ADA)
    traced = _traced(upgraded, words) - _TAKEN_BY_THE_FIRST_STEP
    assert {kind.name for kind in traced} >= {
        "gift",
        "news from Stripe",
        "mail",
        "history",
        "checkout",
        "pending sign-in",
    }
    forgets = forget._forget
    for kind in traced:
        again = Harness(upgraded.memory.fork(), stripe=upgraded.stripe.as_it_stands())
        again.pass_time(upgraded.clock.business - again.clock.business)
        leave = lambda item, of, deps, kind=kind: of is not kind and forgets(item, of, deps)  # noqa: E731
        monkeypatch.setattr(forget, "_forget", leave)
        asks(again, ada, grace=0, by="test")
        erases(again, ada)
        assert kind in _traced(again, words), kind.name


_TAKEN_BY_THE_FIRST_STEP = {of_people.PROFILE, of_people.ACCESS, of_visits.LOOK_UP}


def _traced(harness: Harness, words: list[str]) -> set[Kind]:
    """The kinds of row that hold a trace: told by the row, because two kinds may share the look of their keys."""
    return {personal_data.kind_of(row) for row in harness.items() if found([row], words)}


def test_stripe_has_no_customer_and_no_running_gift(upgraded: Harness, ada: SupporterId) -> None:
    theirs = [one["id"] for one in upgraded.stripe.of("customer") if one["email"] == ADA]
    is_erased(upgraded, ada)
    assert theirs
    assert all(upgraded.stripe.customer(one).get("deleted") for one in theirs)
    assert not [one for one in upgraded.stripe.of("subscription") if one["customer"] in theirs and _runs(one)]
    assert [one for one in upgraded.stripe.of("subscription") if _runs(one)], "the other's goes on"


def _runs(subscription: Any) -> bool:
    return subscription["status"] not in ("canceled", "incomplete_expired")


def test_news_that_comes_late_or_again_brings_nobody_back(upgraded: Harness, ada: SupporterId) -> None:
    words, before = canaries(upgraded, ADA), upgraded.totals()
    payments = [row["id"] for row in upgraded.books.entries if row["supporter"] == ada and row["kind"] == "gift"]
    is_erased(upgraded, ada)
    people = {row["pk"] for row in upgraded.kinds("SUP")}
    for row in list(upgraded.kinds("EVT")):
        upgraded.memory.write(Delete((row["pk"], row["sk"])))
    tells_all(upgraded)
    reconciles(upgraded)
    assert found(upgraded.items(), words) == []
    assert upgraded.totals() == before
    upgraded.tell(upgraded.stripe.gives_back(payments[0]))
    upgraded.tell(upgraded.stripe.bank_disputes(payments[1]))
    refunds = [
        row for row in upgraded.books.entries if row["payment_intent"] in payments[:2] and row["kind"] != "gift"
    ]
    assert {row["supporter"] for row in refunds} == {ada}, "money that goes back is booked all the same"
    assert sum(row["amount"] for row in refunds) < 0
    assert {row["pk"] for row in upgraded.kinds("SUP")} == people
    assert found(upgraded.items(), words) == []
    assert rebuilds(upgraded).differences == []


def test_what_is_left_is_what_was_said_to_stay(upgraded: Harness, ada: SupporterId) -> None:
    """Also of what is told later: a gift that was on its way, a refund, both with the payer's name and card."""
    subscription = next(gift.id for gift in upgraded.state(ADA).standing.recurring)
    renewed = upgraded.stripe.renew(subscription)
    payment = upgraded.stripe.of("payment_intent")[-1]["id"]
    is_erased(upgraded, ada)
    upgraded.tell(one for one in renewed if one["type"].startswith("invoice"))
    upgraded.tell(upgraded.stripe.gives_back(payment, 100))
    left = [row for row in upgraded.items() if ada in (row.get("supporter"), row["pk"].removeprefix("SUP#"))]
    booked = [row for row in left if row.get("payment_intent") == payment]
    assert [row["kind"] for row in booked] == ["gift", "refund"]
    kinds = [(row, personal_data.kind_of(row)) for row in left]
    too_much = {(kind.name, name) for row, kind in kinds for name in set(row) - kind.stays(row)}
    assert too_much <= {("news from Stripe", "gsi1pk"), ("news from Stripe", "gsi1sk")}


def test_without_tombstones_they_would_come_back(upgraded: Harness, ada: SupporterId) -> None:
    """The negative control of the test above."""
    is_erased(upgraded, ada)
    for row in upgraded.kinds("EVT", "ERASED", "MONEY", "SUP"):  # as in a table that was restored from before
        if ada in (row.get("supporter"), row["pk"].removeprefix("SUP#")):
            upgraded.memory.write(Delete((row["pk"], row["sk"])))
    tells_all(upgraded)
    assert upgraded.knows(ADA)


def test_who_comes_back_is_somebody_new(upgraded: Harness, ada: SupporterId) -> None:
    is_erased(upgraded, ada)
    upgraded.tell(upgraded.gives(700, "month"))
    assert upgraded.state(ADA).id != ada
    assert upgraded.access(ADA).tier == "member"
    assert supporters.read_state(upgraded.table, ada).standing.recurring == ()


def test_rebuild_agrees_and_nobody_counts_the_erased(upgraded: Harness, ada: SupporterId) -> None:
    is_erased(upgraded, ada)
    assert rebuilds(upgraded).differences == []
    assert supporters.erased(upgraded.table) == {ada}


def test_nothing_begins_before_older_events_say_whom_they_are_about(harness: Harness, alarms: list[str]) -> None:
    leaves_traces(harness, ADA)
    ada = harness.state(ADA).id
    asks(harness, ada, grace=0, by="test")
    assert erases(harness, ada) == "waits"
    assert harness.knows(ADA)
    assert [one for one in alarms if one.startswith("alarm erasure_waits why=upgrade")]


def test_it_is_not_done_while_an_event_about_them_is_parked(upgraded: Harness, ada: SupporterId) -> None:
    payment = upgraded.stripe.of("payment_intent")[-1]["id"]
    refund = upgraded.stripe.gives_back(payment, 100)[-1]
    upgraded.stripe.down = True
    upgraded.deliver(refund)
    upgraded.stripe.down = False
    asks(upgraded, ada, grace=0, by="test")
    assert erases(upgraded, ada) == "checking"
    upgraded.pass_time(HOUR)
    assert erases(upgraded, ada) == "waits"
    upgraded.pass_time(DAY)
    upgraded.sweeps()
    assert erases(upgraded, ada) == "erased"
    assert erasures.read(upgraded.table, ada) is None


def test_an_unknown_kind_is_loud_and_left_alone(upgraded: Harness, ada: SupporterId, alarms: list[str]) -> None:
    pk, _ = keys.profile(ada)
    upgraded.memory.write(_put(pk, "SURPRISE#1"))
    asks(upgraded, ada, grace=0, by="test")
    erases(upgraded, ada)
    upgraded.pass_time(HOUR)
    assert erases(upgraded, ada) == "waits"
    assert [one for one in alarms if "erasure_waits why=unknown_kind" in one]
    assert upgraded.table.get((pk, "SURPRISE#1"))


def _put(pk: str, sk: str) -> Any:
    from chalicelib.kernel.table import Put

    return Put({"pk": pk, "sk": sk})


def test_signing_in_within_the_days_calls_it_off(upgraded: Harness, ada: SupporterId) -> None:
    for row in upgraded.kinds("SUPPRESSED"):
        upgraded.memory.write(Delete((row["pk"], row["sk"])))
    asks(upgraded, ada)
    assert "видалити все" in upgraded.mails.last.text
    assert upgraded.state(ADA).epoch == 1, "every session is over"
    upgraded.pass_time(6 * DAY)
    assert list(erasures.due(upgraded.table, upgraded.now())) == []
    upgraded.sign_in(Visitor(), ADA)
    upgraded.pass_time(60)
    upgraded.sweeps()
    assert "запит скасовано" in upgraded.mails.last.text
    upgraded.pass_time(2 * DAY)
    assert list(erasures.due(upgraded.table, upgraded.now())) == []
    assert erases(upgraded, ada) == "erased", "there is no request"
    assert upgraded.knows(ADA)


def test_nobody_who_stays_has_a_tombstone(upgraded: Harness, ada: SupporterId) -> None:
    """After a restore they would be erased by it. So from the moment that it may be there nobody calls it off."""
    for row in upgraded.kinds("SUPPRESSED"):
        upgraded.memory.write(Delete((row["pk"], row["sk"])))
    asks(upgraded, ada)
    upgraded.pass_time(8 * DAY)
    upgraded.bucket.forgets_to_answer = True
    with pytest.raises(StoreUnavailable):
        erases(upgraded, ada)
    upgraded.bucket.forgets_to_answer = False
    assert upgraded.bucket.objects
    assert upgraded.knows(ADA)
    upgraded.sign_in(Visitor(), ADA)
    assert erases(upgraded, ada) == "checking"
    assert not upgraded.knows(ADA)


def test_a_customer_of_another_product_too_stays_at_stripe(
    upgraded: Harness, ada: SupporterId, alarms: list[str]
) -> None:
    shared = upgraded.stripe.of("subscription")[-1]["customer"]

    def others(name: str, answer: Any) -> Any:
        if name == "subscriptions":
            return {"data": [{"id": "sub_other", "metadata": {}, "status": "active", "customer": shared}]}
        return answer

    upgraded.stripe.on_answer = others
    asks(upgraded, ada, grace=0, by="test")
    erases(upgraded, ada)
    upgraded.stripe.on_answer = lambda _name, answer: answer
    assert not upgraded.stripe.customer(shared).get("deleted")
    assert [one for one in alarms if "customer_shared" in one]
