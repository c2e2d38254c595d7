"""The scripts we serve, and the pages' icon."""

from chalicelib.http import elements
from chalicelib.http.call import KEPT_FOR_EVER, NO_STORE, Answer, Call, kept_by_all
from chalicelib.http.pages import script
from chalicelib.kernel.errors import NotFound

_JAVASCRIPT = "text/javascript; charset=utf-8"
_FOR_A_MINUTE = kept_by_all(60)


def widget(_call: Call) -> Answer:
    """`GET /widget.js`: the custom elements, for any website."""
    return Answer(elements.script(), media_type=_JAVASCRIPT, cache=kept_by_all(300))


def part(call: Call) -> Answer:
    """`GET /widget/{name}`: a part of the elements. A loader from before a deployment gets the present one."""
    found = elements.part_at(call.params["name"])
    if found is None:
        raise NotFound("The elements have no such part.")
    code, is_it = found
    cache = KEPT_FOR_EVER if is_it else _FOR_A_MINUTE
    return Answer(code, media_type=_JAVASCRIPT, cache=cache)


def donate(call: Call) -> Answer:
    """`GET /donate.js`: the giving pages' script, without which they work as well.

    Browsers keep it for good under the address that a page names; under another one, such as an older page's, it is
    not kept. Shared caches keep it never: some of them take no notice of the query, in which its version stands.
    """
    cache = "private, max-age=31536000, immutable" if call.query.get("v") == script.version() else NO_STORE
    return Answer(script.text(), media_type=_JAVASCRIPT, cache=cache)


def icon(call: Call) -> Answer:
    """`GET /favicon.ico`: the icon, for browsers that ask for it apart from a page, which holds its own."""
    from chalicelib.http.page_answers import language_of
    from chalicelib.http.pages.icon import svg

    newsroom = call.wiring.newsroom
    return Answer(svg(newsroom.name[language_of(call)], newsroom.accent), media_type="image/svg+xml")
