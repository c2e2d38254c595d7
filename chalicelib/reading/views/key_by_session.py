"""`GET /v1/articles/{id}/key` where pass and ticket alone do not open: the article and its reader decide."""

from chalicelib.articles.views.manifest import manifest
from chalicelib.http.call import Answer, Call, WithCookies
from chalicelib.kernel.errors import Conflict
from chalicelib.reading.actions.key_by_ticket import KeyRequest
from chalicelib.reading.actions.open_key import open_key
from chalicelib.reading.views import decisions


def show(call: Call, request: KeyRequest) -> Answer:
    """The decision as the article's answer has it, with the key where it opens.

    :raises WithCookies: `stale_version`, with the manifest: only who may read learns of another version here.
    """
    wiring, reader = call.wiring, decisions.article_request(call)
    opened = open_key(request, reader, wiring, real_now=wiring.real_now(), now=wiring.now())
    seen = opened.seen
    if seen is None:
        return Answer({"key": opened.key})
    decisions.note_seen(call, seen)
    body, to_set = decisions.opened_json(call, seen), decisions.cookies_of(call, seen)
    if opened.key is not None:
        return Answer({**body, "key": opened.key, "needs": seen.article.policy.sealed_for}, cookies=to_set)
    if seen.access.decision.open:
        told = "The article has been changed since. Take the version that 'seal' names."
        raise WithCookies(Conflict(told, code="stale_version", seal=manifest(seen.article, wiring)), to_set)
    return Answer(body, cookies=to_set)
