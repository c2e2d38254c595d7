"""Find the scripts of a fragment: what the newsroom's site has to run once a wall has opened the text."""

import re

from chalicelib.article_html.addresses import resolved
from chalicelib.article_html.tree import name, parsed

# https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element: all other types are data.
_RUNS = re.compile(r"(?:|module|(?:text|application)/(?:x-)?(?:java|ecma)script)", re.IGNORECASE)


def scripts(html: str, url: str) -> tuple[str, ...]:
    """The addresses of the scripts, each once, over https as the wall asks for them; empty for one that has none."""
    found = [element for element in parsed(html).iter() if name(element) == "script"]
    running = [one for one in found if _RUNS.fullmatch((one.get("type") or "").strip())]
    whole = [resolved(one.get("src") or "", url) or "" for one in running]
    return tuple(dict.fromkeys(re.sub("^http:", "https:", address) for address in whole))
