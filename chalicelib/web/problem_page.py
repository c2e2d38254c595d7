"""A refusal as a page, for a person whose browser came here."""

from chalicelib.domain.errors import Problem
from chalicelib.web import framing
from chalicelib.web.http import Answer, Call
from chalicelib.web.problem_words import as_page


def problem_page(call: Call, problem: Problem) -> Answer:
    """The page, in the reader's language."""
    return framing.framed(call, as_page(problem), framing.language_of(call), status=problem.status)
