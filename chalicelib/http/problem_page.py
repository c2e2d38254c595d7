"""Answers a refusal with a page, for a person with a browser: what went wrong, and the way on.

What may work in a moment has a button that does the same once more: a page is loaded again, a form is sent again with
everything that was in it.
"""

from dataclasses import replace
from urllib.parse import quote

from chalicelib.http import origins, page_answers
from chalicelib.http.call import Answer, Call
from chalicelib.http.problem_words import as_page
from chalicelib.http.routes import PAGE_OF_FORM
from chalicelib.kernel.errors import BadInput, Forbidden, Problem

_BUSY, _OURS, _WRONG_METHOD = 429, 500, 405


def problem_page(call: Call, problem: Problem) -> Answer:
    """The page of this problem, in the reader's language."""
    fields = _fields(call)
    lang = page_answers.language_of(call, fields.get("lang"), fields.get("locale"))
    page = as_page(problem)
    if problem.status == _BUSY or problem.status >= _OURS:
        if call.method in ("GET", "HEAD"):
            page = replace(page, again=True)
        elif fields and _is_ours(call):
            page = replace(page, resend_to=_path(call), resend=fields)
    elif problem.status == _WRONG_METHOD and call.route in PAGE_OF_FORM:
        page = replace(page, back=_address(call, PAGE_OF_FORM[call.route]))
    return page_answers.page_answer(call, page, lang, status=problem.status)


def _fields(call: Call) -> dict[str, str]:
    """The fields of the form that was sent, as far as it can be read."""
    try:
        return call.form_fields() if call.is_form else {}
    except BadInput:
        return {}


def _is_ours(call: Call) -> bool:
    """Whether our own page sent the form: what a foreign one sent must not become a form of ours."""
    try:
        origins.refuse_foreign(call)
    except Forbidden:
        return False
    return True


def _path(call: Call) -> str:
    return _address(call, call.route)


def _address(call: Call, route: str) -> str:
    """The address of a route with the identifiers of this call; empty where it has none of that name."""
    if "+}" in route:
        return ""
    try:
        named = {name: quote(value, safe="~") for name, value in call.params.items()}
        return call.wiring.settings.public_url + route.format(**named)
    except KeyError:
        return ""
