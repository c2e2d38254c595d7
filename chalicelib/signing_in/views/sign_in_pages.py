"""The pages of signing in, for browsers without our elements or without JavaScript."""

from collections.abc import Mapping

from chalicelib.http import cookies, page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.hint import session_of
from chalicelib.http.pages import mask_email
from chalicelib.http.problem_words import on_page
from chalicelib.http.return_url import absolute, lenient
from chalicelib.kernel import email_address
from chalicelib.kernel.errors import BadInput, Gone, Problem
from chalicelib.signing_in.actions.confirm import asked_by, asked_lately, ended, find_by_token, open_requests
from chalicelib.signing_in.actions.step_up import is_recent
from chalicelib.signing_in.rows.sign_ins import PendingSignIn
from chalicelib.signing_in.views.pages import ConfirmLinkPage, ConfirmState, EnterCodePage, SignInPage
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rows import supporters


def address(call: Call, problem: Problem | None = None) -> Answer:
    """The page that asks for the address; with a sentence, when the one that was typed was refused.

    Who is signed in and came from a page goes straight back there. A person pressed a link for that, so a wall that
    does not open all the same makes no circle. With `again` they are asked for a new code first, unless they have
    just entered one.
    """
    fields = call.form_fields() if problem else dict(call.query)
    lang = page_answers.language_of(call, fields.get("locale"))
    back = lenient(call, fields.get("return_to"))
    again = bool(fields.get("again"))
    signed_in = None if problem and not again else session_of(call, anew=bool(back))
    proven = signed_in is not None and (not again or is_recent(signed_in, call.wiring.real_now()))
    if back and proven and not problem and not _wants_the_page(call, again=again):
        return see_other(absolute(call, back, ""))
    content = SignInPage(
        email=fields.get("email", "")[:254],
        return_to=absolute(call, back, "") if back else "",
        problem=on_page(call, _about_the_address(problem), lang),
        signed_in_as=_address_of(call, signed_in),
        forgotten=bool(fields.get("forgotten")),
        again=again and signed_in is not None,
    )
    path, status = (None, problem.status) if problem else ("/sign-in", 200)
    return page_answers.page_answer(call, content, lang, path=path, status=status)


def _about_the_address(problem: Problem | None) -> Problem | None:
    """The problem; an empty field counts as a wrong address, as the page has no other field."""
    if problem is None or problem.code != "missing_field":
        return problem
    return BadInput("This does not look like an email address.", code="bad_email", field="email")


def _wants_the_page(call: Call, *, again: bool) -> bool:
    """Whether who is signed in is to see it nevertheless: in the middle of signing in with another address.

    Or sent by a foreign page, which must not learn from where they land whether they are signed in.
    """
    in_the_middle = cookies.started(call, "pending") is not None and not again
    return in_the_middle or call.headers.get("sec-fetch-site") == "cross-site"


def _address_of(call: Call, signed_in: OpenSession | None) -> str:
    profile = supporters.read_profile(call.wiring.table, signed_in.supporter) if signed_in else None
    return email_address.shown(profile.email) if profile else ""


def code(call: Call) -> Answer:
    """The page that asks for the code; in the browser that asked, it shows the mail's address, masked."""
    lang = page_answers.language_of(call)
    asked = _asked(call)
    content = EnterCodePage(
        sent_to=_masked(asked),
        return_to=lenient(call, call.query.get("return_to")),
        asked_here=asked is not None,
        code_over=asked is not None and not code_is_open(call),
        sent_again=call.query.get("sent") == "again",
    )
    return page_answers.page_answer(call, content, lang, path="/sign-in")


def link(call: Call, token: str, problem: Problem | None = None, typed: Mapping[str, str] | None = None) -> Answer:
    """The page behind a mailed link: a button; elsewhere than in the browser that asked, a field for the code too."""
    wiring = call.wiring
    request = find_by_token(wiring.table, token, wiring.real_now())
    asked = typed or {}
    lang = page_answers.language_of(
        call, asked.get("lang"), call.query.get("lang"), request.language if request else None
    )
    state = ConfirmState.ENDED
    if request is not None:
        here = asked_by(request, cookies.started(call, "pending"))
        state = ConfirmState.SAME_BROWSER if here else ConfirmState.OTHER_BROWSER
    content = ConfirmLinkPage(
        token="" if request is None else token,
        state=state,
        return_to=(request.return_to or "") if request else "",
        problem=on_page(call, problem, lang) if request else "",
        typed=to_correct(asked, problem),
        remember="remember" in asked or typed is None,
        sent_to=_sent_to(call) if request is None else "",
    )
    # Not 410 for a link that has ended: some mail programs show nothing of a page with an error status.
    path = f"/v1/sign-in/{token}" if request and not problem else None
    return page_answers.page_answer(call, content, lang, path=path, status=problem.status if problem else 200)


def refused(call: Call, problem: Problem) -> Answer:
    """The page that a code was entered on, again, with what was typed and what was wrong."""
    typed = call.form_fields()
    if typed.get("token"):
        return link(call, typed["token"], problem, typed)
    lang, over = page_answers.language_of(call, typed.get("lang")), not code_is_open(call)
    content = EnterCodePage(
        sent_to=_sent_to(call),
        return_to=lenient(call, typed.get("return_to")),
        remember="remember" in typed,
        problem=on_page(call, last_guess(problem, over=over), lang),
        typed=to_correct(typed, problem),
        code_over=over,
    )
    return page_answers.page_answer(call, content, lang, status=problem.status)


def to_correct(typed: Mapping[str, str], problem: Problem | None) -> str:
    """The code as it was typed, for the field; empty when it has ended, so that correcting it would not help."""
    return "" if isinstance(problem, Gone) else typed.get("code", "")[:_LONGEST_CODE]


_LONGEST_CODE = 200  # characters, as many as the form takes


def code_is_open(call: Call) -> bool:
    """Whether any code that this browser asked for may still be tried."""
    table, pending = call.wiring.table, cookies.started(call, "pending")
    return next(open_requests(table, pending, call.wiring.real_now()), None) is not None


def last_guess(problem: Problem, *, over: bool) -> Problem:
    """The problem as it stands now: whose last guess was wrong has nothing left to correct."""
    return ended() if over and problem.code == "wrong_code" else problem


def _asked(call: Call) -> PendingSignIn | None:
    return asked_lately(call.wiring.table, cookies.started(call, "pending"), call.wiring.real_now())


def _sent_to(call: Call) -> str:
    return _masked(_asked(call))


def _masked(asked: PendingSignIn | None) -> str:
    return mask_email(asked.email) if asked and not asked.unnamed else ""
