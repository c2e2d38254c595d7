"""What a supporter gave, as JSON."""

from collections.abc import Mapping
from typing import Any

from chalicelib.http.call import Answer, Call
from chalicelib.http.forms import read_query
from chalicelib.http.hint import session_of
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.moments import rfc3339
from chalicelib.receipts.actions.history import GivingHistory, ShownPayment
from chalicelib.receipts.rules.cursors import cursor, place_of
from chalicelib.receipts.rules.donations import interval_of
from chalicelib.receipts.views.forms import After
from chalicelib.signing_in.actions.require_session import require_session
from chalicelib.supporters.actions.sessions import OpenSession

_MOST = 50


def show(call: Call) -> Answer:
    """`GET /v1/me/donations`: a page of the supporter's payments, newest first."""
    signed_in = require_session(session_of(call))
    after = read_query(call, After).after
    behind = place_of(after) if after else None
    if after and behind is None:
        raise BadInput("This is not where a page begins. Take `next` of the page before.", code="bad_cursor")
    page = GivingHistory.of(call.wiring).page_of(signed_in.supporter, call.wiring.now(), most=_MOST, behind=behind)
    unreadable = {"unreadable": list(page.unreadable)} if page.unreadable else {}
    items = [_as_json(one, signed_in) for one in page.items]
    return Answer({"items": items, "next": cursor(page.older) if page.older else None, **unreadable})


def _as_json(shown: ShownPayment, signed_in: OpenSession) -> Mapping[str, Any]:
    donation, gift = shown.donation, shown.donation.gift
    beside = {"article": donation.stored.entry.source, "campaign": donation.stored.entry.campaign}
    return {
        "id": gift.id,
        "at": rfc3339(gift.occurred_at),
        "amount": gift.amount,
        "currency": gift.currency,
        "interval": interval_of(donation, signed_in.state.standing.recurring),
        "status": donation.status,
        "refunded": donation.refunded,
        **{name: value for name, value in beside.items() if value},
        "receipt": shown.reference or None,
    }
