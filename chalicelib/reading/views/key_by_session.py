"""`GET /v1/articles/{id}/key` where pass and ticket alone do not open: the article and its reader decide."""

from chalicelib.articles.actions.current_seal import article_of, is_current
from chalicelib.articles.actions.stored_article import remembered_article
from chalicelib.articles.rules import sealed_text
from chalicelib.articles.rules.sealed_text import TICKET_LIFE
from chalicelib.articles.views.manifest import manifest
from chalicelib.http.call import Answer, Call, WithCookies
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.table import TableUnavailable
from chalicelib.observing import metrics
from chalicelib.observing.log import log
from chalicelib.reading.views import decisions
from chalicelib.reading.views.key_by_ticket import by_ticket

# While the table is away, a ticket made within a day says what a text needs, so that supporters read on.
_OVER_FOR = 86_400 - TICKET_LIFE


def show(call: Call) -> Answer:
    """The decision, with the key where it opens; while the article cannot be read, the key by an older ticket."""
    wiring, version = call.wiring, call.query.get("v", "")
    try:
        article_of(call.params["id"], version, wiring.table, wiring.settings.seal_keys, wiring.real_now())
    except TableUnavailable:
        # Only where the article itself is out of reach: what may be known of it counts before any ticket.
        key = _by_old_ticket(call, version)
        if key is None:
            raise
        log.warning("key handed out by an old ticket", counts=metrics.one("OpenedInOutage"))
        return Answer({"key": key})
    return _decided(call, version)


def _decided(call: Call, version: str) -> Answer:
    seen, roots = decisions.read(call), call.wiring.settings.seal_keys
    body, to_set = decisions.opened_json(call, seen), decisions.cookies_of(call, seen)
    if not seen.access.decision.open:
        return Answer(body, cookies=to_set)
    article, needs = seen.article, seen.article.policy.sealed_for
    if not is_current(article, version, roots):
        # Only who may read learns of another version here.
        told = "The article has been changed since. Take the version that 'seal' names."
        raise WithCookies(Conflict(told, code="stale_version", seal=manifest(article, call.wiring)), to_set)
    key = sealed_text.key(article.id, version, needs, roots)
    return Answer({**body, "key": key, "needs": needs}, cookies=to_set)


def _by_old_ticket(call: Call, version: str) -> str | None:
    """The key by a valid pass and a genuine ticket that is over; None, too, where this process knows better."""
    wiring = call.wiring
    known = remembered_article(call.params["id"], wiring.table, wiring.real_now())
    if known is not None and not is_current(known, version, wiring.settings.seal_keys):
        return None
    return by_ticket(call, over_for=_OVER_FOR)
