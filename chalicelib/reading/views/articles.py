"""`GET /v1/articles/{id}`: an article, as far as whoever asks may read it."""

from chalicelib.articles.rules import titles
from chalicelib.articles.views.articles import show as for_cms
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
        "title": titles.as_read(seen.article.title),
        "url": seen.article.url,
        "html": seen.html,
        **decisions.opened_json(call, seen),
    }
    return Answer(body, cookies=decisions.cookies_of(call, seen))
