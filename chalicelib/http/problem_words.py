"""A refusal in the reader's language. The domain speaks English; pages and elements ask in the language they show."""

from chalicelib.http import page_answers, pages
from chalicelib.http.call import Call
from chalicelib.i18n.texts import Texts
from chalicelib.kernel.errors import Problem, TooMany

_DOMAIN = "en"


def sentence(call: Call, problem: Problem) -> str:
    """The sentence for this call: the problem's own English one, or the text of its code in another language."""
    lang = page_answers.language_of(call)
    said_already = lang == _DOMAIN and not isinstance(problem, TooMany)  # how long to wait is only in our texts
    if said_already or f"code.{problem.code}" not in Texts(lang, call.wiring.newsroom.texts):
        return problem.title
    return pages.problem_sentence(as_page(problem), page_answers.layout_of(call, lang))


def on_page(call: Call, problem: Problem | None, lang: str) -> str:
    """What went wrong, in the language of the page that says it; empty where nothing did."""
    return pages.problem_sentence(as_page(problem), page_answers.layout_of(call, lang)) if problem else ""


def as_page(problem: Problem, currency: str = "") -> pages.ProblemPage:
    """The page's values for a refusal; amounts are in minor units of `currency`."""
    details = problem.details
    return pages.ProblemPage(
        problem.status,
        problem.code,
        problem.title,
        minimum=_whole(details.get("minimum")),
        maximum=_whole(details.get("maximum")),
        currency=currency or str(details.get("currency", "")),
        retry_after=_whole(details.get("retry_after")),
    )


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None
