"""Open the key of a sealed text to a reader, where a pass and a fresh ticket alone do not: who reads is looked up."""

from dataclasses import dataclass

from chalicelib.articles.actions.current_seal import article_of, is_current
from chalicelib.articles.actions.stored_article import remembered_article
from chalicelib.articles.rules import sealed_text
from chalicelib.articles.rules.sealed_text import TICKET_LIFE
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import TableUnavailable
from chalicelib.observing.log import log
from chalicelib.reading.actions.check_access import Gate
from chalicelib.reading.actions.key_by_ticket import KeyRequest, key_by_ticket
from chalicelib.reading.actions.open_article import ArticleRequest, OpenedArticle, open_article

# While the table is away, a ticket made within a day says what a text needs, so that supporters read on.
_OVER_FOR = 86_400 - TICKET_LIFE


@dataclass(frozen=True)
class OpenedKey:
    """The key, None where this reader gets none: they may not read, or ask for a version that is not current.

    `seen` is the article as this reader may see it, None where it could not be looked up.
    """

    key: str | None
    seen: OpenedArticle | None


def open_key(
    request: KeyRequest, reader: ArticleRequest, gate: Gate, *, real_now: RealTime, now: BusinessTime
) -> OpenedKey:
    """The key, as far as this reader may have it.

    :raises NotFound: `unknown_article`, `unknown_version`.
    :raises TableUnavailable: and no ticket of the last day opens.
    """
    roots = gate.settings.seal_keys
    try:
        article_of(request.article, request.version, gate.table, roots, real_now)
    except TableUnavailable:
        # Only where the article itself is out of reach: what may be known of it counts before any ticket.
        key = _by_old_ticket(request, gate, real_now=real_now, now=now)
        if key is None:
            raise
        log.warning("key handed out by an old ticket")
        return OpenedKey(key, None)
    seen = open_article(request.article, reader, gate, real_now=real_now, now=now)
    if not seen.access.decision.open or not is_current(seen.article, request.version, roots):
        return OpenedKey(None, seen)
    needs = seen.article.policy.sealed_for
    return OpenedKey(sealed_text.key(request.article, request.version, needs, roots), seen)


def _by_old_ticket(request: KeyRequest, gate: Gate, *, real_now: RealTime, now: BusinessTime) -> str | None:
    """The key by a valid pass and a genuine ticket that is over; None, too, where this process knows better."""
    known = remembered_article(request.article, gate.table, real_now)
    if known is not None and not is_current(known, request.version, gate.settings.seal_keys):
        return None
    return key_by_ticket(request, gate.settings, real_now=real_now, now=now, over_for=_OVER_FOR)
