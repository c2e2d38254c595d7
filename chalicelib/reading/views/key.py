"""`GET /v1/articles/{id}/key`. With a valid pass and a fresh ticket this reads no table and loads nothing."""

from chalicelib.http.call import Answer, Call
from chalicelib.observing import log_context
from chalicelib.reading.actions.key_by_ticket import KeyRequest, key_by_ticket
from chalicelib.reading.views.gate import tokens


def show(call: Call) -> Answer:
    """Hand out the key by pass and ticket alone where they are enough; all else is decided in `key_by_session`."""
    query, wiring = call.query, call.wiring
    request = KeyRequest(
        call.params["id"], query.get("v", ""), query.get("needs", ""), query.get("t", ""), tokens(call)
    )
    key = key_by_ticket(request, wiring.settings, real_now=wiring.real_now(), now=wiring.now())
    if key is not None:
        log_context.opened_by_pass()
        return Answer({"key": key})
    from chalicelib.reading.views.key_by_session import show as decide

    return decide(call, request)
