"""Problems on the wire: `application/problem+json` (RFC 9457), for whatever went wrong."""

from chalicelib.kernel.errors import Problem, TooMany, Unavailable

PROBLEM = "application/problem+json"


def as_problem(error: Exception) -> Problem:
    """The problem to answer for any error. An unexpected one is logged by its kind and place, never by its words."""
    if isinstance(error, Problem):
        return error
    # Imported here, as a gate check does not need them.
    from chalicelib.aws.secrets import SecretsUnavailable
    from chalicelib.kernel.client_limits import RateLimited
    from chalicelib.kernel.table import TableUnavailable
    from chalicelib.mail.port import MailUnavailable
    from chalicelib.observing.log import alarm, error_fields, log
    from chalicelib.rails.stripe.port import StripeRefused, StripeUnavailable

    if isinstance(error, RateLimited):
        return TooMany(
            "You asked too often. Please wait a little.", retry_after=error.wait, code=f"too_many_{error.scope}"
        )
    away = {
        TableUnavailable: Unavailable(
            "We cannot reach our records just now. Try again in a minute.", code="table_down"
        ),
        StripeUnavailable: Unavailable("The payment service does not answer. Please try again.", code="stripe_down"),
        StripeRefused: Unavailable("The payment service refused this. Please write to us.", code="stripe_refused"),
        MailUnavailable: Unavailable("We cannot send email just now. Try again in a minute.", code="mail_down"),
        SecretsUnavailable: Unavailable("We cannot do this just now. Try again in a minute.", code="secrets_down"),
    }
    for kind, problem in away.items():
        if isinstance(error, kind):
            log.error("unavailable", what=problem.code, why=str(error))
            return problem
    alarm("fault", **error_fields(error))
    return unexpected()


def unexpected() -> Problem:
    """The problem to answer for an unexpected error."""
    return Problem("Something went wrong on our side. Please try again.")


def problem_body(problem: Problem) -> dict[str, object]:
    """The JSON body of a problem, as RFC 9457 has it.

    `type` names the code for ever, wherever the docs that explain it (docs/errors.md) are read.
    """
    return {
        "type": f"urn:spilno:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        **problem.details,
    }
