"""A supporter's own data: the page, the export, and asking to be erased."""

from datetime import UTC, datetime

from chalicelib.http import page_answers
from chalicelib.http.call import Answer, Call, Cookie, see_other
from chalicelib.http.forms import read_body, read_query
from chalicelib.http.hint import session_of
from chalicelib.http.problem_words import on_page
from chalicelib.kernel.client_limits import check_rate
from chalicelib.kernel.errors import Problem
from chalicelib.kernel.moments import rfc3339
from chalicelib.privacy.actions.ask import GRACE, Asking, ask_erasure
from chalicelib.privacy.actions.export import export, gifts
from chalicelib.privacy.views.forms import EraseForm, ExportPart
from chalicelib.privacy.views.pages import DataPage
from chalicelib.signing_in.actions.require_session import require_session
from chalicelib.signing_in.actions.step_up import is_recent, require_recent
from chalicelib.signing_in.views.session_answers import signed_out
from chalicelib.signing_in.views.sign_in_first import sign_in_first
from chalicelib.signing_in.views.step_up import sign_in_again
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rows.erasures import Erasure
from chalicelib.supporters.rules.access import ENDED

_PAGE = "/account/data"
_EXPORTS = 30  # of one supporter in ten minutes: a long life has some parts
_CSV = "text/csv; charset=utf-8"


def show(call: Call) -> Answer:
    """`GET /account/data`: what we hold, how to take it along and how to have it erased; after a fresh sign-in."""
    signed_in = session_of(call)
    if signed_in is None and call.query.get("asked"):
        return page_answers.page_answer(call, DataPage(asked=True), page_answers.language_of(call), path=_PAGE)
    if signed_in is None:
        return sign_in_first(call, _PAGE)
    if not is_recent(signed_in, call.wiring.real_now()):
        return sign_in_again(call, _back(call))
    return _answer(call, signed_in, call.query.get("lang"))


def again(call: Call, problem: Problem) -> Answer | None:
    """The page again, with what went wrong; to the sign-in for whose is too old, None for who is not signed in."""
    signed_in = session_of(call)
    if signed_in is None:
        return None
    if not is_recent(signed_in, call.wiring.real_now()):
        return sign_in_again(call, _back(call))
    return _answer(call, signed_in, call.form_fields().get("lang"), problem)


def take_along(call: Call) -> Answer:
    """`GET /v1/me/export`: everything that we hold about the supporter, as a file."""
    signed_in = require_session(session_of(call))
    asked, wiring = read_query(call, ExportPart), call.wiring
    if call.wants_html and not is_recent(signed_in, wiring.real_now()):
        return sign_in_again(call, _back(call))
    require_recent(signed_in, wiring.real_now())
    key = wiring.secrets["SPILNO_EMAIL_KEY"]
    check_rate(wiring.table, "exports", signed_in.supporter, limit=_EXPORTS, key=key, now=wiring.real_now())
    if asked.part == "gifts":
        return Answer(gifts(wiring.table, signed_in.supporter), 200, _CSV, _as_file("gifts.csv"))
    found = export(wiring.table, signed_in.supporter, key=key, now=wiring.now(), part=asked.part)
    return Answer(found, headers=_as_file("my-data.json"))


def erase(call: Call) -> Answer:
    """`DELETE /v1/me`: end recurring gifts, and erase everything in seven days."""
    asked, gone = _asked(call, require_session(session_of(call)))
    return Answer({"erase_on": rfc3339(asked.erase_on)}, 202, cookies=gone)


def erase_by_form(call: Call) -> Answer:
    """`POST /account/erase`: the same, by the form of the page."""
    signed_in = require_session(session_of(call))
    form = read_body(call, EraseForm)
    _, gone = _asked(call, signed_in)
    lang = page_answers.language_of(call, form.lang)
    return see_other(f"{call.wiring.settings.public_url}{_PAGE}?asked=1&lang={lang}", gone)


def _asked(call: Call, signed_in: OpenSession) -> tuple[Erasure, list[Cookie]]:
    wiring = call.wiring
    require_recent(signed_in, wiring.real_now())
    asking = Asking(wiring.stripe_deps, wiring.mail_sender, wiring.now(), wiring.real_now())
    return ask_erasure(signed_in.supporter, asking), signed_out(call, everywhere=True)


def _answer(call: Call, signed_in: OpenSession, lang_asked: str | None, problem: Problem | None = None) -> Answer:
    wiring = call.wiring
    profile = supporters.read_profile(wiring.table, signed_in.supporter)
    lang = page_answers.language_of(call, lang_asked, profile.language if profile else None)
    page = DataPage(
        erase_on=datetime.fromtimestamp(wiring.now() + GRACE, UTC),
        runs=any(gift.status not in ENDED for gift in signed_in.state.standing.recurring),
        problem=on_page(call, problem, lang) if problem else "",
    )
    return page_answers.page_answer(call, page, lang, path=_PAGE, status=problem.status if problem else 200)


def _back(call: Call) -> str:
    return f"{call.wiring.settings.public_url}{_PAGE}"


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
