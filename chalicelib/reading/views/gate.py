"""The passes in a call. Imports nothing heavy: every gate check runs this."""

from chalicelib.http import cookies
from chalicelib.http.call import Call
from chalicelib.reading.actions.read_pass import best_pass
from chalicelib.reading.rules.passes import Pass

_DOTS_OF_A_PASS = 2


def tokens(call: Call) -> tuple[str, ...]:
    """The passes in a call: from the cookie, or from `Authorization: Bearer`, sent on a reader's behalf."""
    bearer = call.bearer
    found = (cookies.read(call, "pass"), bearer if looks_like_pass(bearer) else "")
    return tuple(token for token in found if token)


def active_pass(call: Call) -> Pass | None:
    """The valid pass with the highest tier, or None."""
    wiring = call.wiring
    return best_pass(tokens(call), wiring.settings, real_now=wiring.real_now(), now=wiring.now())


def looks_like_pass(token: str) -> bool:
    """Whether a bearer token is a pass rather than an API key, which has no dots."""
    return token.count(".") == _DOTS_OF_A_PASS
