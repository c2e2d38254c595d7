"""A refusal as a page, for a person whose browser came here."""

from chalicelib.domain.errors import Problem
from chalicelib.web import framing
from chalicelib.web.http import Answer, Call
from chalicelib.web.pages import Problem as ProblemPage


def problem_page(call: Call, problem: Problem) -> Answer:
    """The page, in the reader's language."""
    content = ProblemPage(problem.status, problem.code, problem.title)
    return framing.framed(call, content, framing.language_of(call), status=problem.status)
