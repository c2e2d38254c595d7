"""A payment of a recurring gift that failed: page, mail and account say the same, and what is to be done about it."""

import html
import re
from datetime import UTC, datetime

import pytest

from chalicelib.i18n.language import Language
from localdev.stripe import collecting
from localdev.stripe.clock import JOBS
from tests.support import plan_changes as plan
from tests.support.calls import Visitor
from tests.support.memory_till import MemoryTill
from tests.support.till import ADA, Json, one

WISH = {"amount": 500, "currency": "eur", "interval": "month", "locale": "uk", "attempt": "abcdefgh12345678"}


def plain(text: str) -> str:
    """On one line, without tags, as a reader takes it in."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


class Reader:
    """Ada, who starts a monthly gift on the website and pays by debit: the money takes days."""

    def __init__(self, till: MemoryTill) -> None:
        self.till, self.browser = till, Visitor()
        self.session = str(self.browser.post("/v1/checkouts", WISH).json["id"])
        till.tell(till.double.pay(self.session, ADA, delayed=True))

    @property
    def page(self) -> str:
        return plain(self.browser.navigate(f"/thanks/{self.session}").text)

    @property
    def status(self) -> str:
        return str(self.browser.get(f"/v1/checkouts/{self.session}").json["status"])

    def bank(self, *, refuses: bool) -> list[Json]:
        """After some days the bank answers."""
        plan.later(self.till, 5)
        events = self.till.double.settle(self.session, succeeds=not refuses)
        self.till.tell(events)
        return events

    def account(self) -> str:
        """What Ada sees on her own page."""
        visitor = Visitor()
        visitor.post("/v1/sign-in", {"email": ADA})
        visitor.post("/v1/sign-in/confirm", {"code": self.till.post.last.code})
        return plain(visitor.navigate("/account").text)


def day(till: MemoryTill, seconds: int) -> str:
    return plain(Language("uk", till.newsroom.time_zone).day(datetime.fromtimestamp(seconds, UTC)))


def letters(till: MemoryTill, kind: str) -> list[str]:
    """The texts of the mails of a kind."""
    subjects = {"processing": "обробляється", "failed": "не пройшов", "last": "так і не", "ended": "завершилася"}
    return [plain(mail.text) for mail in till.post.sent if subjects[kind] in mail.subject]


def test_a_first_payment_on_its_way_is_told_by_page_and_mail(till: MemoryTill) -> None:
    reader = Reader(till)
    assert "Банк ще підтверджує платіж" in reader.page
    (mail,) = letters(till, "processing")
    assert "5 € щомісяця" in mail
    assert "Не платіть удруге" in mail
    till.tell(till.double.of("event"))
    assert len(letters(till, "processing")) == 1, "told once, however often Stripe tells it"
    assert till.books.entries == ()


def test_a_first_payment_that_failed_and_is_tried_again_asks_nobody_to_pay_again(till: MemoryTill) -> None:
    reader = Reader(till)
    events = reader.bank(refuses=True)
    invoice = one(events, "invoice.payment_failed")["data"]["object"]
    tried_again = day(till, invoice["next_payment_attempt"])
    (mail,) = letters(till, "failed")
    for text in (mail, reader.page, reader.account()):
        assert tried_again in text, text
        assert "Спробувати ще раз" not in text, text
    assert "Не платіть удруге" in reader.page
    assert reader.status == "processing"
    assert till.access().tier is None


def test_when_the_next_try_succeeds_it_is_a_gift_and_the_page_says_so(till: MemoryTill) -> None:
    reader = Reader(till)
    reader.bank(refuses=True)
    till.pass_time(5 * plan.DAY)
    at, job, name = till.double.account.store.next_due(10**11) or (0, "", "")
    assert job == "retry"
    collecting.tell_next(till.double.account, name, "succeeds")
    till.double.account.seconds = max(at, till.double.account.seconds)
    till.double.account.store.schedule(job, name, None)
    till.tell(till.double.happens(lambda it: JOBS[job](it, name)))
    assert till.totals() == {"eur": (500, 1)}
    assert till.access().tier == "member"
    assert reader.status == "paid"
    assert "Дякуємо!" in reader.page
    (gift,) = till.state().standing.recurring
    assert gift.retry_at is None


def test_when_every_try_fails_page_and_mail_say_that_it_is_over(till: MemoryTill) -> None:
    reader = Reader(till)
    reader.bank(refuses=True)
    collecting.tell_next(till.double.account, str(plan.subscription_of(till)["id"]), "fails")
    while due := till.double.account.store.next_due(10**11):
        at, job, name = due
        till.pass_time(max(0, at - till.business))
        till.double.account.store.schedule(job, name, None)
        till.tell(till.double.happens(lambda it, job=job, name=name: JOBS[job](it, name)))  # type: ignore[misc] # a default's type
    assert letters(till, "last") or letters(till, "ended")
    assert reader.status == "failed"
    assert "Спробувати ще раз" in reader.page
    assert till.books.entries == ()


# ---- renewals that need their supporter ----


def renews_with(till: MemoryTill, outcome: str) -> list[Json]:
    """A monthly gift whose second payment ends so; all its events."""
    till.tell(till.gives(500, "month"))
    name = str(plan.subscription_of(till)["id"])
    if outcome == "card_removed":
        till.double.happens(lambda it: collecting.remove_card(it, it.get("subscription", name)))
    else:
        till.double.happens(lambda it: collecting.tell_next(it, name, outcome))
    events = plan.renews(till) if outcome != "fails" else till.double.renew(name, fails=True)
    till.pass_time(max(0, till.double.account.seconds - till.business))
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
def test_a_renewal_that_needs_its_supporter_says_what_to_do(till: MemoryTill, outcome: str, asks: str) -> None:
    events = renews_with(till, outcome)
    till.tell(events)
    mail = plain(till.post.last.text)
    assert asks in mail
    assert (CALM in mail) is (outcome == "fails")
    page = till.double.of("invoice")[-1]["hosted_invoice_url"]
    assert page
    assert (page in mail) is (outcome != "fails")
    sent = len(till.post.sent)
    till.tell([*reversed(events), *events])
    assert len(till.post.sent) == sent, "two events tell of one try, and one mail does"


def test_a_renewal_that_was_confirmed_in_the_meantime_asks_for_nothing(till: MemoryTill) -> None:
    events = renews_with(till, "needs_action")
    name, invoice = str(plan.subscription_of(till)["id"]), till.double.of("invoice")[-1]
    collecting.tell_next(till.double.account, name, "succeeds")
    paid = till.double.happens(
        lambda it: collecting.pay(it, it.get("subscription", name), it.get("invoice", invoice["id"]))
    )
    till.tell([*events, *paid])
    assert not any("Підтвердьте" in mail.subject for mail in till.post.sent)
    assert till.totals() == {"eur": (1000, 2)}
