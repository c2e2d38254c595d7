"""Which mails a supporter gets, what they may switch off, and the reminder that they asked for."""

from chalicelib.account.views.pages import MailsPage, MailSwitch
from chalicelib.http import page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.forms import read_body
from chalicelib.http.hint import session_of
from chalicelib.http.problem_words import on_page
from chalicelib.http.return_url import absolute, checked
from chalicelib.kernel.errors import Problem
from chalicelib.mail.rows import switched_off
from chalicelib.mail.rules.classes import SWITCHES
from chalicelib.reminders.actions.remind_me import forget, last_given, remind_me
from chalicelib.reminders.actions.switch import switch
from chalicelib.reminders.rows import reminders
from chalicelib.reminders.views.forms import Mails, RemindMe
from chalicelib.signing_in.actions.require_session import require_session
from chalicelib.signing_in.views.sign_in_first import sign_in_first
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rows import supporters

_PAGE = "/account/mails"


def show(call: Call) -> Answer:
    """`GET /account/mails`: what one gets, and a button for each class that can be switched off."""
    signed_in = session_of(call)
    if signed_in is None:
        return sign_in_first(call, _PAGE)
    return _page(call, signed_in)


def change(call: Call) -> Answer:
    """`POST /account/mails`: switch a class off or on, or take the reminder back; then `return_to`, or the page."""
    supporter = require_session(session_of(call)).supporter
    form, wiring = read_body(call, Mails), call.wiring
    return_to = checked(call, form.return_to)
    if form.wanted == "forget":
        forget(wiring.table, supporter)
    else:
        switch(wiring.table, supporter, form.switch, wanted=form.wanted == "on", now=wiring.now())
    return _back(call, form.lang, return_to)


def remind(call: Call) -> Answer:
    """`POST /v1/me/reminder`: be reminded once, in so many months. A form goes on to `return_to`, or the page."""
    signed_in = require_session(session_of(call))
    form, wiring = read_body(call, RemindMe), call.wiring
    return_to = checked(call, form.return_to)
    month = remind_me(
        wiring.table,
        signed_in.supporter,
        form.in_months,
        last_given(signed_in.state),
        proven=True,
        zone=wiring.newsroom.zone,
        now=wiring.now(),
    )
    if not call.is_form:
        return Answer({"month": month})
    return _back(call, form.lang, return_to)


def forget_reminder(call: Call) -> Answer:
    """`DELETE /v1/me/reminder`: take the reminder back; none is no error."""
    forget(call.wiring.table, require_session(session_of(call)).supporter)
    return Answer("", 204)


def again(call: Call, problem: Problem) -> Answer | None:
    """The page again, after one of its buttons could not do what it says; None for who is not signed in."""
    signed_in = session_of(call)
    return None if signed_in is None else _page(call, signed_in, problem)


def _back(call: Call, lang: str | None, return_to: str | None = None) -> Answer:
    return see_other(absolute(call, return_to, f"{_PAGE}?lang={page_answers.language_of(call, lang)}"))


def _page(call: Call, signed_in: OpenSession, problem: Problem | None = None) -> Answer:
    table, supporter = call.wiring.table, signed_in.supporter
    profile = supporters.read_profile(table, supporter)
    asked = call.form_fields().get("lang") if problem else call.query.get("lang")
    lang = page_answers.language_of(call, asked, profile.language if profile else None)
    off, waiting = switched_off.read(table, supporter), reminders.read(table, supporter)
    page = MailsPage(
        tuple(MailSwitch(one, on=one not in off) for one in SWITCHES),
        reminder=waiting.month if waiting else "",
        problem=on_page(call, problem, lang),
    )
    path = None if problem else _PAGE
    return page_answers.page_answer(call, page, lang, path=path, status=problem.status if problem else 200)
