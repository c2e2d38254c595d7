"""What is told ahead of a payment: yearly gifts, and cards that end before it. Once, whatever happens on the way."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib import jobs
from chalicelib.booking.rules.ahead import mail_ahead
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import TableUnavailable
from chalicelib.supporters.rules.access import RecurringGift
from chalicelib.supporters.rules.card import Card
from localdev.around import Around, Result
from localdev.stripe import cards
from testkit import plan_changes as plan
from testkit.at_once import at_once
from testkit.harness import ADA, Harness
from testkit.sent import Mail
from testkit.webhooks import Json

DAY = 86_400
KYIV = ZoneInfo("Europe/Kyiv")
AT = int(datetime(2027, 3, 10, 9, tzinfo=UTC).timestamp())
VISA = Card("visa", "4242", 2, 2027)
YEARLY = RecurringGift("sub_1", AT - 365 * DAY, "active", 3000, "eur", "year", "cus_1", next_payment_at=AT)
MONTHLY = replace(YEARLY, interval="month", amount=500, card=VISA)


def told(gift: RecurringGift, days: float) -> str | None:
    """The kind of mail that is due so many days before the payment."""
    mail = mail_ahead(gift, BusinessTime(int(AT - days * DAY)), KYIV)
    return mail.kind if mail else None


def test_a_yearly_gift_is_announced_in_the_seventeen_days_before_its_payment() -> None:
    assert [told(YEARLY, days) for days in (40, 17.1, 17, 14, 0.1, 0, -1)] == [
        *(None, None),
        *("yearly_ahead", "yearly_ahead", "yearly_ahead"),
        *(None, None),
    ]
    assert told(replace(YEARLY, interval="month", interval_count=12), 14) == "yearly_ahead"
    for count in (1, 6):
        assert told(replace(YEARLY, interval="month", interval_count=count), 14) is None


def test_a_card_is_named_in_the_month_before_the_payment_that_it_will_not_live_to() -> None:
    assert [told(MONTHLY, days) for days in (32, 31, 1, 0)] == [None, "card_expires", "card_expires", None]
    lives = [Card("visa", "4242", 3, 2027), Card("visa", "4242", 1, 2028), None]
    assert [told(replace(MONTHLY, card=card), 10) for card in lives] == [None, None, None]
    assert told(replace(MONTHLY, card=Card("visa", "4242", 12, 2026)), 10) == "card_expires"


def test_a_yearly_gift_with_such_a_card_has_one_mail_at_a_time() -> None:
    yearly = replace(YEARLY, card=VISA)
    assert [told(yearly, days) for days in (60, 30, 14)] == [None, "card_expires", "yearly_ahead"]
    mail = mail_ahead(yearly, BusinessTime(AT - 14 * DAY), KYIV)
    assert mail is not None
    assert (mail.values["card_last4"], mail.values["card_expires"]) == ("4242", "2027-02")


@pytest.mark.parametrize(
    "otherwise",
    [
        {"ends_at": AT},
        {"status": "paused", "next_payment_at": None},
        {"status": "past_due"},
        {"status": "canceled"},
        {"status": "unpaid"},
        {"next_payment_at": None},
    ],
    ids=str,
)
def test_nothing_is_told_of_a_payment_that_will_not_come_or_has_failed(otherwise: Mapping[str, Any]) -> None:
    for gift in (replace(YEARLY, card=VISA), MONTHLY):
        assert told(gift, 14) is not None, "the control"
        assert told(replace(gift, **otherwise), 14) is None


# ---- the job ----


class Afterwards(Around):
    """A table whose answer is lost: what was asked is done."""

    def _call(self, name: str, what: object, work: Callable[[], Result]) -> Result:
        done = work()
        self.before(name, what)
        return done


def gives(harness: Harness, interval: str = "year", amount: int = 3000) -> str:
    harness.tell(harness.gives(amount, interval))
    return str(harness.stripe.of("subscription")[-1]["id"])


def runs(harness: Harness) -> Mapping[str, Any]:
    """The daily job, then the sweep that sends what it put."""
    done = jobs.daily_mails()
    harness.pass_time(61)
    harness.sweeps()
    return done


def ahead(harness: Harness) -> list[Mail]:
    found = [mail for mail in harness.mails.sent if "Наступний внесок" in mail.subject or "Картка" in mail.subject]
    return [replace(mail, subject=mail.subject.replace("\N{NO-BREAK SPACE}", " ")) for mail in found]


def expires(harness: Harness, year: int, month: int) -> None:
    """The card at Stripe has this last month; nobody tells us."""
    method = harness.stripe.of("payment_method")[-1]
    harness.stripe.happens(lambda it: cards.changes_by_itself(it, method, expires=(year, month)))


def looks_changed(harness: Harness, subscription: str) -> list[Json]:
    """Stripe tells of the subscription, whatever changed."""
    return harness.stripe.happens(
        lambda it: it.emit("customer.subscription.updated", it.get("subscription", subscription))
    )


def test_a_yearly_gift_is_announced_once_with_its_amount_its_day_and_the_way_out(harness: Harness) -> None:
    gives(harness)
    harness.pass_time(340 * DAY)
    assert runs(harness)["put"] == 0
    harness.pass_time(9 * DAY)
    for _ in range(3):
        runs(harness)
        harness.pass_time(DAY)
    (mail,) = ahead(harness)
    assert mail.to == ADA
    assert mail.subject == "Наступний внесок — 21 вересня 2027 року: 30 € щороку"
    text = " ".join(mail.text.split())
    assert "Ваша підтримка — 30 € щороку; наступний внесок спишеться 21 вересня 2027 року." in text
    assert "або зупинити підтримку" in text
    assert "/go/" in text
    assert mail.unsubscribe == "", "it is about a payment"


@pytest.mark.parametrize(("missed", "days_before"), [(0, [17]), (1, [16]), (3, [14]), (16, [1]), (20, [])])
def test_a_job_that_did_not_run_for_days_announces_it_as_soon_as_it_runs_and_never_afterwards(
    harness: Harness, missed: int, days_before: list[int]
) -> None:
    gives(harness)
    at = harness.state().standing.recurring[0].next_payment_at
    assert at is not None
    harness.pass_time(at - 17 * DAY - harness.clock.business)
    told = []
    harness.pass_time(missed * DAY)
    for _ in range(22 - missed):
        before = len(ahead(harness))
        now = harness.clock.business
        jobs.daily_mails()
        jobs.daily_mails()
        harness.pass_time(61)
        harness.sweeps()
        told += [(at - now) // DAY] * (len(ahead(harness)) - before)
        harness.pass_time(DAY - 61)
    assert told == days_before


def test_what_is_announced_is_what_is_then_charged(harness: Harness) -> None:
    """With credit or a coupon the payment is another sum than the gift's (P17)."""
    gives(harness)
    plan.coupon(harness, 50)
    harness.pass_time(350 * DAY)
    runs(harness)
    (mail,) = ahead(harness)
    assert mail.subject == "Наступний внесок — 21 вересня 2027 року: 30 € щороку"
    assert "Ваша підтримка — 30 € щороку; цього разу спишеться 15 €" in " ".join(mail.text.split())
    harness.tell(harness.stripe.renew(harness.stripe.of("subscription")[-1]["id"]))
    assert harness.books.entries[-1]["amount"] == 1500


def test_the_next_years_payment_is_announced_again(harness: Harness) -> None:
    subscription = gives(harness)
    for _ in range(2):
        harness.pass_time(350 * DAY)
        runs(harness)
        harness.tell(harness.stripe.renew(subscription))
        harness.pass_time(harness.stripe.account.seconds - harness.clock.business)
    assert len(ahead(harness)) == 2


@pytest.mark.parametrize("told_to_us", [True, False])
def test_a_gift_that_was_stopped_is_not_announced_even_if_nobody_has_told_us(
    harness: Harness, *, told_to_us: bool
) -> None:
    subscription = gives(harness)
    harness.pass_time(350 * DAY)
    events = harness.stripe.stop(subscription)
    if told_to_us:
        harness.tell(events)
    runs(harness)
    assert ahead(harness) == []
    assert harness.state().standing.recurring[0].ends_at is not None
    told = [mail.subject.replace("\N{NO-BREAK SPACE}", " ") for mail in harness.mails.sent]
    assert told.count("Підтримку зупинено: 30 € щороку") == 1


def test_a_card_that_ends_before_the_next_payment_is_told_once_for_each_card(harness: Harness) -> None:
    subscription = gives(harness, "month", 500)
    expires(harness, 2026, 9)
    harness.pass_time(DAY)
    runs(harness)
    assert ahead(harness) == [], "we learn of it from Stripe's next look, not from the air"
    harness.tell(
        harness.stripe.happens(
            lambda it: it.emit("customer.subscription.updated", it.get("subscription", subscription))
        )
    )
    for _ in range(3):
        runs(harness)
        harness.pass_time(DAY)
    (mail,) = ahead(harness)
    assert mail.subject == "Картка скоро перестане діяти: 5 € щомісяця"
    text = " ".join(mail.text.split())
    assert "Картка Visa ···· 4242" in text
    assert "діє до кінця вересня 2026 року, а наступний внесок — 21 жовтня 2026 року" in text


def test_a_card_that_the_network_replaced_meanwhile_is_not_written_about(harness: Harness) -> None:
    subscription = gives(harness, "month", 500)
    expires(harness, 2026, 9)
    harness.tell(
        harness.stripe.happens(
            lambda it: it.emit("customer.subscription.updated", it.get("subscription", subscription))
        )
    )
    fork = harness.fork()
    expires(harness, 2031, 9)
    runs(harness)
    assert ahead(harness) == []
    assert harness.state().standing.recurring[0].card == Card("visa", "4242", 9, 2031), "and now we know"
    assert fork.state().standing.recurring[0].card == Card("visa", "4242", 9, 2026), "the control"


@pytest.mark.engine
def test_many_runs_at_once_tell_once(harness: Harness) -> None:
    gives(harness)
    harness.pass_time(350 * DAY)
    at_once(8, lambda _number: jobs.daily_mails())
    harness.pass_time(61)
    harness.sweeps()
    assert len(ahead(harness)) == 1


def test_a_run_that_dies_at_any_call_of_the_table_is_made_up_for_once(harness: Harness) -> None:
    """Before it and after it was applied, at each call in turn: then the next day's run."""
    gives(harness)
    harness.pass_time(350 * DAY)
    points = 0
    for after in (False, True):
        for nth in range(1, 40):
            fork = harness.fork()
            calls = iter(range(1, 10_000))

            def dies(call: str, what: Any, nth: int = nth, calls: Any = calls) -> None:
                del what
                if call != "describe" and next(calls) == nth:
                    raise TableUnavailable("injected")

            real = fork.table
            fork.table = Afterwards(real, dies) if after else Around(real, dies)
            with fork.installed():
                with suppress(TableUnavailable):
                    jobs.daily_mails()
                reached = next(calls) > nth
                fork.table = real
                fork.pass_time(DAY)
                runs(fork)
                assert len(ahead(fork)) == 1, (after, nth)
            if not reached:
                break
            points += 1
    assert points > 10


def test_a_run_without_time_goes_on_behind_where_it_was_cut_off(harness: Harness, alarms: list[str]) -> None:
    for number in range(4):
        harness.tell(harness.gives(3000, "year", f"{number}@reader.example"))
    harness.pass_time(350 * DAY)
    assert jobs.daily_mails(seconds=15)["stopped"] == "time"
    assert [one.split()[1] for one in alarms] == ["daily_mails_unfinished"]
    runs(harness)
    assert len(ahead(harness)) == 4
    assert sorted({mail.to for mail in ahead(harness)}) == [f"{number}@reader.example" for number in range(4)]


def test_stripe_away_puts_nothing_and_says_so(harness: Harness, alarms: list[str]) -> None:
    for number in range(4):
        harness.tell(harness.gives(3000, "year", f"{number}@reader.example"))
    harness.pass_time(350 * DAY)
    harness.stripe.down = True
    done = jobs.daily_mails()
    assert (done["put"], done["stopped"]) == (0, "stripe")
    assert "daily_mails_unfinished" in [one.split()[1] for one in alarms]
    harness.stripe.down = False
    runs(harness)
    assert len(ahead(harness)) == 4
