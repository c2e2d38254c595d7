"""The supporter's own page, and its buttons."""

from urllib.parse import urlencode

from chalicelib.account.actions.history import history
from chalicelib.account.actions.manage import own_account
from chalicelib.account.views.account_page import account_page
from chalicelib.http import cookies, page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.forms import read_body
from chalicelib.http.hint import session_of
from chalicelib.http.problem_words import on_page
from chalicelib.kernel.errors import Problem
from chalicelib.signing_in.views.forms import SignOutForm
from chalicelib.signing_in.views.session_answers import signed_out
from chalicelib.supporters.actions import sessions
from chalicelib.supporters.actions.sessions import OpenSession

_GIFTS = 12  # of everything that was given: the rest is behind a link, so that the page stays light


def show(call: Call) -> Answer:
    """`GET /account`; who is not signed in is sent to sign in, and comes back here."""
    wiring = call.wiring
    signed_in = session_of(call)
    if signed_in is None:
        here = f"{wiring.settings.public_url}/account"
        query = urlencode({"return_to": here, "lang": page_answers.language_of(call)})
        return see_other(f"{wiring.settings.public_url}/sign-in?{query}")
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
    wiring = call.wiring
    account = own_account(wiring.table, signed_in.state, wiring.newsroom, now=wiring.now())
    after = call.query.get("after") or None
    shown = history(wiring.table, signed_in.state, after=after, most=_GIFTS)
    lang = page_answers.language_of(call, wanted, account.profile.language)
    page = account_page(call, account, shown, lang, problem=on_page(call, problem, lang), later=after is not None)
    path, status = (None, problem.status) if problem else ("/account", 200)
    return page_answers.page_answer(call, page, lang, path=path, status=status)
