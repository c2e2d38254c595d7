"""Gift links: what the text in their address is, when one is over, and how a browser that read by one is known again.

An address carries a token, `g1.<id>.<keyed hash>`: whoever has it may read, so it is derived anew wherever it is
shown, and stored nowhere. A browser that read by a link holds a mark (`kernel/marks.py`) whose name follows from the
article and whose value names the link. It proves that its reader is counted, opens nothing of another article, and is
not the token: from neither of them the other can be made.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from chalicelib.kernel import link_tokens, marks
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.marks import Mark
from chalicelib.kernel.moments import BusinessTime

DAY = 86_400
LIFE = 10 * DAY  # of a link that a supporter makes
MOST_READERS = 50  # of such a link
# How long a browser may take from the link's address to the clean one of the same page.
ARRIVAL = 600

_VERSION = "g1."
_TOKEN = re.compile(r"g1\.([A-Za-z0-9_-]{16}\.[0-9a-f]{32})", re.ASCII)
_MARK = re.compile(r"[A-Za-z0-9_-]{16}\.[0-9a-f]{32}", re.ASCII)
_BESIDE = "~"  # between a mark and a token that the same browser brings

# Why a link opens nothing any more. `used_up`: as many as it is for have read by it; `over`: its time is over, its
# giver ended it, or what it gave away is no longer theirs. A reader is not told which of these.
Ended = Literal["used_up", "over"]


@dataclass(frozen=True)
class GiftLink:
    """A link that gives an article to so many readers until a time. `supporter`: who gives; None: the newsroom."""

    id: str
    article: str
    made_at: BusinessTime
    until: BusinessTime
    most: int
    readers: int = 0
    revoked: bool = False
    supporter: SupporterId | None = None

    def ended(self, now: BusinessTime) -> Literal["revoked", "expired", "used_up"] | None:
        """Why it counts no further reader; None while it does."""
        if self.revoked:
            return "revoked"
        if now >= self.until:
            return "expired"
        return "used_up" if self.readers >= self.most else None

    def lives(self, now: BusinessTime) -> bool:
        """Whether those who read by it already read on: until its end, also once it is used up."""
        return self.ended(now) in (None, "used_up")


def token(link_id: str, key: str) -> str:
    """What the link's address carries."""
    return _VERSION + link_tokens.make("gift_link", link_id, key)


def link_of(text: str, key: str) -> str | None:
    """The id of the link whose token this is; None for any other text."""
    found = _TOKEN.fullmatch(text)
    return link_tokens.read("gift_link", found[1], key) if found else None


def mark_name(article: str, key: str) -> str:
    """The name of the cookie that a browser holds about an article that it was given."""
    return marks.make("g", article, article, key).name


def mark(article: str, link_id: str, key: str) -> Mark:
    """The mark of a browser whose reader this link has counted."""
    return Mark(mark_name(article, key), link_tokens.make("gift_mark", link_id, key))


def arrival(article: str, text: str, held: Mapping[str, str], key: str) -> Mark:
    """What a browser takes along from the link's address to the clean one: the token, beside a mark that it has."""
    name = mark_name(article, key)
    counted, _ = _parts(held.get(name, ""))
    return Mark(name, f"{counted}{_BESIDE}{text}" if link_counted(counted, key) else text)


def forgotten(article: str, key: str) -> Mark:
    """The mark with which a browser holds nothing about this article any more."""
    return Mark(mark_name(article, key), "")


def link_counted(text: str, key: str) -> str | None:
    """The id of the link whose mark this is; None for any other text."""
    return link_tokens.read("gift_mark", text, key) if _MARK.fullmatch(text) else None


@dataclass(frozen=True)
class GiftCredentials:
    """What a browser showed for an article. `counted`: the link that has counted it; `brings`: one that has not.

    `arrives`: what it brings came in its cookie, and stands in no address any more.
    """

    counted: str | None = None
    brings: str | None = None
    arrives: bool = False


def credentials(article: str, text: str, held: Mapping[str, str], key: str) -> GiftCredentials:
    """What a call shows for this article: `text` from its address, and what the browser holds, by name."""
    counted, waiting = _parts(held.get(mark_name(article, key), ""))
    asked = link_of(text, key)
    brings = asked or link_of(waiting, key)
    return GiftCredentials(link_counted(counted, key), brings, arrives=asked is None and brings is not None)


def _parts(value: str) -> tuple[str, str]:
    """The mark, and the token that waits beside it; either may be empty."""
    counted, _, waiting = value.rpartition(_BESIDE)
    return (counted, waiting) if waiting.startswith(_VERSION) else (value, "")
