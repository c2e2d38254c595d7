"""Cancelling and withdrawing without signing in: two pages, what their button declares, and its receipt.

No cookie is read here, and nobody is looked up.
"""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from chalicelib.http import page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.forms import read_body
from chalicelib.http.problem_words import on_page
from chalicelib.kernel import ids, link_tokens
from chalicelib.kernel.errors import BadInput, NotFound, Problem
from chalicelib.kernel.law import WayOut
from chalicelib.kernel.moments import rfc3339
from chalicelib.leaving.actions.receive import StatementSender, receive
from chalicelib.leaving.rows import statements
from chalicelib.leaving.rules.statements import LONGEST_COMMENT, LeavingStatement
from chalicelib.leaving.rules.typed_words import as_line, as_text
from chalicelib.leaving.views.forms import NewStatement
from chalicelib.leaving.views.pages import LeavePage, StatementPage
from chalicelib.mail.rules.statement_mails import StatementReceived

_FURTHEST = timedelta(days=5 * 366)  # nobody means a later day, and a provider takes none
_SHOWN_AGAIN = 1000  # characters of a field that was refused


def cancel(call: Call) -> Answer:
    """`GET /cancel`: the page that stops a support."""
    return _page(call, "cancel", call.query, page_answers.language_of(call))


def withdraw(call: Call) -> Answer:
    """`GET /withdraw`: the page that withdraws from one."""
    return _page(call, "withdraw", call.query, page_answers.language_of(call))


def declare(call: Call) -> Answer:
    """`POST /v1/cancellations`: store what was declared; the same answer for every address."""
    form = read_body(call, NewStatement)
    _refuse_impossible(form.when, _today(call))
    wiring = call.wiring
    # A page of ours has the browser's language; a program says which.
    lang = page_answers.language_of(call, form.lang) if call.is_form else wiring.newsroom.language(form.lang)
    typed = LeavingStatement(
        id="",
        kind=form.kind,
        email=form.email,
        language=lang,
        received_at=wiring.now(),
        gift=form.gift or "",
        when=form.when,
        name=form.name or "",
        comment=form.comment or "",
    )
    stored = receive(
        typed,
        StatementSender(call.client, form.attempt or ""),
        wiring.table,
        wiring.newsroom.limits,
        email_key=wiring.secrets["SPILNO_EMAIL_KEY"],
        now=wiring.now(),
        real_now=wiring.real_now(),
    )
    if not call.is_form:
        return Answer({"reference": stored.reference, "received_at": rfc3339(stored.received_at)}, 202)
    token = link_tokens.make("acknowledgement", stored.id, wiring.secrets["SPILNO_EMAIL_KEY"])
    return see_other(f"{wiring.settings.public_url}/statements/{token}?{urlencode({'lang': lang})}")


def again(call: Call, problem: Problem) -> Answer:
    """The page again, with what was typed and what went wrong."""
    typed = call.form_fields()
    lang = page_answers.language_of(call, typed.get("lang"))
    way: WayOut = "withdraw" if typed.get("kind") == "withdraw" else "cancel"
    return _page(call, way, typed, lang, problem)


def show(call: Call) -> Answer:
    """`GET /statements/{token}`: the statement as it was received, for whoever declared it to keep."""
    key = call.wiring.secrets["SPILNO_EMAIL_KEY"]
    statement_id = link_tokens.read("acknowledgement", call.params["token"], key)
    statement = statements.read(call.wiring.table, statement_id) if statement_id else None
    if statement is None:
        raise unknown_statement()
    # Nothing of what became of it: that would say whether the address gives.
    received = StatementReceived(
        way=statement.kind,
        reference=statement.reference,
        received_at=datetime.fromtimestamp(statement.received_at, UTC),
        email=statement.email,
        gift=statement.gift,
        when=statement.wish,
        name=statement.name,
        comment=statement.comment,
    )
    lang = page_answers.language_of(call)
    page = StatementPage(received, not statement.many)
    return page_answers.page_answer(call, page, lang, path=f"/statements/{call.params['token']}")


def unknown_statement() -> NotFound:
    """The refusal of a link that leads to no statement."""
    return NotFound("There is no such statement, or none any more.", code="unknown_statement")


def _today(call: Call) -> date:
    return datetime.fromtimestamp(call.wiring.now(), call.wiring.newsroom.zone).date()


def _refuse_impossible(when: date | None, today: date) -> None:
    if when is not None and not today <= when <= today + _FURTHEST:
        raise BadInput("Choose today or a later day, such as 2027-01-31.", code="bad_when", field="when")


def _page(
    call: Call, way: WayOut, typed: "dict[str, str] | object", lang: str, problem: Problem | None = None
) -> Answer:
    fields = typed if isinstance(typed, dict) else {}

    def field(name: str) -> str:
        return as_line(str(fields.get(name, ""))[:_SHOWN_AGAIN])

    page = LeavePage(
        way,
        attempt=ids.new_secret(),
        today=_today(call).isoformat(),
        email=field("email"),
        gift=field("gift"),
        when=field("when"),
        name=field("name"),
        comment=as_text(str(fields.get("comment", ""))[: 2 * LONGEST_COMMENT]),
        problem=on_page(call, problem, lang),
        field=str(problem.details.get("field", "")) if problem else "",
    )
    status = problem.status if problem else 200
    return page_answers.page_answer(call, page, lang, path=f"/{way}", status=status)
