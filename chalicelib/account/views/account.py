"""The supporter's own page, and its buttons."""

from dataclasses import replace

from chalicelib.account.actions.manage import account_of
from chalicelib.account.views.account_page import account_page
from chalicelib.account.views.given_lines import given_lines
from chalicelib.http import cookies, page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.forms import read_body
from chalicelib.http.hint import session_of
from chalicelib.http.problem_words import on_page
from chalicelib.kernel.errors import Problem
from chalicelib.receipts.actions.history import GivingHistory
from chalicelib.receipts.rules.cursors import place_of
from chalicelib.signing_in.views.forms import SignOutForm
from chalicelib.signing_in.views.session_answers import signed_out
from chalicelib.signing_in.views.sign_in_first import sign_in_first
from chalicelib.supporters.actions import sessions
from chalicelib.supporters.actions.sessions import OpenSession


def show(call: Call) -> Answer:
    """`GET /account`; who is not signed in is sent to sign in, and comes back here."""
    signed_in = session_of(call)
    if signed_in is None:
        return sign_in_first(call, "/account")
    return _page(call, signed_in, call.query.get("lang"))


def again(call: Call, problem: Problem) -> Answer | None:
    """The page again, after one of its buttons could not do what it says; None for who is not signed in."""
    signed_in = session_of(call)
    return None if signed_in is None else _page(call, signed_in, call.form_fields().get("lang"), problem)


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


def _page(call: Call, signed_in: OpenSession, wanted: str | None, problem: Problem | None = None) -> Answer:
    wiring, state = call.wiring, signed_in.state
    account = account_of(wiring.table, state, wiring.newsroom, now=wiring.now())
    given = GivingHistory.of(wiring).all_given(state.id)
    behind = place_of(call.query.get("after", ""))
    lang = page_answers.language_of(call, wanted, account.profile.language)
    page = account_page(call, account, lang, given_lines(given, state.standing, wiring.newsroom.zone, behind))
    # What a new card came to is told by Stripe's events, some seconds after its page has led back here.
    checking = call.query.get("card") == "new" and bool(page.late)
    page = replace(page, problem=on_page(call, problem, lang), checking=checking)
    path, status = (None, problem.status) if problem else ("/account", 200)
    return page_answers.page_answer(call, page, lang, path=path, status=status)
