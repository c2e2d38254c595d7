"""`GET /v1/articles/{id}/seal`: what an article asks of its readers, the same for everybody.

A wall that has no reason to think that this reader has paid asks this instead of the article: any cache on the way
may answer it, and no session is looked for. It says nothing of the text, and decides nothing.
"""

from chalicelib.articles.actions.stored_article import recent_article
from chalicelib.articles.rules.policy import required, written
from chalicelib.http.call import Answer, Call, kept_by_all
from chalicelib.kernel.moments import when

_LONGEST = 60  # seconds


def show(call: Call) -> Answer:
    """The article's policy and what it needs now; kept for a minute, and not beyond its next change."""
    article = recent_article(call.params["id"], call.wiring.table, call.wiring.real_now())
    policy, now = article.policy, call.wiring.now()
    change = policy.next_change(now)
    body = {
        "access": written(policy.access),
        "requires": required(policy.needs(now)),
        "opens_at": when(policy.opens_at),
        "closes_at": when(policy.closes_at),
    }
    return Answer(body, cache=kept_by_all(_LONGEST if change is None else min(_LONGEST, change - now)))
