"""Files that a browser fetches for a page and that may hold its text: search indexes, and scripts that carry one."""

import json
import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urljoin, urlsplit

from ops.doctor.leaks.markup import pieces

_LONGEST = 400  # characters of a file's name
_MOST = 20  # files of one answer: a page names more only by mistake, and each costs a request
# A file's name between quotation marks. What a script puts together (`${base}/index.json`) is no address.
_DATA = re.compile(r"""["'`]([^"'`<>\s\\${}]{1,300}?\.json(?:\?[^"'`<>\s\\${}]{0,100})?)["'`]""")


def named_files(url: str, markup: str) -> Iterator[str]:
    """The scripts of a page, and the JSON files that a page or a script names."""
    if urlsplit(url).path.endswith((".js", ".mjs")):
        found = _of_script(url, markup)
    elif markup.lstrip()[:1] == "<":
        found = _of_page(markup)
    else:
        return
    yield from islice(dict.fromkeys(found), _MOST)


def _of_script(url: str, text: str) -> Iterator[str]:
    """A script's addresses are read against its page. Which one that is is not known, so the site's top is tried."""
    yield from (name if "//" in name else urljoin(url, f"/{name.lstrip('./')}") for name in _data(text))


def _of_page(markup: str) -> Iterator[str]:
    for piece in pieces(markup):
        if piece.kind == "raw" and piece.name == "script":
            yield from _data(piece.text)
        elif piece.kind == "start":
            if piece.name == "script" and (address := piece.attribute("src")):
                yield address
            yield from (value for _, value in piece.attributes if _data_file(value))


def _data(text: str) -> Iterator[str]:
    yield from (found[1] for found in _DATA.finditer(text))


def _data_file(value: str) -> bool:
    return len(value) <= _LONGEST and value.partition("?")[0].endswith(".json") and " " not in value


def items_of_json(body: str) -> Iterator[str]:
    """The addresses of a JSON feed's items; none where it cannot be read."""
    try:
        items = json.loads(body)["items"]
        yield from (one["url"] for one in items if isinstance(one["url"], str))
    except (ValueError, RecursionError, LookupError, TypeError):
        return
