"""The supporter's own page, and its buttons."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from chalicelib.account.actions.manage import Account, is_over, own_account
from chalicelib.account.views import pages
from chalicelib.account.views.pages import RecurringStatus
from chalicelib.http import cookies, page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.forms import read_body
from chalicelib.http.hint import session_of
from chalicelib.http.pages import Gift
from chalicelib.http.problem_words import on_page
from chalicelib.kernel import email_address
from chalicelib.kernel.errors import Problem
from chalicelib.newsroom.rules import INTERVALS
from chalicelib.signing_in.views.forms import SignOutForm
from chalicelib.signing_in.views.session_answers import signed_out
from chalicelib.supporters.actions import sessions
from chalicelib.supporters.rules.access import OVERDUE, RecurringGift, SubscriptionStatus

# Stripe's statuses that the page shows under the same name; a gift in any other one that runs is active.
_STATUS: dict[SubscriptionStatus, RecurringStatus] = {
    "past_due": "past_due",
    "unpaid": "unpaid",
    "incomplete": "incomplete",
    "paused": "paused",
}


def show(call: Call) -> Answer:
    """`GET /account`; who is not signed in is sent to sign in, and comes back here."""
    wiring = call.wiring
    signed_in = session_of(call)
    if signed_in is None:
        here = f"{wiring.settings.public_url}/account"
        query = urlencode({"return_to": here, "lang": page_answers.language_of(call)})
        return see_other(f"{wiring.settings.public_url}/sign-in?{query}")
    account = own_account(wiring.table, signed_in.state, wiring.newsroom, now=wiring.now())
    lang = page_answers.language_of(call, call.query.get("lang"), account.profile.language)
    return page_answers.page_answer(call, _page(call, account, lang), lang, path="/account")


def again(call: Call, problem: Problem) -> Answer | None:
    """The page again, after one of its buttons could not do what it says; None for who is not signed in."""
    wiring, typed = call.wiring, call.form_fields()
    signed_in = session_of(call)
    if signed_in is None:
        return None
    account = own_account(wiring.table, signed_in.state, wiring.newsroom, now=wiring.now())
    lang = page_answers.language_of(call, typed.get("lang"), account.profile.language)
    page = _page(call, account, lang, on_page(call, problem, lang))
    return page_answers.page_answer(call, page, lang, status=problem.status)


def sign_out(call: Call) -> Answer:
    """`POST /account/sign-out`: sign out, and go on to the sign-in page."""
    form, table = read_body(call, SignOutForm), call.wiring.table
    secret = cookies.read(call, "session")
    signed_in = sessions.read_session(table, secret, call.wiring.real_now())
    if form.everywhere and signed_in is not None:
        sessions.end_everywhere(table, signed_in.supporter)
    sessions.end_session(table, secret)
    lang = page_answers.language_of(call, form.lang)
    return see_other(
        f"{call.wiring.settings.public_url}/sign-in?lang={lang}", signed_out(call, everywhere=form.everywhere)
    )


def _page(call: Call, account: Account, lang: str, problem: str = "") -> pages.AccountPage:
    tier = call.wiring.newsroom.tier(account.access.tier)
    goes_on = any(gift.will_renew and gift.tier and gift.status not in OVERDUE for gift in account.recurring)
    runs = any(not is_over(gift) for gift in account.recurring)
    return pages.AccountPage(
        email=email_address.shown(account.profile.email),
        tier=tier.title[lang] if tier else "",
        opens=tier.opens[lang] if tier else "",
        until=None if goes_on else _time(account.access.until),
        recurring=tuple(
            _recurring(gift, again=None if runs or number else _wish(call, gift))
            for number, gift in enumerate(account.recurring)
        ),
        one_off=tuple(
            pages.OneOffGiftLine(
                datetime.fromtimestamp(one.gift.occurred_at, UTC), one.gift.amount, one.gift.currency, one.refunded
            )
            for one in account.one_off
        ),
        payment_language=call.wiring.newsroom.payment_page_language[lang],
        problem=problem,
        late=_late(account, goes_on=goes_on),
    )


def _late(account: Account, *, goes_on: bool) -> pages.LatePayment | None:
    """The payment that failed, if one did; with the end of access where nothing else keeps it open."""
    if not account.access.payment_failed:
        return None
    retries = [gift.retry_at for gift in account.recurring if gift.status in OVERDUE and gift.retry_at]
    return pages.LatePayment(_time(min(retries, default=None)), None if goes_on else _time(account.access.until))


def _wish(call: Call, gift: RecurringGift) -> dict[str, str | int]:
    """The gift as the query of the donation page, as far as it can be given there today."""
    rules = call.wiring.newsroom.currencies.get(gift.currency)
    if rules is None or gift.interval not in INTERVALS or gift.interval_count != 1:
        return {}
    amount = {"amount": gift.amount} if rules.minimum <= gift.amount <= rules.maximum else {}
    return {"currency": gift.currency, "interval": gift.interval, **amount}


def _recurring(gift: RecurringGift, again: dict[str, str | int] | None) -> pages.RecurringGiftLine:
    return pages.RecurringGiftLine(
        id=gift.id,
        gift=Gift(gift.amount, gift.currency, gift.interval, gift.interval_count),
        status=_status(gift),
        paid_through=_time(gift.paid_through),
        ends_at=_time(gift.ends_at),
        next_payment_at=_time(gift.next_payment_at),
        retry_at=_time(gift.retry_at),
        resumes_at=_time(gift.resumes_at),
        again=again,
    )


def _status(gift: RecurringGift) -> RecurringStatus:
    if is_over(gift):
        return "never_began" if gift.status == "incomplete_expired" else "ended"
    return "ending" if gift.ends_at is not None else _STATUS.get(gift.status, "active")


def _time(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
