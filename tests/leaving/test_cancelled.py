"""What follows from a cancellation: stopped at once with reference and address, else by the link in a mail."""

import re

import pytest

from chalicelib.kernel.moments import rfc3339
from chalicelib.leaving.rows import statements
from testkit.harness import ADA, BEN, Harness
from testkit.visitor import Visitor
from tests.leaving.declaring import declared, gives_monthly, link_in, pressed, receipt_of, statement

DAY = 86_400


def test_reference_and_address_stop_it_at_the_end_of_what_is_paid(harness: Harness) -> None:
    gift = gives_monthly(harness)
    end = harness.state().standing.recurring[0].next_payment_at
    reference = declared(gift=receipt_of(harness)).json["reference"]
    assert harness.stripe.subscription(gift)["cancel_at"] is None, "the sweep's"
    harness.sweeps()
    assert harness.stripe.subscription(gift)["cancel_at"] == end
    assert harness.state().standing.recurring[0].ends_at == end
    assert harness.access().tier == "member", "what is paid stays open"
    told = statement(harness, reference)
    assert (told.status, told.outcome, told.by) == ("done", "stopped", "reference")
    kinds = [row["kind"] for row in harness.kinds("MAIL") if row["kind"] != "thanks_recurring"]
    assert sorted(kinds) == ["recurring_will_end", "statement_received"], "one mail about it, and the receipt"
    harness.sweeps()
    harness.pass_time(600)
    harness.sweeps()
    assert harness.stripe.calls["update_subscription"] == 1


def test_its_own_address_is_told_and_undoes_it_without_signing_in(harness: Harness) -> None:
    gift = gives_monthly(harness)
    declared(gift=receipt_of(harness))
    harness.sweeps()
    harness.pass_time(20 * DAY)
    shown = pressed(link_in(harness, ADA, "undo"))
    assert "триває, як раніше" in shown
    assert harness.stripe.subscription(gift)["cancel_at"] is None
    assert harness.state().standing.recurring[0].goes_on
    assert [row["kind"] for row in harness.kinds("MAIL")].count("recurring_resumed") == 1


def test_the_undo_is_over_when_what_was_paid_is(harness: Harness) -> None:
    gift = gives_monthly(harness)
    declared(gift=receipt_of(harness))
    harness.sweeps()
    path = link_in(harness, ADA, "undo")
    harness.pass_time(32 * DAY)
    harness.tell(harness.stripe.end(gift))
    assert Visitor().navigate(path).status == 410
    assert harness.access().tier is None


def test_the_webhook_may_be_first_and_its_mail_offers_the_undo_all_the_same(harness: Harness) -> None:
    gives_monthly(harness)
    reference = receipt_of(harness)

    def overtakes(name: str) -> None:
        if name == "subscription" and harness.stripe.calls["update_subscription"]:
            harness.stripe.on_call = lambda _name: None
            harness.tell([harness.stripe.of("event")[-1]])

    harness.stripe.on_call = overtakes
    declared(gift=reference)
    harness.sweeps()
    harness.sweeps()
    assert link_in(harness, ADA, "undo")
    assert [row["kind"] for row in harness.kinds("MAIL")].count("recurring_will_end") == 1


@pytest.mark.parametrize("wrong", ["", "2026-000001-AAAA-BBBB", "my monthly gift", "others"])
def test_without_the_whole_reference_its_own_address_is_asked(harness: Harness, wrong: str) -> None:
    gift = gives_monthly(harness)
    if wrong == "others":
        harness.tell(harness.gives(500, "month", BEN))
        wrong = receipt_of(harness, BEN)
    reference = declared(gift=wrong).json["reference"]
    harness.sweeps()
    told = statement(harness, reference)
    assert (told.status, told.outcome) == ("waiting", "asked")
    assert harness.stripe.subscription(gift)["cancel_at"] is None, "nothing is stopped by an address alone"
    asked = (
        BEN if wrong.startswith("2026-0000") and wrong.count("-") == 3 and wrong != "2026-000001-AAAA-BBBB" else ADA
    )
    path = link_in(harness, asked, "statements")
    assert "/confirm" in path
    assert "Зроблено" in pressed(path)
    stopped = harness.state(asked).standing.recurring[0]
    assert stopped.ends_at == stopped.paid_through
    assert statement(harness, reference).status == "done"
    assert "Зроблено" in Visitor().navigate(path).text, "pressed again, it says so"


def test_a_stranger_with_a_receipt_and_another_address_stops_nothing(harness: Harness) -> None:
    gift = gives_monthly(harness)
    declared(email="stranger@reader.example", gift=receipt_of(harness))
    harness.sweeps()
    assert harness.stripe.subscription(gift)["cancel_at"] is None
    to_stranger = [mail for mail in harness.mails.sent if mail.to == "stranger@reader.example"]
    assert len(to_stranger) == 1, "the receipt and nothing else"
    assert "/confirm" not in to_stranger[0].text
    assert link_in(harness, ADA, "statements"), "the gift's own address is asked"


def test_nobodys_address_waits_for_a_person(harness: Harness) -> None:
    reference = declared(email="nobody@reader.example").json["reference"]
    harness.sweeps()
    told = statement(harness, reference)
    assert (told.status, told.outcome, told.supporter) == ("waiting", "nobody", None)
    assert told.deadline == told.received_at + 7 * DAY
    assert len(harness.mails.sent) == 1


def test_after_five_misses_an_address_the_right_reference_goes_by_the_link(harness: Harness) -> None:
    gift = gives_monthly(harness)
    right = receipt_of(harness)
    for number in range(5):
        declared(Visitor(origin=None, client=f"198.51.100.{number}"), gift=f"2026-00000{number + 2}-AAAA-BBBB")
    harness.sweeps()
    reference = declared(Visitor(origin=None, client="198.51.100.9"), gift=right).json["reference"]
    harness.sweeps()
    assert statement(harness, reference).status == "waiting"
    assert harness.stripe.subscription(gift)["cancel_at"] is None
    harness.pass_time(DAY + DAY // 10)
    reference = declared(gift=right).json["reference"]
    harness.sweeps()
    assert statement(harness, reference).status == "done", "the control: a day later it stops at once"


def test_twenty_misses_of_one_client_end_its_guesses_about_anybody(harness: Harness) -> None:
    gives_monthly(harness)
    right = receipt_of(harness)
    guesser = Visitor(origin=None, client="203.0.113.7")
    for number in range(20):
        declared(guesser, f"reader{number}@reader.example", gift="2026-000001-AAAA-BBBB")
    harness.sweeps()
    blocked = declared(guesser, gift=right).json["reference"]
    harness.sweeps()
    assert statement(harness, blocked).status == "waiting"
    free = declared(Visitor(origin=None, client="203.0.113.8"), gift=right).json["reference"]
    harness.sweeps()
    assert statement(harness, free).status == "done"


def test_a_hit_costs_no_guess(harness: Harness) -> None:
    for number in range(7):
        gives_monthly(harness, amount=300 + number)
        reference = declared(Visitor(origin=None, client="203.0.113.7"), gift=receipt_of(harness)).json["reference"]
        harness.sweeps()
        assert statement(harness, reference).status == "done", number


def test_three_links_a_day_and_no_more(harness: Harness) -> None:
    gives_monthly(harness)
    for number in range(5):
        declared(Visitor(origin=None, client=f"198.51.100.{number}"))
    harness.sweeps()
    assert sum("/confirm" in mail.text for mail in harness.mails.sent) == 3
    assert [one.outcome for one in statements.open_statements(harness.table)].count("asked_before") == 2


@pytest.mark.parametrize(("days", "payments"), [(0, 0), (20, 0), (31, 1), (95, 3)])
def test_a_day_is_kept_and_the_payments_before_it_are_taken(harness: Harness, days: int, payments: int) -> None:
    gift = gives_monthly(harness)
    first_end = harness.state().standing.recurring[0].next_payment_at or 0
    day = rfc3339(harness.now() + days * DAY)[:10]
    declared(gift=receipt_of(harness), when=day)
    harness.sweeps()
    end = harness.stripe.subscription(gift)["cancel_at"]
    assert end >= harness.now() + days * DAY - DAY
    mail = next(row for row in harness.kinds("MAIL") if row["kind"] == "recurring_will_end")
    assert mail["values"].get("next_payment_at") == (first_end if payments else None)
    taken = 0
    while harness.stripe.subscription(gift)["items"]["data"][0]["current_period_end"] < end:
        harness.tell(harness.stripe.renew(gift))
        taken += 1
    assert taken == payments
    assert harness.stripe.subscription(gift)["items"]["data"][0]["current_period_end"] == end, "no part of a period"


def test_what_is_overdue_ends_and_is_not_collected_any_more(harness: Harness) -> None:
    gift = gives_monthly(harness)
    reference = receipt_of(harness)
    harness.pass_time(31 * DAY)
    harness.tell(harness.stripe.renew(gift, fails=True))
    declared(gift=reference)
    harness.sweeps()
    assert harness.state().standing.recurring[0].ends_at is not None
    assert {invoice["status"] for invoice in harness.stripe.of("invoice")} == {"paid", "void"}


def test_what_is_stopped_already_is_said_and_stays(harness: Harness) -> None:
    gift = gives_monthly(harness)
    reference = receipt_of(harness)
    harness.tell(harness.stripe.stop(gift))
    before = harness.stripe.subscription(gift)
    told = declared(gift=reference).json["reference"]
    harness.sweeps()
    assert statement(harness, told).outcome == "stopped_already"
    assert harness.stripe.subscription(gift) == before
    assert "вже було зупинено" in harness.mails.last.text


def test_a_gift_made_once_has_nothing_to_stop(harness: Harness) -> None:
    harness.tell(harness.gives(500, "once"))
    told = declared(gift=receipt_of(harness)).json["reference"]
    harness.sweeps()
    assert statement(harness, told).outcome == "nothing"
    assert "Зупиняти нічого" in harness.mails.last.text


def test_of_several_gifts_the_one_of_the_receipt_stops(harness: Harness) -> None:
    first = gives_monthly(harness)
    reference = receipt_of(harness)
    harness.pass_time(60)
    second = gives_monthly(harness, amount=700)
    declared(gift=reference)
    harness.sweeps()
    assert harness.stripe.subscription(first)["cancel_at"] is not None
    assert harness.stripe.subscription(second)["cancel_at"] is None


def test_behind_the_link_one_of_several_can_be_chosen(harness: Harness) -> None:
    first = gives_monthly(harness)
    second = gives_monthly(harness, amount=700)
    declared()
    harness.sweeps()
    path = link_in(harness, ADA, "statements")
    page = Visitor().navigate(path).text
    assert page.count('type="radio"') == 3
    pressed(path, gift=second)
    assert harness.stripe.subscription(first)["cancel_at"] is None
    assert harness.stripe.subscription(second)["cancel_at"] is not None


def test_a_mail_scanner_that_follows_the_link_stops_nothing(harness: Harness) -> None:
    gift = gives_monthly(harness)
    declared()
    harness.sweeps()
    path = link_in(harness, ADA, "statements")
    for _ in range(5):
        assert Visitor(origin=None).get(path).status == 200
    assert harness.stripe.subscription(gift)["cancel_at"] is None
    wrong = re.sub(r"\.[0-9a-f]{32}", ".0" * 16, path)
    assert Visitor(origin=None).get(wrong).status in (400, 404)
