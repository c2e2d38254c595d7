"""`POST /v1/stripe/webhook`: the signature is checked over the raw bytes before anything is read."""

from chalicelib.http.call import Answer, Call
from chalicelib.kernel.errors import BadInput
from chalicelib.observing import metrics
from chalicelib.observing.log import log
from chalicelib.rails.stripe.receive import receive as take_in


def receive(call: Call) -> Answer:
    """Check the signature and store the event; 200 once it is stored.

    :raises BadInput: `bad_signature`.
    """
    wiring = call.wiring
    if not wiring.signed_by_stripe(call.body, call.headers.get("stripe-signature", "")):
        log.warning("signature refused", counts=metrics.abuse("signature", also="SignatureFailures"))
        raise BadInput("The signature does not fit this body.", code="bad_signature")
    now, real_now, live = wiring.now(), wiring.real_now(), wiring.settings.livemode
    told = take_in(
        call.body,
        wiring.table,
        lambda: (wiring.stripe_deps, wiring.mail_sender),
        email_key=lambda: wiring.secrets["SPILNO_EMAIL_KEY"],
        now=now,
        real_now=real_now,
        live=live,
    )
    return Answer(told)
