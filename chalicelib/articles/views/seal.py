"""`GET /v1/articles/{id}/seal`: what an article asks of its readers, the same for everybody.

A wall that has no reason to think that this reader has paid asks this instead of the article: any cache on the way
may answer it, and no session is looked for. It says nothing of the text, and decides nothing: a ticket opens nothing
without a pass, and the key is in it only while the text is open to all.
"""

from chalicelib.articles.actions.stored_article import recent_article
from chalicelib.articles.rules.policy import OPEN
from chalicelib.articles.views.manifest import manifest
from chalicelib.http.call import Answer, Call, kept_by_all

_LONGEST = 60  # seconds
# Caches go on with what is over while we do not answer (RFC 9111, 4.2.4; CloudFront by itself). That brings a ticket
# to who reads through an outage; it must not bring the key of a text that has closed meanwhile.
_NOT_A_SECOND_MORE = ", must-revalidate, stale-if-error=0"


def show(call: Call) -> Answer:
    """The article's manifest; kept for a minute, and not beyond its next change."""
    article = recent_article(
        call.params["id"], call.wiring.table, call.wiring.real_now(), hurried=True, eventual=True
    )
    now = call.wiring.now()
    change = article.policy.next_change(now)
    cache = kept_by_all(_LONGEST if change is None else min(_LONGEST, change - now))
    if change is not None and article.policy.needs(now) is OPEN:
        cache += _NOT_A_SECOND_MORE
    return Answer(manifest(article, call.wiring), cache=cache)
