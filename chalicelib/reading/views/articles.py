"""`GET /v1/articles/{id}`: an article, as far as whoever asks may read it."""

from chalicelib.articles.rules import titles
from chalicelib.articles.rules.policy import required
from chalicelib.articles.views.articles import show as for_cms
from chalicelib.http import hint
from chalicelib.http.call import Answer, Call
from chalicelib.reading.views import decisions
from chalicelib.reading.views.gate import looks_like_pass


def show(call: Call) -> Answer:
    """What this reader may see; everything, with the CMS's key."""
    if call.bearer and not looks_like_pass(call.bearer):
        return for_cms(call)
    seen = decisions.read(call)
    body = {
        "id": seen.article.id,
        "decision": {"open": seen.access.decision.open, "reason": seen.access.decision.reason},
        "title": titles.as_read(seen.article.title),
        "url": seen.article.url,
        "html": seen.html,
        "requires": required(seen.requires),
        **decisions.decision_json(seen.access),
        "signed_in": seen.access.signed_in,
        "gives": decisions.gives_json(seen.access, call.wiring.now()),
    }
    to_set = [*decisions.pass_cookies(call, seen.access.new_pass), *decisions.mark_cookies_of(call, seen)]
    return Answer(body, cookies=[*to_set, *hint.asked(call)])
