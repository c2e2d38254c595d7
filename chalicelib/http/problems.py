"""Problems on the wire: `application/problem+json` (RFC 9457), for our own errors and for Chalice's."""

from collections.abc import Callable
from typing import Any

from chalicelib.kernel.errors import BadInput, Problem, Unavailable, UnsupportedMedia, WrongMethod

PROBLEM = "application/problem+json"


def as_problem(error: Exception) -> Problem:
    """What a person gets to read for any error. The unexpected is told by its place, never by its words."""
    if isinstance(error, Problem):
        return error
    # Here and not above: a gate check has no use for them.
    from chalicelib.aws.secrets import SecretsUnavailable
    from chalicelib.kernel.table import TableUnavailable
    from chalicelib.mail.port import MailUnavailable
    from chalicelib.observing.log import alarm, log, told
    from chalicelib.rails.stripe.port import StripeRefused, StripeUnavailable

    away = {
        TableUnavailable: Unavailable(
            "We cannot reach our records just now. Try again in a minute.", code="table_down"
        ),
        StripeUnavailable: Unavailable("The payment service does not answer. Please try again.", code="stripe_down"),
        StripeRefused: Unavailable("The payment service refused this. Please write to us.", code="stripe_refused"),
        MailUnavailable: Unavailable("We cannot send mail just now. Try again in a minute.", code="mail_down"),
        SecretsUnavailable: Unavailable("We cannot do this just now. Try again in a minute.", code="secrets_down"),
    }
    for kind, problem in away.items():
        if isinstance(error, kind):
            log.error("unavailable", what=problem.code, why=str(error))
            return problem
    alarm("fault", **told(error))
    return Problem("Something went wrong on our side. Please try again.")


def problem_body(problem: Problem) -> dict[str, object]:
    """RFC 9457. `type` names the code for ever, wherever the docs that explain it (docs/errors.md) are read."""
    return {
        "type": f"urn:spilno:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        **problem.details,
    }


def in_our_words(event: Any, get_response: Callable[[Any], Any]) -> Any:
    """Chalice middleware: its own errors (unknown method, bad request) look like ours too, to a person as a page."""
    response = get_response(event)
    if isinstance(response.body, dict) and set(response.body) == {"Code", "Message"}:
        from chalicelib.http.endpoint import body_text, refused

        problem = _CHALICES.get(response.status_code, _unexpected)()
        answer = refused(problem, event.to_original_event(), event.lambda_context)
        # Chalice's own headers stay: Allow among them.
        response.body, response.status_code = body_text(answer), answer.status
        response.headers = {**response.headers, **answer.headers}
    return response


def _unexpected() -> Problem:
    return Problem("Something went wrong on our side. Please try again.")


_CHALICES: dict[int, Callable[[], Problem]] = {
    400: lambda: BadInput("The request cannot be read."),
    405: lambda: WrongMethod("This address does not take that method."),
    415: lambda: UnsupportedMedia("This call does not take a body of this type."),
}
