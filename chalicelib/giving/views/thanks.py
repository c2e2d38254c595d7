"""`GET /thanks/{id}`: the thank-you page, with words for every state a payment can be in."""

from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.checkouts.rows import checkouts
from chalicelib.checkouts.rows.checkouts import Checkout
from chalicelib.giving.actions.return_from_checkout import CheckoutView
from chalicelib.giving.views import checkout_view
from chalicelib.giving.views.pages import ThanksPage, ThanksState
from chalicelib.giving.views.sign_in_after_payment import (
    giver_signed_in,
    mail_code_again,
    mail_sign_in_code,
    started_here,
)
from chalicelib.http import page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.forms import read_body
from chalicelib.http.pages import Gift, mask_email
from chalicelib.http.problem_words import on_page
from chalicelib.http.return_url import absolute
from chalicelib.kernel import email_address
from chalicelib.kernel.errors import NotFound, Problem
from chalicelib.kernel.ids import SupporterId
from chalicelib.newsroom import sender
from chalicelib.newsroom.rules import interval_of
from chalicelib.reading.actions.who_reads import earned_by
from chalicelib.signing_in.views.forms import ConfirmPage
from chalicelib.signing_in.views.sign_in_pages import code_is_open, last_guess, to_correct
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.access import entitled


def show(call: Call) -> Answer:
    """Answer with the page. It shows what is personal only to the browser that started the checkout."""
    session_id = call.params["id"]
    view = checkout_view.view_checkout(call, session_id)
    lang = page_answers.language_of(call, call.query.get("lang"), view.checkout.language)
    giver = giver_signed_in(call, view.checkout)
    cookies = mail_sign_in_code(call, view.checkout, giver)
    page = page_of(call, view, giver, lang)
    page = replace(page, code_over=not cookies and not code_is_open(call), sent_again=bool(call.query.get("sent")))
    return page_answers.page_answer(call, page, lang, path=f"/thanks/{session_id}", cookies=cookies)


def send_again(call: Call) -> Answer:
    """`POST /thanks/{id}/code`: the second button beside the code's field mails another one; then the page again.

    :raises NotFound: `unknown_checkout`.
    """
    form, checkout = read_body(call, ConfirmPage), checkouts.read(call.wiring.table, call.params["id"])
    if checkout is None:
        raise NotFound("We do not know this checkout.", code="unknown_checkout")
    lang = page_answers.language_of(call, form.lang, checkout.language)
    cookies = mail_code_again(call, checkout, lang)
    sent = "&sent=again" if cookies else ""
    return see_other(f"{call.wiring.settings.public_url}/thanks/{checkout.id}?lang={lang}{sent}", cookies)


def again(call: Call, problem: Problem) -> Answer | None:
    """The page again, for the browser that paid, after a code entered on it was refused; Stripe is not asked."""
    typed = call.form_fields()
    named = typed.get("checkout")
    checkout = checkouts.read(call.wiring.table, named) if named and not typed.get("token") else None
    if checkout is None or checkout.status != "paid" or not started_here(call, checkout):
        return None
    lang, over = page_answers.language_of(call, typed.get("lang")), not code_is_open(call)
    giver = giver_signed_in(call, checkout)
    page = page_of(
        call,
        CheckoutView(checkout, asked=True),
        giver,
        lang,
        on_page(call, last_guess(problem, over=over), lang),
    )
    page = replace(page, typed=to_correct(typed, problem), remember="remember" in typed, code_over=over)
    return page_answers.page_answer(call, page, lang, status=problem.status)


def page_of(call: Call, view: CheckoutView, giver: OpenSession | None, lang: str, problem: str = "") -> ThanksPage:
    """The thank-you page for this browser; `giver` is the giver's session, if they are signed in here."""
    checkout, here = view.checkout, started_here(call, view.checkout)
    state = _state(view, here=here)
    if not here:
        return ThanksPage(checkout.id, state, problem=problem, asked_often=view.wait > 0)
    gift = Gift(checkout.amount, checkout.currency, interval_of(checkout.interval))
    return_to = absolute(call, checkout.return_to, "") if checkout.return_to else ""
    if state != ThanksState.PAID:
        retry_at = _retry_at(call, checkout) if state == ThanksState.PROCESSING else None
        return ThanksPage(
            checkout.id,
            state,
            gift,
            return_to=return_to,
            payment_url=checkout.url,
            problem=problem,
            retry_at=retry_at,
            asked_often=view.wait > 0,
            again=_wish(checkout),
        )
    opens, until = _opened(call, checkout, giver, lang)
    sent_to, write_to = _mailed(call, checkout)
    return ThanksPage(
        checkout.id,
        state,
        gift,
        opens=opens,
        until=until,
        signed_in=giver is not None,
        return_to=return_to,
        problem=problem,
        sent_to=sent_to,
        write_to=write_to,
    )


def _state(view: CheckoutView, *, here: bool) -> ThanksState:
    if not view.sure:
        return ThanksState.UNAVAILABLE
    if view.checkout.status == "paid" and not here:
        return ThanksState.PAID_OTHER_BROWSER
    return ThanksState(view.checkout.status)


def _wish(checkout: Checkout) -> dict[str, str | int]:
    """The wish of this checkout, as the query of the donation page."""
    wished: dict[str, str | int | None] = {
        "amount": checkout.amount,
        "currency": checkout.currency,
        "interval": checkout.interval,
        "campaign": checkout.campaign,
        "source": checkout.source,
        "return_to": checkout.return_to,
    }
    return {name: value for name, value in wished.items() if value}


def _retry_at(call: Call, checkout: Checkout) -> datetime | None:
    """When a recurring gift's first payment, which failed, is tried again: the same time as in the mail about it."""
    state = supporters.read_state(call.wiring.table, checkout.supporter or SupporterId(""))
    found = [gift.retry_at for gift in state.standing.recurring if gift.id == checkout.subscription]
    return datetime.fromtimestamp(found[0], UTC) if found and found[0] else None


def _opened(call: Call, checkout: Checkout, giver: OpenSession | None, lang: str) -> tuple[str, datetime | None]:
    """The words for what is open now, and until when; None while a recurring gift goes on.

    Unless the giver is signed in, only what this payment earned counts: whoever typed somebody else's address
    must not learn what that person holds.
    """
    newsroom, table = call.wiring.newsroom, call.wiring.table
    if giver is not None:
        standing = giver.state.standing
    else:
        standing = earned_by(checkout, supporters.read_state(table, checkout.supporter or SupporterId("")))
    held = entitled(standing, newsroom, call.wiring.now())
    tier = newsroom.tier(held.tier)
    if tier is None or held.until is None:
        return "", None
    return tier.opens[lang], None if checkout.subscription else datetime.fromtimestamp(held.until, UTC)


def _mailed(call: Call, checkout: Checkout) -> tuple[str, str]:
    """The masked address that the code went to; or the newsroom's, when no mail can reach the giver."""
    profile = supporters.read_profile(call.wiring.table, checkout.supporter or SupporterId(""))
    if profile is None:
        return "", ""
    if email_address.usable(profile.email) is None:
        return "", sender.read(call.wiring.newsroom.mail_from).address
    return mask_email(profile.email), ""
