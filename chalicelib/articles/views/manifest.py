"""The manifest of an article: what it asks of its readers, and where and under which version its sealed text lies."""

from typing import Any

from chalicelib.articles.actions.current_seal import current_seal
from chalicelib.articles.rows.articles import StoredArticleRow
from chalicelib.articles.rules.policy import required, written
from chalicelib.kernel.moments import when
from chalicelib.wiring import Wiring


def manifest(article: StoredArticleRow, wiring: Wiring, *, printed: bool = False) -> dict[str, Any]:
    """The manifest as it is now; of a text that is not sealed, only what it asks.

    :param printed: it goes into a page of the website, see `current_seal`.
    """
    policy, now, settings = article.policy, wiring.now(), wiring.settings
    asks = {
        "access": written(policy.access),
        "requires": required(policy.needs(now)),
        "opens_at": when(policy.opens_at),
        "closes_at": when(policy.closes_at),
    }
    seal = current_seal(article, settings.seal_keys, real_now=wiring.real_now(), now=now, printed=printed)
    if seal is None:
        return asks
    sealed = f"{settings.public_url}/v1/articles/{article.id}/sealed/{seal.version}"
    opens = {"ticket": seal.ticket} if seal.key is None else {"key": seal.key}
    return {**asks, "version": seal.version, "needs": seal.needs, "sealed": sealed, **opens}
