"""`/go/{token}`: where the links of our mails lead. The page that a mail is about opens in a browser of its reader's.

The token says whose mail it was, and proves nothing more: a mail may be forwarded, and a scanner follows its links.
So nobody is signed in by it. A browser that is signed in as that supporter goes straight on; any other sees one
button, which mails a code to the address that the mail came to. Nothing about that person is shown (decision 0074).
"""

from urllib.parse import quote, urlencode

from chalicelib.http import cookies, page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.forms import read_body
from chalicelib.http.hint import session_of
from chalicelib.http.problem_words import on_page
from chalicelib.http.return_url import absolute, checked, lenient
from chalicelib.kernel import email_address, link_tokens
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import Problem
from chalicelib.kernel.ids import SupporterId
from chalicelib.reading.actions.who_reads import who_reads
from chalicelib.signing_in.views.forms import FromMail
from chalicelib.signing_in.views.pages import FromMailPage
from chalicelib.signing_in.views.sign_in import mailed
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rows import supporters

_ACCOUNT = "/account"


def show(call: Call) -> Answer:
    """`GET /go/{token}?return_to=`: on to the page, or a page with one button. Changes nothing and mails nothing."""
    back = _back(call, call.query.get("return_to"))
    signed_in = session_of(call, anew=True)
    address = _address(call)
    if signed_in is not None and signed_in.supporter == _reader(call):
        return _lead(absolute(call, back, _ACCOUNT))
    if not _is_ours(call, back) and _may_read(call, signed_in):
        return _lead(absolute(call, back, _ACCOUNT))
    if address is None:
        return _lead(_sign_in(call, {"return_to": back}))
    return _page(call, back, other=signed_in is not None)


def send(call: Call) -> Answer:
    """`POST /go/{token}`: mail a code to the address that the mail came to; then the page for the code, and on."""
    form = read_body(call, FromMail)
    back = checked(call, form.return_to) or _ACCOUNT
    address = _address(call)
    if address is None:
        return see_other(_sign_in(call, {"return_to": back}))
    lang = page_answers.language_of(call, form.lang)
    cookie = mailed(call, address, lang, back, unnamed=True)
    return see_other(_sign_in(call, {"sent": "1", "return_to": back}), [cookie])


def again(call: Call, problem: Problem) -> Answer:
    """The page again, where no code could be mailed."""
    back = lenient(call, call.form_fields().get("return_to"))
    return _page(call, back, problem=problem)


def _page(call: Call, back: str, *, other: bool = False, problem: Problem | None = None) -> Answer:
    typed = call.form_fields() if problem else {}
    lang = page_answers.language_of(call, typed.get("lang"))
    token = call.params["token"]
    page = FromMailPage(token, back, other=other, problem=on_page(call, problem, lang))
    path = None if problem else f"/go/{quote(token, safe='~')}"
    return page_answers.page_answer(call, page, lang, path=path, status=problem.status if problem else 200)


def _back(call: Call, wanted: str | None) -> str:
    """Where the mail's reader goes; a gift that came from no page leads to the website's front page."""
    return lenient(call, wanted) or next((f"{site}/" for site in call.wiring.settings.site_origins), _ACCOUNT)


def _is_ours(call: Call, back: str) -> bool:
    return back.startswith(("/", f"{call.wiring.settings.public_url}/"))


def _reader(call: Call) -> SupporterId | None:
    """Whose mail it was, today; None unless we made the link."""
    wiring = call.wiring
    named = link_tokens.read("mail", call.params["token"], wiring.secrets["SPILNO_EMAIL_KEY"])
    return supporters.who_now(wiring.table, SupporterId(named)) if named else None


def _address(call: Call) -> EmailAddress | None:
    """The address that a code can go to; None for a link that is none, and for whoever was erased."""
    reader = _reader(call)
    profile = supporters.read_profile(call.wiring.table, reader) if reader else None
    return email_address.usable(profile.email) if profile and profile.email else None


def _may_read(call: Call, signed_in: OpenSession | None) -> bool:
    """Whether somebody is signed in here, or paid here within a day: an article needs no more."""
    wiring = call.wiring
    started = cookies.started(call, "checkout")
    real_now, now = wiring.real_now(), wiring.now()
    reader = who_reads(signed_in, started, wiring.table, wiring.newsroom, real_now=real_now, now=now)
    call.hint.found(reader.holds_for, anew=True)
    return reader.sub is not None


def _sign_in(call: Call, query: dict[str, str]) -> str:
    lang = page_answers.language_of(call, call.form_fields().get("lang") if call.is_form else None)
    given = {name: value for name, value in query.items() if value}
    return f"{call.wiring.settings.public_url}/sign-in?{urlencode({'lang': lang, **given})}"


def _lead(address: str) -> Answer:
    # Mails are opened on pages of other sites (webmail), so a foreign page may lead here as well. Cut off from the
    # window that it opened, it does not learn which of the two it became.
    return see_other(address)._replace(headers={"Location": address, "Cross-Origin-Opener-Policy": "same-origin"})
