"""The sweep: takes up what is due in the inbox and the outbox, oldest first, a bounded number at a time."""

from collections.abc import Mapping

from chalicelib.actions.assemble import deps_of, postman_of
from chalicelib.actions.receive_event import apply_stored
from chalicelib.log import log
from chalicelib.store import inbox, outbox
from chalicelib.wiring import Wiring

# What fits into one run of five minutes far below Stripe's 25 requests a second.
_EVENTS = 200
_MAILS = 200


def sweep(wiring: Wiring) -> Mapping[str, int]:
    """Apply due events and send due mails; answers `{events, applied, mails, sent}`."""
    now, real_now = wiring.now(), wiring.real_now()
    events = inbox.due_events(wiring.table, now, _EVENTS)
    mails = outbox.due_mails(wiring.table, now, _MAILS)
    if not events and not mails:
        return {"events": 0, "applied": 0, "mails": 0, "sent": 0}
    deps, postman = deps_of(wiring), postman_of(wiring)
    applied = sum(
        apply_stored(event_id, deps, postman, now=now, real_now=real_now)
        for event_id, due in events
        if inbox.lease(wiring.table, event_id, due, now)
    )
    sent = sum(postman.try_send(mail, now) for mail in mails)
    log.info("sweep: %d of %d events applied, %d of %d mails sent", applied, len(events), sent, len(mails))
    return {"events": len(events), "applied": applied, "mails": len(mails), "sent": sent}
