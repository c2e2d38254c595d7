"""The routes of signing in: ask for a mail, open its link, confirm."""

from urllib.parse import urlencode

from chalicelib.http import cookies, page_answers
from chalicelib.http.call import Answer, Call, Cookie, see_other
from chalicelib.http.device import kind_of
from chalicelib.http.forms import read_body
from chalicelib.http.return_url import absolute, checked
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import Problem
from chalicelib.signing_in.actions.adopt_customers import adopt_customers
from chalicelib.signing_in.actions.ask import SignInRequest, ask_sign_in
from chalicelib.signing_in.actions.confirm import Confirmed, Proof, asked_lately, confirm_sign_in
from chalicelib.signing_in.views import sign_in_pages
from chalicelib.signing_in.views.forms import Confirm, ConfirmPage, SignIn
from chalicelib.signing_in.views.session_answers import session_answer, session_cookie
from chalicelib.supporters.actions import sessions


def show(call: Call) -> Answer:
    """`GET /sign-in`: asks for the address; after that, with `sent=1`, for the code."""
    return sign_in_pages.code(call) if call.query.get("sent") else sign_in_pages.address(call)


def show_link(call: Call) -> Answer:
    """`GET /v1/sign-in/{token}`: a page with a button. Mail scanners come here too, so nothing is used up."""
    return sign_in_pages.link(call, call.params["token"])


def ask(call: Call) -> Answer:
    """`POST /v1/sign-in`: ask for a mail; the same answer for every address."""
    form = read_body(call, SignIn)
    return_to = checked(call, form.return_to)
    # A page of ours has the browser's language; an element sends the language of the page that it is on.
    lang = page_answers.language_of(call, form.locale) if call.is_form else call.wiring.newsroom.language(form.locale)
    cookie = mailed(call, form.email, lang, return_to)
    if not call.is_form:
        return Answer({"sent": True}, 202, cookies=[cookie])
    return _to_sign_in(call, {"sent": "1", "lang": lang, "return_to": return_to or ""}, [cookie])


def send_again(call: Call) -> Answer:
    """`POST /v1/sign-in/again`: the second button beside the code's field sends a new one to the same address."""
    form = read_body(call, ConfirmPage)
    return_to = checked(call, form.return_to)
    lang = page_answers.language_of(call, form.lang)
    asked = asked_lately(call.wiring.table, cookies.started(call, "pending"), call.wiring.real_now())
    if asked is None:
        return _to_sign_in(call, {"forgotten": "1", "lang": lang, "return_to": return_to or ""}, [])
    cookie = mailed(call, asked.email, lang, return_to or asked.return_to, unnamed=bool(asked.unnamed))
    return _to_sign_in(call, {"sent": "again", "lang": lang, "return_to": return_to or ""}, [cookie])


def mailed(call: Call, email: EmailAddress, lang: str, return_to: str | None, *, unnamed: bool = False) -> Cookie:
    """Mail a code to this address, as far as limits and budgets allow; answers the pending cookie of this browser.

    :param unnamed: who asks did not say the address, so no page here shows it.
    """
    known = cookies.started(call, "known")
    asking = SignInRequest(
        email,
        lang,
        return_to,
        browser=cookies.started(call, "pending"),
        client=call.client,
        known=known.fingerprint() if known else None,
        unnamed=unnamed,
    )
    pending = ask_sign_in(asking, call.wiring.mail_sender, now=call.wiring.real_now())
    return cookies.write(call, "pending", pending.value(), cookies.PENDING_AGE)


def _to_sign_in(call: Call, query: dict[str, str], set_cookies: list[Cookie]) -> Answer:
    given = urlencode({name: value for name, value in query.items() if value})
    return see_other(f"{call.wiring.settings.public_url}/sign-in?{given}", set_cookies)


def ask_again(call: Call, problem: Problem) -> Answer:
    """The page that asks for the address, again, with the one that was typed."""
    return sign_in_pages.address(call, problem)


def confirm_again(call: Call, problem: Problem) -> Answer:
    """The page that asks for the code, again, with what was typed."""
    return sign_in_pages.refused(call, problem)


def confirm(call: Call) -> Answer:
    """`POST /v1/sign-in/confirm`: signs in the browser that presses, never another."""
    form: Confirm | ConfirmPage = read_body(call, ConfirmPage) if call.is_form else read_body(call, Confirm)
    return_to = checked(call, form.return_to)
    known = cookies.started(call, "known") or cookies.new_browser()
    proof = Proof(
        form.code,
        form.token,
        cookies.started(call, "pending"),
        client=call.client,
        known=known if form.remember else None,
        kind=kind_of(call),
    )
    wiring = call.wiring
    confirmed = confirm_sign_in(
        wiring.table,
        proof,
        remember=form.remember,
        email_key=wiring.secrets["SPILNO_EMAIL_KEY"],
        now=wiring.now(),
        real_now=wiring.real_now(),
    )
    return _signed_in(call, confirmed, return_to, known if form.remember else None)


def _signed_in(call: Call, confirmed: Confirmed, return_to: str | None, known: cookies.Started | None) -> Answer:
    # The session of whoever was signed in here before ends: a new one begins, none is continued.
    sessions.end_session(call.wiring.table, cookies.read(call, "session"))
    adopt_customers(call.wiring.table, confirmed.signed_in.state, cookies.started(call, "checkout"))
    cookies_set: list[Cookie] = [
        session_cookie(call, confirmed.secret, remember=known is not None),
        cookies.forget(call, "pending"),
        *([cookies.write(call, "known", known.value(), cookies.KNOWN_AGE)] if known else []),
    ]
    answer = session_answer(call, confirmed.signed_in, cookies_set, anew=True)
    if not call.is_form:
        return answer
    return see_other(absolute(call, return_to or confirmed.return_to, "/account"), answer.cookies)
