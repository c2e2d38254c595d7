"""A supporter's own address: the page with both forms, and the calls behind it."""

from urllib.parse import urlencode

from chalicelib.account.actions.own_address import ask_change, confirm_change, profile_of
from chalicelib.account.actions.prove_address import WhoAsks, waiting
from chalicelib.account.rows import corrections
from chalicelib.account.views.forms import AddressCode, ChangeAddress
from chalicelib.account.views.pages import AddressPage
from chalicelib.http import cookies, page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.forms import read_body
from chalicelib.http.hint import session_of
from chalicelib.http.problem_words import on_page
from chalicelib.kernel import email_address
from chalicelib.kernel.errors import Problem
from chalicelib.signing_in.actions.require_session import require_session
from chalicelib.signing_in.actions.step_up import is_recent
from chalicelib.signing_in.views.sign_in_first import sign_in_first
from chalicelib.signing_in.views.step_up import sign_in_again
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rows.sessions import name_of

_PAGE = "/account/email"


def ask(call: Call) -> Answer:
    """`POST /v1/me/email`: mail a code to the new address; the same answer for every address."""
    signed_in = require_session(session_of(call))
    form = read_body(call, ChangeAddress)
    ask_change(signed_in, form.email, who_asks(call), call.wiring.mail_sender, now=call.wiring.real_now())
    return _to_page(call, form.lang, sent="1") if call.is_form else Answer({"sent": True}, 202)


def confirm(call: Call) -> Answer:
    """`POST /v1/me/email/confirm`: the code came back, so that the new address is the supporter's."""
    signed_in = require_session(session_of(call))
    form, wiring = read_body(call, AddressCode), call.wiring
    email = confirm_change(
        signed_in,
        name_of(cookies.read(call, "session")),
        form.code,
        wiring.mail_sender,
        now=wiring.now(),
        real_now=wiring.real_now(),
    )
    return _to_page(call, form.lang, done="1") if call.is_form else Answer({"email": email})


def show(call: Call) -> Answer:
    """`GET /account/email`: asks for the new address, then for its code; before it asks, for a fresh sign-in."""
    signed_in = session_of(call)
    if signed_in is None:
        return sign_in_first(call, _PAGE)
    page = _page(call, signed_in, typed=call.query.get("email", ""), done=bool(call.query.get("done")))
    if not (page.waits_for or page.done or is_recent(signed_in, call.wiring.real_now())):
        return sign_in_again(call, _back(call, page.typed))
    return page_answers.page_answer(call, page, _language(call, signed_in, call.query.get("lang")), path=_PAGE)


def again(call: Call, problem: Problem) -> Answer | None:
    """The page again, with what was typed and what went wrong; None for who is not signed in."""
    typed, signed_in = call.form_fields(), session_of(call)
    if signed_in is None:
        return None
    if problem.code == "sign_in_again":
        return sign_in_again(call, _back(call, typed.get("email", "")))
    lang = _language(call, signed_in, typed.get("lang"))
    page = _page(call, signed_in, typed.get("email", ""), code=typed.get("code", ""), problem=problem, lang=lang)
    return page_answers.page_answer(call, page, lang, status=problem.status)


def who_asks(call: Call) -> WhoAsks:
    """Who asks for a code, as budgets of mails count it."""
    known = cookies.started(call, "known")
    return WhoAsks(call.client, known.fingerprint() if known else None)


def _page(
    call: Call,
    signed_in: OpenSession,
    typed: str = "",
    *,
    code: str = "",
    problem: Problem | None = None,
    lang: str = "",
    done: bool = False,
) -> AddressPage:
    asked = waiting(call.wiring.table, signed_in.state, corrections.OWN, call.wiring.real_now())
    return AddressPage(
        email=email_address.shown(profile_of(call.wiring.table, signed_in).email),
        typed=typed[:254],
        waits_for=email_address.shown(asked.email) if asked else "",
        code=code[:200],
        problem=on_page(call, problem, lang) if problem else "",
        problem_of="code" if problem and code else "email",
        done=done,
    )


def _language(call: Call, signed_in: OpenSession, asked: str | None) -> str:
    return page_answers.language_of(call, asked, profile_of(call.wiring.table, signed_in).language)


def _to_page(call: Call, lang: str | None, **shown: str) -> Answer:
    query = urlencode({"lang": page_answers.language_of(call, lang), **shown})
    return see_other(f"{call.wiring.settings.public_url}{_PAGE}?{query}")


def _back(call: Call, typed: str) -> str:
    query = f"?{urlencode({'email': typed[:254]})}" if typed else ""
    return f"{call.wiring.settings.public_url}{_PAGE}{query}"
