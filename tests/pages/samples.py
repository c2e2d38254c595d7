"""One of every page and mail, in both languages: what the tests render, look at and measure."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from chalicelib.giving.views.pages import AskedNext, DonationPage, FieldProblem, ThanksPage, ThanksState
from chalicelib.http import pages
from chalicelib.http.pages.editor import editor_word
from chalicelib.ledger.rules.movements import MethodOfPayment
from chalicelib.mail import letters
from chalicelib.mail.rules import mails, privacy_mails
from chalicelib.newsroom import file as newsroom_file
from chalicelib.newsroom.rules import Newsroom
from chalicelib.reading.views.pages import Appeal, GiftNote, Raise, ReadPage
from tests.pages.account_samples import account_pages
from tests.pages.address_samples import address_pages, mails_about_addresses
from tests.pages.asking_samples import asking_pages
from tests.pages.changing_samples import mails_about_changes
from tests.pages.leaving_samples import leaving_mails, leaving_pages
from tests.pages.link_samples import link_pages
from tests.pages.mails_samples import ahead_mails, mails_pages
from tests.pages.metering_samples import metering_pages
from tests.pages.privacy_samples import privacy_pages
from tests.pages.receipt_samples import receipt_pages
from tests.pages.signing_in_samples import signing_in_pages

NOW = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
UNTIL = datetime(2026, 12, 22, 9, 5, tzinfo=UTC)
LATER = datetime(2027, 3, 22, 9, 5, tzinfo=UTC)
INVOICE = "https://invoice.stripe.com/i/acct_1/test_YWNjdF8x?s=ap"
PUBLIC_URL = "http://127.0.0.1:9300/support"
SITE = "http://127.0.0.1:9301"
PICTURE = f"{SITE}/static/editor.svg"
ARTICLE = f"{SITE}/articles/pump-station?from=front"
PAYMENT = "pi_3Sample0000000000000001"
ADDRESS = "maria@example.org"
ATTEMPT = "sample-attempt-0123456789"
LANGUAGES = ("uk", "en")


def raw_newsroom() -> Mapping[str, Any]:
    """The file that the repository carries."""
    file = Path(__file__).resolve().parents[2] / "chalicelib" / "newsroom.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def newsroom() -> Newsroom:
    """The newsroom that the repository carries."""
    return newsroom_file.read(raw_newsroom())


def layout(lang: str, path: str = "/donate", *, livemode: bool = False) -> pages.Layout:
    """The frame of a sample page."""
    return pages.Layout.of(
        newsroom(),
        lang=lang,
        public_url=PUBLIC_URL,
        livemode=livemode,
        languages={other: f"{PUBLIC_URL}{path}?lang={other}" for other in LANGUAGES},
        site_url=SITE,
    )


def letterhead(lang: str, *, livemode: bool = False) -> letters.Letterhead:
    """The letterhead of a sample mail."""
    return letters.Letterhead.of(newsroom(), lang=lang, public_url=PUBLIC_URL, livemode=livemode)


def form(lang: str, **chosen: object) -> pages.GiftForm:
    """The newsroom's offer."""
    return pages.gift_form(newsroom(), lang=lang, now=NOW, **chosen)  # type: ignore[arg-type] # test's own values


def sample_pages(lang: str) -> Mapping[str, pages.Page]:
    """A name and a page for every state a reader can meet."""

    def sentence(status: int, code: str) -> str:
        return pages.problem_sentence(pages.ProblemPage(status, code), layout(lang))

    opens = newsroom().tiers[0].opens[lang]
    back = f"{SITE}/pump-station"
    editor = editor_word(newsroom(), lang, [SITE])
    wish: dict[str, str | int] = {
        "amount": 2500,
        "currency": "eur",
        "interval": "once",
        "campaign": "winter",
        "return_to": back,
    }
    month = pages.Gift(500, "eur", "month")
    state = ThanksState
    article = {
        "uk": ("Насосну станцію запустять до морозів", "<p>Першу воду дали у вівторок удосвіта.</p>"),
        "en": ("The pump station will run before the frost", "<p>The first water came before dawn on Tuesday.</p>"),
    }.get(lang, ("2 + 2", "<p>= 4</p>"))
    read = partial(ReadPage, article[0], url=f"{SITE}/pump-station", here=f"{PUBLIC_URL}/read/pump-station")
    appeal = Appeal(form(lang, amount=300, interval="month"), ATTEMPT, ATTEMPT)
    field_problem = pages.ProblemPage(400, "bad_amount", minimum=100, maximum=500000, currency="eur")
    return {
        "donate-month": DonationPage(form(lang), ATTEMPT, return_to=back, source=back),
        "donate-once": DonationPage(form(lang, interval="once"), ATTEMPT),
        "donate-uah-campaign": DonationPage(
            form(lang, currency="uah", interval="year"), ATTEMPT, "winter", newsroom().campaigns["winter"][lang]
        ),
        "donate-problem": DonationPage(
            form(lang, own_text="п’ять"),
            ATTEMPT,
            problem=FieldProblem("own_amount", pages.problem_sentence(field_problem, layout(lang))),
        ),
        "donate-own": DonationPage(form(lang, amount=750), ATTEMPT),
        **asking_pages(newsroom(), form, layout(lang), attempt=ATTEMPT, picture=PICTURE),
        "thanks-paid": ThanksPage(
            "cs_test_1",
            state.PAID,
            month,
            opens,
            sent_to=pages.mask_email("maria@example.org"),
            return_to=back,
            editor=editor,
            share=back,
        ),
        "thanks-paid-code-over": ThanksPage(
            "cs_test_1", state.PAID, month, opens, sent_to="m…@example.org", code_over=True, share=f"{SITE}/"
        ),
        "thanks-paid-once": ThanksPage(
            "cs_test_1",
            state.PAID,
            pages.Gift(2500, "eur"),
            opens,
            UNTIL,
            return_to=back,
            problem=pages.problem_sentence(pages.ProblemPage(400, "wrong_code"), layout(lang)),
            typed="7K3M-XQ4A",
            editor=editor,
            share=back,
            asked_next=AskedNext(
                pages.Gift(300, "eur", "month"), {**wish, "amount": 300, "interval": "month"}, opens
            ),
            may_remind=True,
        ),
        "thanks-paid-reminded": ThanksPage(
            "cs_test_1", state.PAID, pages.Gift(2500, "eur"), signed_in=True, may_remind=True, reminder="2027-03"
        ),
        "thanks-retrying": ThanksPage("cs_test_1", state.PROCESSING, month, return_to=back, retry_at=UNTIL),
        "thanks-asked-often": ThanksPage("cs_test_1", state.UNAVAILABLE, month, return_to=back, wait=48),
        "thanks-paid-unreachable": ThanksPage(
            "cs_test_1", state.PAID, month, opens, return_to=back, write_to="support@news.example"
        ),
        "thanks-paid-small": ThanksPage("cs_test_1", state.PAID, pages.Gift(200, "eur"), signed_in=True),
        **{
            f"thanks-{one.value}": ThanksPage(
                "cs_test_1", one, return_to=back, payment_url=f"{SITE}/pay", again=wish, editor=editor
            )
            for one in state
            if one is not state.PAID
        },
        **signing_in_pages(back, sentence),
        **privacy_pages(UNTIL, sentence),
        **leaving_pages(ATTEMPT, sentence, now=NOW, until=UNTIL, later=LATER),
        **account_pages(newsroom(), layout(lang), now=NOW, until=UNTIL, later=LATER),
        **address_pages(lang, now=NOW, until=UNTIL),
        **link_pages(now=NOW, until=UNTIL, article=ARTICLE, named=article[0]),
        **receipt_pages(newsroom(), now=NOW),
        **mails_pages(sentence, until=UNTIL),
        **metering_pages(read, article[1], appeal, then=UNTIL),
        "read-open": read(article[1] * 4, open=True, reason="supporter"),
        "read-may-give": read(article[1], open=True, reason="supporter", signed_in=True, may_give="pump-station"),
        "read-given": read(article[1] * 2, open=True, reason="gift", gift=GiftNote(until=UNTIL)),
        "read-gift-used-up": read(article[1], open=False, reason="sign_in", appeal=appeal, gift=GiftNote("used_up")),
        "read-gift-over": read(article[1], open=False, reason="support", appeal=appeal, gift=GiftNote("over")),
        "read-support": read(article[1], open=False, reason="support", appeal=appeal),
        "read-higher-tier": read(
            article[1],
            open=False,
            reason="higher_tier",
            needs=newsroom().tiers[1].title[lang],
            appeal=Appeal(form(lang, amount=1500, interval="month"), ATTEMPT, ATTEMPT),
            signed_in=True,
            article_lang="uk",
        ),
        "read-raise": read(
            article[1],
            open=False,
            reason="higher_tier",
            needs=newsroom().tiers[1].title[lang],
            raised=Raise(pages.Gift(300, "eur", "month"), pages.Gift(1500, "eur", "month"), "patron"),
            signed_in=True,
            article_lang="uk",
        ),
        "read-payment-failed": read(article[1], open=False, reason="payment_failed", signed_in=True),
        **{
            f"problem-{code}": pages.ProblemPage(status, code, "The domain's own sentence.")
            for status, code in (
                (404, "not_found"),
                (429, "too_many_requests"),
                (503, "unavailable"),
                (401, "unauthorized"),
            )
        },
        "problem-again": pages.ProblemPage(503, "stripe_down", again=True),
        "problem-resend": pages.ProblemPage(
            429,
            "too_many_sign_ins",
            retry_after=140,
            resend_to=f"{PUBLIC_URL}/v1/sign-in",
            resend={"email": "m@a.example"},
        ),
        "problem-back": pages.ProblemPage(409, "attempt_changed", back=f"{PUBLIC_URL}/donate"),
    }


def sample_mails(lang: str) -> Mapping[str, mails.Mail]:
    """A name and a mail for everything we write."""
    opens = newsroom().tiers[0].opens[lang]
    return {
        "sign_in": mails.SignInMail("7K3M-XQ4T", f"{PUBLIC_URL}/v1/sign-in/token-1"),
        "thanks_once": mails.ThanksOnce(2500, "eur", NOW, opens, UNTIL, ARTICLE, reference=PAYMENT),
        "thanks_once_all_known": mails.ThanksOnce(
            *(2500, "eur", NOW, opens, UNTIL, ARTICLE),
            reference=PAYMENT,
            number="2026-000123-K7QX-9M2D",
            payer="Марія Коваль",
            method=MethodOfPayment("card", "visa", "4242"),
            gift=PAYMENT,
        ),
        "thanks_once_small": mails.ThanksOnce(200, "eur", NOW),
        "thanks_recurring": mails.ThanksRecurring(
            *(500, "eur", "month", NOW, UNTIL, opens), source=ARTICLE, reference=PAYMENT
        ),
        "thanks_recurring_small": mails.ThanksRecurring(20050, "uah", "year", NOW),
        "renewed": mails.Renewed(500, "eur", "month", NOW, UNTIL, opens, reference=PAYMENT),
        "recurring_will_end": mails.RecurringWillEnd(500, "eur", "month", UNTIL, UNTIL),
        "recurring_will_end_later": mails.RecurringWillEnd(500, "eur", "month", LATER, LATER, UNTIL),
        "recurring_will_end_no_date": mails.RecurringWillEnd(500, "usd", "year"),
        "erasure_asked": privacy_mails.ErasureAsked(UNTIL, gifts_ended=True),
        "erasure_asked_no_gift": privacy_mails.ErasureAsked(UNTIL),
        "erasure_called_off": privacy_mails.ErasureCalledOff(),
        "erasure_called_off_undone": privacy_mails.ErasureCalledOff(undone=True),
        "erased": privacy_mails.Erased(),
        "recurring_resumed": mails.RecurringResumed(500, "eur", "month", UNTIL, opens),
        "recurring_resumed_small": mails.RecurringResumed(200, "eur", "year"),
        "recurring_ended": mails.RecurringEnded(500, "eur", "month", NOW, UNTIL),
        "recurring_ended_unpaid": mails.RecurringEnded(500, "eur", "month", NOW, unpaid=True),
        "recurring_ended_no_date": mails.RecurringEnded(20000, "uah", "year", None),
        "recurring_paused": mails.RecurringPaused(500, "eur", "month", UNTIL),
        "recurring_paused_until": mails.RecurringPaused(500, "eur", "month", UNTIL, LATER),
        "recurring_paused_small": mails.RecurringPaused(200, "eur", "year"),
        "payment_failed": mails.PaymentFailed(500, "eur", "month", NOW, UNTIL),
        "payment_failed_at_first": mails.PaymentFailed(500, "eur", "month", UNTIL, first=True),
        "payment_failed_again": mails.PaymentFailed(500, "eur", "month", UNTIL, again=True),
        "payment_failed_last": mails.PaymentFailed(500, "eur", "month", again=True),
        "payment_failed_confirm": mails.PaymentFailed(
            500, "eur", "month", None, UNTIL, needs="confirm", pay_at=INVOICE
        ),
        "payment_failed_card": mails.PaymentFailed(500, "eur", "year", UNTIL, needs="card", pay_at=INVOICE),
        "payment_failed_no_page": mails.PaymentFailed(500, "eur", "month", UNTIL, needs="card"),
        "payment_failed_first_and_last": mails.PaymentFailed(20050, "uah", "year", None, UNTIL),
        "processing": mails.Processing(500, "eur", "month"),
        "processing_once": mails.Processing(2500, "pln"),
        "payment_failed_once": mails.PaymentFailedOnce(2500, "eur"),
        "payment_failed_once_recurring": mails.PaymentFailedOnce(500, "eur", "month"),
        "refunded": mails.Refunded(
            *(2500, "eur", 2500, NOW), full=True, paid_at=UNTIL, reference="re_3Sample0000000000000001"
        ),
        "refunded_still_open": mails.Refunded(2500, "eur", 2500, NOW, full=True, access_until=UNTIL, opens=opens),
        "refunded_renewal": mails.Refunded(500, "eur", 500, NOW, full=True, access_until=UNTIL, renews=True),
        "refunded_small": mails.Refunded(200, "eur", 200, NOW, full=True, opened=False),
        "refunded_rest": mails.Refunded(1000, "uah", 20050, NOW, full=True),
        "refunded_part": mails.Refunded(1000, "eur", 2500, NOW, full=False),
        "refunded_part_open": mails.Refunded(750, "eur", 2500, NOW, full=False, access_until=UNTIL, opens=opens),
        "refund_failed": mails.RefundFailed(2500, "eur"),
        **mails_about_addresses(now=NOW),
        **leaving_mails(NOW),
        **ahead_mails(opens, until=UNTIL),
        "payment_failed_last_to_pay": mails.PaymentFailed(500, "eur", "month", again=True, pay_at=INVOICE),
        "thanks_recurring_recovered": mails.ThanksRecurring(500, "eur", "month", NOW, UNTIL, opens, recovered=True),
        "renewed_recovered": mails.Renewed(
            *(500, "eur", "month", NOW, UNTIL, opens), reference=PAYMENT, recovered=True
        ),
        **mails_about_changes(now=NOW, until=UNTIL, later=LATER, opens=opens),
    }


def every_page() -> Iterator[tuple[str, str, str]]:
    """`(name, language, html)` of every sample page."""
    for lang in LANGUAGES:
        for name, page in sample_pages(lang).items():
            yield name, lang, pages.render(page, layout(lang))


def every_mail() -> Iterator[tuple[str, str, letters.Composed]]:
    """`(name, language, mail)` of every sample mail."""
    for lang in LANGUAGES:
        for name, mail in sample_mails(lang).items():
            yield name, lang, letters.compose(mail, letterhead(lang), ADDRESS, "maria0000000000a")
