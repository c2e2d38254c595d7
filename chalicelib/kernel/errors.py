"""Every refusal of Spilno: a sentence for a person, with an HTTP status and a stable code.

    Problem
    ├── BadInput            400   a field is wrong; names it
    ├── Unauthorized        401   no key, session or code that we accept
    ├── PaymentRefused      402   the card was declined
    ├── Forbidden           403   we know the caller; this is not theirs
    ├── NotFound            404
    ├── WrongMethod         405   the address exists, and does not take that method
    ├── Conflict            409   its present state forbids it
    ├── Gone                410   it existed and has ended
    ├── TooLarge            413
    ├── UnsupportedMedia    415
    ├── TooMany             429   carries how many seconds to wait
    └── Unavailable         503   something we need does not answer; try again

On purpose, a refusal carries its HTTP status and its sentence from where it is raised: the code that refuses knows
best what to say, and a table of statuses at the edge would have to be changed with every refusal. `status` is all
that this module knows of HTTP. The edge translates the sentence and makes the answer (`http/problems.py`).
A failure that is not the caller's (a damaged row, a wrong setting, a service that is away) is no `Problem`: it has an
exception of its own, which the edge answers with 5xx.
"""

from collections.abc import Mapping


class Problem(Exception):
    """A refusal, with its sentence (`title`) and a stable `code`, documented in docs/errors.md.

    `details` are extra members of the answer: `field`, `minimum`, `maximum`, `currency`, `origin`.
    """

    status = 500
    code = "internal"

    def __init__(self, title: str, *, code: str | None = None, **details: object) -> None:
        super().__init__(title)
        self.title = title
        self.code = code or type(self).code
        self.details: Mapping[str, object] = details


class BadInput(Problem):
    """A field, header or query parameter is not what it must be."""

    status = 400
    code = "bad_input"


class Unauthorized(Problem):
    """Nothing that the caller sent proves who they are."""

    status = 401
    code = "unauthorized"


class PaymentRefused(Problem):
    """The bank declined the payment; nothing was charged."""

    status = 402
    code = "card_declined"


class Forbidden(Problem):
    """This caller may not do this."""

    status = 403
    code = "forbidden"


class NotFound(Problem):
    """There is no such thing."""

    status = 404
    code = "not_found"


class WrongMethod(Problem):
    """The address exists, and does not take that method."""

    status = 405
    code = "method_not_allowed"


class Conflict(Problem):
    """The present state of what the call is about forbids it."""

    status = 409
    code = "conflict"


class Gone(Problem):
    """What the call is about existed and has ended: a link, a code."""

    status = 410
    code = "gone"


class TooLarge(Problem):
    """The body has more bytes than this call takes."""

    status = 413
    code = "too_large"


class UnsupportedMedia(Problem):
    """The body is in a format that this call does not take."""

    status = 415
    code = "unsupported_media_type"


class TooMany(Problem):
    """A rate limit is reached; `retry_after` is the seconds to wait."""

    status = 429
    code = "too_many_requests"

    def __init__(self, title: str, *, retry_after: int, code: str | None = None) -> None:
        super().__init__(title, code=code, retry_after=retry_after)
        self.retry_after = retry_after


class Unavailable(Problem):
    """The table, Stripe or the mail service does not answer."""

    status = 503
    code = "unavailable"
