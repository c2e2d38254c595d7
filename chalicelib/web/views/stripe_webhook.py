"""`POST /v1/stripe/webhook`: the signature is checked over the raw bytes before anything is read."""

from chalicelib import metrics
from chalicelib.actions.apply_event import Deps
from chalicelib.actions.assemble import deps_of, postman_of
from chalicelib.actions.receive_event import receive as take_in
from chalicelib.actions.send_mail import Postman
from chalicelib.domain.errors import BadInput
from chalicelib.log import log
from chalicelib.web.http import Answer, Call


def receive(call: Call) -> Answer:
    """200 once the event is durable."""
    wiring = call.wiring
    if not wiring.signed_by_stripe(call.body, call.headers.get("stripe-signature", "")):
        log.warning("signature refused", counts=metrics.one("SignatureFailures"))
        raise BadInput("The signature does not fit this body.", code="bad_signature")
    now, real_now, live = wiring.now(), wiring.real_now(), wiring.settings.livemode

    def tools() -> tuple[Deps, Postman]:
        return deps_of(wiring), postman_of(wiring)

    return Answer(take_in(call.body, wiring.table, tools, now=now, real_now=real_now, live=live))
