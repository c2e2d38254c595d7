"""The link that a gift's own address gets: what the statement would do, and the button that confirms it."""

from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlencode

from chalicelib.http import page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.forms import read_body
from chalicelib.http.problem_words import on_page
from chalicelib.kernel import link_tokens
from chalicelib.kernel.errors import Problem
from chalicelib.leaving.actions.carry_out import plan_for
from chalicelib.leaving.actions.decide import confirm
from chalicelib.leaving.actions.follow import Follower, follow
from chalicelib.leaving.rows import statements
from chalicelib.leaving.rules.plan import GiveBack, LeavingPlan, Stop
from chalicelib.leaving.rules.statements import LeavingStatement
from chalicelib.leaving.views.forms import Confirmation
from chalicelib.leaving.views.leave import unknown_statement
from chalicelib.leaving.views.pages import ConfirmStatementPage, ConfirmStep
from chalicelib.supporters.rules.access import RecurringGift

State = Literal["ask", "done", "under_way", "desk", "settled"]


def show(call: Call) -> Answer:
    """`GET /statements/{token}/confirm`: the page with the button; mail scanners come here too."""
    return _page(call, call.query.get("lang"))


def do(call: Call) -> Answer:
    """`POST /statements/{token}/confirm`: confirm it, and carry it out as far as that is possible now."""
    form = read_body(call, Confirmation)
    wiring = call.wiring
    asked = _statement(call)
    confirm(wiring.table, asked.id, by="link", target=form.gift or "", now=wiring.now())
    # What does not work now, the sweep does: the confirmation is stored.
    follow(asked.id, Follower(wiring.stripe_deps, wiring.mail_sender, wiring.now(), wiring.real_now()))
    if not call.is_form:
        after = statements.read(wiring.table, asked.id)
        return Answer({"done": after is not None and after.status == "done"})
    query = urlencode({"lang": page_answers.language_of(call, form.lang)})
    return see_other(f"{wiring.settings.public_url}{_path(call)}?{query}")


def again(call: Call, problem: Problem) -> Answer:
    """The page again, with why it could not be confirmed."""
    return _page(call, call.form_fields().get("lang"), problem)


def _page(call: Call, asked: str | None, problem: Problem | None = None) -> Answer:
    wiring, statement = call.wiring, _statement(call)
    lang = page_answers.language_of(call, asked)
    state = _state(statement)
    todo = plan_for(statement, wiring.table, wiring.newsroom, wiring.now()) if state == "ask" else LeavingPlan()
    page = ConfirmStatementPage(
        statement.kind,
        call.params["token"],
        statement.reference,
        _time(statement.received_at),
        state,
        (*map(_stopping, todo.stops), *map(_giving_back, todo.give_backs), *map(_stopped, todo.stopped)),
        todo.too_late,
        on_page(call, problem, lang),
    )
    return page_answers.page_answer(call, page, lang, path=_path(call), status=problem.status if problem else 200)


def _statement(call: Call) -> LeavingStatement:
    named = link_tokens.read("statement", call.params["token"], call.wiring.secrets["SPILNO_EMAIL_KEY"])
    statement = statements.read(call.wiring.table, named) if named else None
    if statement is None:
        raise unknown_statement()
    return statement


def _state(statement: LeavingStatement) -> State:
    if statement.status in ("received", "waiting"):
        return "desk" if statement.by else "ask"
    states: dict[str, State] = {"acting": "under_way", "done": "done"}
    return states.get(statement.status, "settled")


def _stopping(stop: Stop) -> ConfirmStep:
    payments = tuple(map(_time, stop.payments))
    return _step("stop", stop.gift, ends_at=_time(stop.ends_at), payments=payments)


def _giving_back(back: GiveBack) -> ConfirmStep:
    if back.gift is not None:
        return _step("give_back", back.gift, given=back.amount)
    [payment] = back.payments
    given_at = _time(payment.occurred_at)
    return ConfirmStep(
        "give_back", payment.id, payment.amount, payment.currency, given=back.amount, given_at=given_at
    )


def _stopped(gift: RecurringGift) -> ConfirmStep:
    return _step("stopped", gift, ends_at=_time(gift.ends_at) if gift.ends_at else None)


def _step(what: Literal["stop", "give_back", "stopped"], gift: RecurringGift, **more: object) -> ConfirmStep:
    return ConfirmStep(what, gift.id, gift.amount, gift.currency, gift.interval, gift.interval_count, **more)  # type: ignore[arg-type] # passed on by name


def _path(call: Call) -> str:
    return f"/statements/{call.params['token']}/confirm"


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
