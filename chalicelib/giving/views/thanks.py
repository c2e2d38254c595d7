"""`GET /thanks/{id}`: the thank-you page, with words for every state a payment can be in."""

from dataclasses import replace

from chalicelib.checkouts.rows import checkouts
from chalicelib.giving.actions.return_from_checkout import CheckoutView
from chalicelib.giving.views import checkout_view
from chalicelib.giving.views.sign_in_after_payment import (
    giver_of,
    mail_code_again,
    mail_sign_in_code,
    signed_in_here,
    started_here,
)
from chalicelib.giving.views.thanks_page import page_of
from chalicelib.http import page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.forms import read_body
from chalicelib.http.problem_words import on_page
from chalicelib.kernel.errors import NotFound, Problem
from chalicelib.signing_in.views.forms import ConfirmPage
from chalicelib.signing_in.views.sign_in_pages import code_is_open, last_guess, to_correct


def show(call: Call) -> Answer:
    """Answer with the page. It shows what is personal only to the browser that started the checkout."""
    session_id = call.params["id"]
    view = checkout_view.view_checkout(call, session_id)
    lang = page_answers.language_of(call, call.query.get("lang"), view.checkout.language)
    session = signed_in_here(call, view.checkout)
    cookies = mail_sign_in_code(call, view.checkout, giver_of(view.checkout, session))
    page = page_of(call, view, session, lang)
    page = replace(page, code_over=not cookies and not code_is_open(call), sent_again=bool(call.query.get("sent")))
    if page.wrong_address:
        claim = call.query.get("claim")
        page = replace(page, wrong_address=replace(page.wrong_address, sent=claim == "sent"))
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
    session = signed_in_here(call, checkout)
    page = page_of(
        call,
        CheckoutView(checkout, asked=True),
        session,
        lang,
        on_page(call, last_guess(problem, over=over), lang),
    )
    page = replace(page, typed=to_correct(typed, problem), remember="remember" in typed, code_over=over)
    return page_answers.page_answer(call, page, lang, status=problem.status)


def claim_again(call: Call, problem: Problem) -> Answer | None:
    """The page again, for the browser that paid, after a form for a mistyped address was refused."""
    typed, checkout = call.form_fields(), checkouts.read(call.wiring.table, call.params["id"])
    if checkout is None or checkout.status != "paid" or not started_here(call, checkout):
        return None
    lang = page_answers.language_of(call, typed.get("lang"))
    page = page_of(call, CheckoutView(checkout, asked=True), signed_in_here(call, checkout), lang)
    if page.wrong_address is None:
        return None
    sent = "code" in typed
    refused = replace(
        page.wrong_address,
        sent=sent,
        typed=typed.get("code" if sent else "email", "")[:254],
        problem=on_page(call, problem, lang),
    )
    page = replace(page, wrong_address=refused, code_over=not code_is_open(call))
    return page_answers.page_answer(call, page, lang, status=problem.status)
