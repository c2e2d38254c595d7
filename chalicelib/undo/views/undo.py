"""The link of a mail about a change: a page with a button, and what the button does."""

from urllib.parse import quote, urlencode

from chalicelib.http import page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.forms import read_body
from chalicelib.http.problem_words import on_page
from chalicelib.kernel.errors import Problem
from chalicelib.undo.actions.undo import find_undo, undo_change
from chalicelib.undo.views.forms import UndoForm
from chalicelib.undo.views.pages import UndoPage


def show(call: Call) -> Answer:
    """`GET /undo/{token}`: the page with the button; mail scanners come here too, so nothing is changed."""
    return _page(call, call.query.get("lang"))


def do(call: Call) -> Answer:
    """`POST /undo/{token}`: undo the change, once; a page's form goes on to the page that says so."""
    form = read_body(call, UndoForm)
    undo_change(call.wiring, call.params["token"])
    if not call.is_form:
        return Answer({"undone": True})
    query = urlencode({"lang": page_answers.language_of(call, form.lang)})
    return see_other(f"{call.wiring.settings.public_url}{_path(call)}?{query}")


def again(call: Call, problem: Problem) -> Answer:
    """The page again, with why it could not be undone. Who presses twice reads that it is done; the status is 410."""
    return _page(call, call.form_fields().get("lang"), problem)


def _page(call: Call, asked: str | None, problem: Problem | None = None) -> Answer:
    wiring, token = call.wiring, call.params["token"]
    undo = find_undo(wiring.table, token, email_key=wiring.secrets["SPILNO_EMAIL_KEY"], now=wiring.now())
    lang = page_answers.language_of(call, asked)
    page = UndoPage(token, undo.kind, undo.done, "" if undo.done else on_page(call, problem, lang))
    status = problem.status if problem else 200
    return page_answers.page_answer(call, page, lang, path=_path(call), status=status)


def _path(call: Call) -> str:
    return f"/undo/{quote(call.params['token'], safe='~')}"
