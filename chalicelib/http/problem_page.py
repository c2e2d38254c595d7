"""Answers a refusal with a page, for a person with a browser."""

from chalicelib.http import page_answers
from chalicelib.http.call import Answer, Call
from chalicelib.http.problem_words import as_page
from chalicelib.kernel.errors import BadInput, Problem


def problem_page(call: Call, problem: Problem) -> Answer:
    """The page of this problem, in the reader's language."""
    return page_answers.page_answer(
        call, as_page(problem), page_answers.language_of(call, *_said(call)), status=problem.status
    )


def _said(call: Call) -> list[str | None]:
    """The language of the page whose form was sent, as far as the form can be read."""
    try:
        fields = call.form_fields() if call.is_form else {}
    except BadInput:
        return []
    return [fields.get("lang"), fields.get("locale")]
