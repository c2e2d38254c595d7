"""`GET /v1/access`. With a valid pass this reads no table and loads nothing: every reader's page view asks it."""

from chalicelib.articles.rules.policy import asked, satisfies
from chalicelib.http.call import Answer, Call
from chalicelib.kernel.moments import rfc3339
from chalicelib.observing import log_context
from chalicelib.reading.views.gate import active_pass


def show(call: Call) -> Answer:
    """Answer by the pass alone if it is enough; all other calls are decided in `access_by_session`."""
    held, needs = active_pass(call), asked(call.query.get("needs", ""))
    if held is not None and needs is not None and satisfies(needs, held.tiers):
        log_context.opened_by_pass()
        return Answer({"open": True, "reason": "supporter", "tier": held.tier, "until": rfc3339(held.until)})
    from chalicelib.reading.views.access_by_session import show as decide

    return decide(call)
