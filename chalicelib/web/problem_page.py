"""A refusal as a page, for a person whose browser came here."""

from chalicelib.domain.errors import BadInput, Problem
from chalicelib.web import framing
from chalicelib.web.http import Answer, Call
from chalicelib.web.problem_words import as_page


def problem_page(call: Call, problem: Problem) -> Answer:
    """The page, in the reader's language."""
    return framing.framed(call, as_page(problem), framing.language_of(call, *_said(call)), status=problem.status)


def _said(call: Call) -> list[str | None]:
    """The language of the page whose form was sent, as far as the form can be read."""
    try:
        fields = call.form_fields() if call.is_form else {}
    except BadInput:
        return []
    return [fields.get("lang"), fields.get("locale")]
