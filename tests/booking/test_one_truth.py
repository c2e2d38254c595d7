"""A payment of a recurring gift that failed: page, mail and account say the same, and what is to be done about it."""

import html
import re
from datetime import UTC, datetime

import pytest

from chalicelib.i18n.language import Language
from localdev.stripe import cards, collecting
from localdev.stripe.clock import JOBS
from testkit import plan_changes as plan
from testkit.harness import ADA, Harness
from testkit.visitor import Visitor
from testkit.webhooks import Json, one

WISH = {"amount": 500, "currency": "eur", "interval": "month", "locale": "uk", "attempt": "abcdefgh12345678"}


def plain(text: str) -> str:
    """On one line, without tags, as a reader takes it in."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


class Reader:
    """Ada, who starts a monthly gift on the website and pays by debit: the money takes days."""

    def __init__(self, harness: Harness) -> None:
        self.harness, self.browser = harness, Visitor()
        self.session = str(self.browser.post("/v1/checkouts", WISH).json["id"])
        harness.tell(harness.stripe.pay(self.session, ADA, delayed=True))

    @property
    def page(self) -> str:
        return plain(self.browser.navigate(f"/thanks/{self.session}").text)

    @property
    def status(self) -> str:
        return str(self.browser.get(f"/v1/checkouts/{self.session}").json["status"])

    def bank(self, *, refuses: bool) -> list[Json]:
        """After some days the bank answers."""
        plan.later(self.harness, 5)
        events = self.harness.stripe.settle(self.session, succeeds=not refuses)
        self.harness.tell(events)
        return events

    def account(self) -> str:
        """What Ada sees on her own page."""
        visitor = Visitor()
        visitor.post("/v1/sign-in", {"email": ADA})
        visitor.post("/v1/sign-in/confirm", {"code": self.harness.mails.last.code})
        return plain(visitor.navigate("/account").text)


def day(harness: Harness, seconds: int) -> str:
    return plain(Language("uk", harness.newsroom.time_zone).day(datetime.fromtimestamp(seconds, UTC)))


def letters(harness: Harness, kind: str) -> list[str]:
    """The texts of the mails of a kind."""
    subjects = {"processing": "обробляється", "failed": "не пройшов", "last": "так і не", "ended": "завершилася"}
    return [plain(mail.text) for mail in harness.mails.sent if subjects[kind] in mail.subject]


def test_a_first_payment_on_its_way_is_told_by_page_and_mail(harness: Harness) -> None:
    reader = Reader(harness)
    assert "Банк ще підтверджує платіж" in reader.page
    (mail,) = letters(harness, "processing")
    assert "5 € щомісяця" in mail
    assert "Не платіть удруге" in mail
    harness.tell(harness.stripe.of("event"))
    assert len(letters(harness, "processing")) == 1, "told once, however often Stripe tells it"
    assert harness.books.entries == ()


def test_a_first_payment_that_failed_and_is_tried_again_asks_nobody_to_pay_again(harness: Harness) -> None:
    reader = Reader(harness)
    events = reader.bank(refuses=True)
    invoice = one(events, "invoice.payment_failed")["data"]["object"]
    tried_again = day(harness, invoice["next_payment_attempt"])
    (mail,) = letters(harness, "failed")
    for text in (mail, reader.page, reader.account()):
        assert tried_again in text, text
        assert "Спробувати ще раз" not in text, text
    for text in (mail, reader.page):
        assert "Не платіть удруге" in text
        assert not re.search("Чергов|картк", text), "it was the first one, and no card"
    assert reader.status == "processing"
    assert harness.access().tier is None


def test_when_the_next_try_succeeds_it_is_a_gift_and_the_page_says_so(harness: Harness) -> None:
    reader = Reader(harness)
    reader.bank(refuses=True)
    harness.pass_time(5 * plan.DAY)
    at, job, name = harness.stripe.account.store.next_due(10**11) or (0, "", "")
    assert job == "retry"
    collecting.tell_next(harness.stripe.account, name, "succeeds")
    harness.stripe.account.seconds = max(at, harness.stripe.account.seconds)
    harness.stripe.account.store.schedule(job, name, None)
    harness.tell(harness.stripe.happens(lambda it: JOBS[job](it, name)))
    assert harness.totals() == {"eur": (500, 1)}
    assert harness.access().tier == "member"
    assert reader.status == "paid"
    assert "Дякуємо!" in reader.page
    (gift,) = harness.state().standing.recurring
    assert gift.retry_at is None


def test_when_every_try_fails_page_and_mail_say_that_it_is_over(harness: Harness) -> None:
    reader = Reader(harness)
    reader.bank(refuses=True)
    collecting.tell_next(harness.stripe.account, str(plan.subscription_of(harness)["id"]), "fails")
    while due := harness.stripe.account.store.next_due(10**11):
        at, job, name = due
        harness.pass_time(max(0, at - harness.clock.business))
        harness.stripe.account.store.schedule(job, name, None)
        harness.tell(harness.stripe.happens(lambda it, job=job, name=name: JOBS[job](it, name)))  # type: ignore[misc] # a default's type
    assert letters(harness, "last") or letters(harness, "ended")
    assert reader.status == "failed"
    assert "Спробувати ще раз" in reader.page
    assert harness.books.entries == ()


# ---- renewals that need their supporter ----


def renews_with(harness: Harness, outcome: str) -> list[Json]:
    """A monthly gift whose second payment ends so; all its events."""
    harness.tell(harness.gives(500, "month"))
    name = str(plan.subscription_of(harness)["id"])
    if outcome == "card_removed":
        harness.stripe.happens(lambda it: cards.remove_card(it, it.get("subscription", name)))
    else:
        harness.stripe.happens(lambda it: collecting.tell_next(it, name, outcome))
    events = plan.renews(harness) if outcome != "fails" else harness.stripe.renew(name, fails=True)
    harness.pass_time(max(0, harness.stripe.account.seconds - harness.clock.business))
    return events


CALM = "Робити нічого не обов’язково"


@pytest.mark.parametrize(
    ("outcome", "asks"),
    [
        ("needs_action", "Підтвердити можна тут"),
        ("card_gone", "Сплатити цей внесок можна тут"),
        ("card_removed", "Сплатити цей внесок можна тут"),
        ("fails", CALM),
    ],
)
def test_a_renewal_that_needs_its_supporter_says_what_to_do(harness: Harness, outcome: str, asks: str) -> None:
    events = renews_with(harness, outcome)
    harness.tell(events)
    mail = plain(harness.mails.last.text)
    assert asks in mail
    assert (CALM in mail) is (outcome == "fails")
    page = harness.stripe.of("invoice")[-1]["hosted_invoice_url"]
    assert page
    assert (page in mail) is (outcome != "fails")
    sent = len(harness.mails.sent)
    harness.tell([*reversed(events), *events])
    assert len(harness.mails.sent) == sent, "two events tell of one try, and one mail does"


def test_a_renewal_that_was_confirmed_in_the_meantime_asks_for_nothing(harness: Harness) -> None:
    events = renews_with(harness, "needs_action")
    name, invoice = str(plan.subscription_of(harness)["id"]), harness.stripe.of("invoice")[-1]
    collecting.tell_next(harness.stripe.account, name, "succeeds")
    paid = harness.stripe.happens(
        lambda it: collecting.pay(it, it.get("subscription", name), it.get("invoice", invoice["id"]))
    )
    harness.tell([*events, *paid])
    assert not any("Підтвердьте" in mail.subject for mail in harness.mails.sent)
    assert harness.totals() == {"eur": (1000, 2)}
