"""What a page says of its article for search engines: schema.org's words as JSON-LD, the same by whoever prints it.

Search engines take a page that shows people less than it shows them for cloaking. Nobody is shown more here; the
data says which part is not free, so that a teaser alone is not taken for a thin page. Google names the rules:
https://developers.google.com/search/docs/appearance/structured-data/paywalled-content (a class as selector, none
within another). `/read/{id}`, `ops articles seal` and the WordPress plugin print it; a test holds them equal.
"""

import json
import re
from collections.abc import Sequence
from typing import Any, Final

WALL_CLASS: Final = "spilno-wall"  # the class of the part that is not free
# `<` would end the script or open a comment in it; JavaScript's line ends are none in JSON; half a character is none
# in UTF-8. Large letters, as PHP writes them.
_NOT_IN_A_SCRIPT = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def structured_data(
    *,
    headline: str,
    url: str,
    publisher: str,
    free: bool,
    author: str = "",
    section: str = "",
    tags: Sequence[str] = (),
) -> dict[str, Any]:
    """The article as schema.org describes one. Texts are plain, as `titles.as_read` makes a title.

    :param url: the article's own address, on the newsroom's website.
    :param publisher: the newsroom's name.
    :param free: open to all; a metered article is not.
    """
    about: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": headline,
        "url": url,
        "mainEntityOfPage": url,
        "publisher": {"@type": "NewsMediaOrganization", "name": publisher},
    }
    if author:
        about["author"] = {"@type": "Person", "name": author}
    if section:
        about["articleSection"] = section
    if tags:
        about["keywords"] = list(tags)
    about["isAccessibleForFree"] = free
    if not free:
        about["hasPart"] = {
            "@type": "WebPageElement",
            "isAccessibleForFree": False,
            "cssSelector": f".{WALL_CLASS}",
        }
    return about


def script_text(about: dict[str, Any]) -> str:
    """The data as the text of a `<script type="application/ld+json">`, which nothing in it can end."""
    text = json.dumps(about, ensure_ascii=False, separators=(",", ":"))
    return _NOT_IN_A_SCRIPT.sub(lambda found: f"\\u{ord(found[0]):04X}", text)
