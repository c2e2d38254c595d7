"""The pages of signing in, for browsers without our elements or without JavaScript."""

from chalicelib.actions.confirm_sign_in import asked_by, find_by_token, open_requests
from chalicelib.domain.errors import Problem
from chalicelib.web import cookies, framing, pages
from chalicelib.web.forms import Confirm
from chalicelib.web.forms.signing_in import ConfirmPage
from chalicelib.web.going_back import lenient
from chalicelib.web.http import Answer, Call
from chalicelib.web.pages import ConfirmState, EnterCode, SignIn, mask_email


def address(call: Call, problem: Problem | None = None) -> Answer:
    """Asks for the address; again with a sentence when that was not one."""
    fields = call.form_fields() if problem else dict(call.query)
    lang = framing.language_of(call, fields.get("locale"))
    content = SignIn(
        email=fields.get("email", "")[:254],
        return_to=lenient(call, fields.get("return_to")),
        problem=_sentence(call, problem, lang),
    )
    path = None if problem else "/sign-in"
    return framing.framed(call, content, lang, path=path, status=problem.status if problem else 200)


def code(call: Call) -> Answer:
    """Asks for the code, and says where it went: to the browser that asked, and only half."""
    lang = framing.language_of(call)
    content = EnterCode(sent_to=_sent_to(call), return_to=lenient(call, call.query.get("return_to")))
    return framing.framed(call, content, lang, path="/sign-in")


def link(call: Call, token: str, problem: Problem | None = None) -> Answer:
    """The page behind a mailed link: a button; elsewhere than in the browser that asked, a field for the code too."""
    wiring = call.wiring
    request = find_by_token(wiring.table, token, wiring.real_now())
    lang = framing.language_of(call, call.query.get("lang"), request.language if request else None)
    state = ConfirmState.ENDED
    if request is not None:
        here = asked_by(request, cookies.started(call, "pending"))
        state = ConfirmState.SAME_BROWSER if here else ConfirmState.OTHER_BROWSER
    content = pages.Confirm(
        token="" if request is None else token,
        state=state,
        return_to=(request.return_to or "") if request else "",
        problem=_sentence(call, problem, lang) if request else "",
    )
    # Not 410 for what has ended: some mail programs show nothing of a page with an error's status.
    path = f"/v1/sign-in/{token}" if request and not problem else None
    return framing.framed(call, content, lang, path=path, status=problem.status if problem else 200)


def refused(call: Call, form: Confirm | ConfirmPage, problem: Problem) -> Answer:
    """The page again, with what was wrong."""
    if form.token:
        return link(call, form.token, problem)
    lang = framing.language_of(call, form.lang if isinstance(form, ConfirmPage) else None)
    content = EnterCode(
        sent_to=_sent_to(call),
        return_to=lenient(call, form.return_to),
        remember=form.remember,
        problem=_sentence(call, problem, lang),
    )
    return framing.framed(call, content, lang, status=problem.status)


def _sent_to(call: Call) -> str:
    request = next(open_requests(call.wiring.table, cookies.started(call, "pending"), call.wiring.real_now()), None)
    return mask_email(request.email) if request else ""


def _sentence(call: Call, problem: Problem | None, lang: str) -> str:
    if problem is None:
        return ""
    told = pages.Problem(problem.status, problem.code, problem.title)
    return pages.problem_sentence(told, framing.chrome(call, lang))
