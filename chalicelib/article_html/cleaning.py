"""Decides for each element of an article what stands on our page in its place."""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from chalicelib.article_html import embeds, rules
from chalicelib.article_html.addresses import (
    LINKS,
    addresses_of,
    host_of,
    is_relative,
    meant,
    picture,
    pictures,
    resolved,
)
from chalicelib.article_html.drawings import drawn
from chalicelib.article_html.embeds import LAZY, Frame, Instead
from chalicelib.article_html.looks import classes, hidden
from chalicelib.article_html.tree import SVG, name
from chalicelib.article_html.writing import VOID, Around, Before, Piece, escaped, opening

_LAZY_SETS = ("data-srcset", "data-lazy-srcset")
_LENGTH = re.compile(r"[0-9]{1,5}%?")
_ALLOW = "encrypted-media; fullscreen; picture-in-picture"
# A frame may run its scripts, use its storage and open windows. It may not navigate our tab: it could show an
# imitation of our form there.
_SANDBOX = (
    "allow-forms allow-popups allow-popups-to-escape-sandbox allow-presentation allow-same-origin allow-scripts"
)
_ON_SITE = '<span class="elsewhere">'


class Words(NamedTuple):
    """Our own texts within an article, in the language of the page. `{host}` stands for a website's name.

    `frame`: the title of a frame, for screen readers; `elsewhere`: the link to an embed that is not shown; `on_site`:
    the link to the article.
    """

    frame: str
    elsewhere: str
    on_site: str


class Cleaner:
    """The `writing.Rule` that sanitises one article.

    What it found is in its attributes afterwards: `instead` and `relative` as in `Shown`; `reshaped`: tags were
    removed whose content stayed.
    """

    def __init__(self, url: str, listed: Collection[str], words: Words, ids: Collection[str]) -> None:
        self._url, self._listed, self._words, self._ids = url, listed, words, ids
        self.instead: list[str] = []
        self.relative = False
        self.reshaped = False

    def __call__(self, element: Element, around: Around, before: Before) -> Piece:
        """What is written for one element (`writing.Rule`)."""
        tag = name(element)
        if around.drawing or tag == f"{SVG}svg":
            return drawn(element, around)
        if not tag or not set((element.get("class") or "").split()).isdisjoint(rules.GONE_BY_CLASS):
            return Piece()
        embedded = self._embedded(element, tag, around, before)
        if embedded is not None:
            return embedded
        if tag == "noscript":
            return self._without_script(around, before)
        kept = rules.RENAMED.get(tag, tag)
        return self._kept(element, tag, kept, around) if kept in rules.KEPT else self._its_words(tag, around)

    def _its_words(self, tag: str, around: Around) -> Piece:
        """The content of an element that is removed; nothing of those in `rules.GONE`."""
        if tag in rules.GONE:
            return Piece()
        self.reshaped = self.reshaped or tag not in rules.COLOURING
        # Some old sites put whole articles into a form, so its content stays as well.
        return Piece(after=self._link(Instead(None), around) if tag == "form" else "", inside=around)

    def _embedded(self, element: Element, tag: str, around: Around, before: Before) -> Piece | None:
        """The frame or link for what another site shows here; None for every other element."""
        found: Frame | Instead | None
        if tag == "iframe":
            found = embeds.of_frame(element, self._url, self._listed)
        elif tag == "script":
            found = embeds.of_script(element, self._url)
        elif tag in ("object", "embed", "applet"):
            found = embeds.of_object(element, self._url)
        else:
            found = embeds.of_empty(element, self._url) or self._pasted(element)
        if isinstance(found, Frame):
            return Piece() if around.link or around.only_parts else Piece(self._frame(found), "</iframe>")
        if isinstance(found, Instead):
            link = self._link(found, around)
            return Piece() if link == before.piece.before else Piece(link)
        return None

    def _pasted(self, element: Element) -> Frame | Instead | None:
        address = embeds.is_bare(element)
        if address is None:
            return None
        video = Element("iframe", {"src": embeds.player(address) or ""})
        found = embeds.of_frame(video, self._url, self._listed)
        return found if isinstance(found, Frame) else Instead(resolved(address, self._url))

    def _frame(self, frame: Frame) -> str:
        looks = {"class": frame.shape} if frame.shape else {"height": frame.height}
        return opening(
            "iframe",
            {
                **looks,
                "src": frame.src,
                "title": frame.title or _about(self._words.frame, frame.src),
                "loading": "lazy",
                # Without a referrer YouTube shows error 153, and the policy in our header would send none.
                "referrerpolicy": "strict-origin-when-cross-origin",
                "sandbox": _SANDBOX,
                "allow": _ALLOW,
            },
        )

    def _link(self, instead: Instead, around: Around) -> str:
        self.instead.append(host_of(instead.href) if instead.href else "")
        if around.link or around.only_parts:
            return ""
        if instead.href is None:
            href, text = self._url, self._words.on_site
        else:
            href, text = instead.href, _about(self._words.elsewhere, instead.href)
        return f"{_ON_SITE}{opening('a', {'href': href})}{escaped(text)}</a></span>"

    def _without_script(self, around: Around, before: Before) -> Piece:
        """The content of a `<noscript>`; nothing if it repeats the lazily loaded picture before it."""
        if before.element is not None and any(name(one) in ("img", "iframe") for one in before.element.iter()):
            return Piece()
        self.reshaped = True
        return Piece(inside=around._replace(fallback=True))

    def _kept(self, element: Element, tag: str, kept: str, around: Around) -> Piece:
        attributes = {
            **self._everywhere(element),
            **({"class": looks} if (looks := classes(element, tag)) else {}),
            **dict(self._own(element, kept)),
        }
        if kept == "img":
            if not {"src", "srcset"} & set(attributes) or (around.fallback and _is_pixel(attributes)):
                return Piece()
            attributes.setdefault("alt", "")
        if kept in ("audio", "video"):
            attributes |= {"controls": "", "preload": "none" if attributes.get("preload") == "none" else "metadata"}
        if kept == "pre":
            attributes["tabindex"] = "0"  # it scrolls, so that it must be reached by keyboard
        before, after = opening(kept, attributes), "" if kept in VOID else f"</{kept}>"
        if kept == "table" and not around.table:
            before, after = f'<div class="wide" tabindex="0">{before}', f"{after}</div>"
        return Piece(before, after, None if kept in VOID else around.within(kept))

    def _everywhere(self, element: Element) -> dict[str, str]:
        found = {key: value for key, value in element.items() if key in rules.EVERYWHERE}
        role = found.get("role", "")
        if role not in rules.ROLES and not role.startswith("doc-"):
            found.pop("role", None)
        if "hidden" in found or hidden(element):
            found["hidden"] = ""
        own = element.get("id") or (element.get("name") if name(element) == "a" else None)
        if own and not set(own) & set(" \t\n\r\f"):
            found["id"] = rules.ID_PREFIX + own
        for key in rules.NAMES_OF_IDS & set(element.keys()):
            found[key] = " ".join(rules.ID_PREFIX + one for one in element.get(key, "").split())
        return found

    def _own(self, element: Element, kept: str) -> Iterator[tuple[str, str]]:
        allowed = rules.KEPT[kept]
        for key, value in {**dict(element.items()), **_at_once(element, kept)}.items():
            if key not in allowed:
                continue
            whole = self._address(kept, key, value)
            if whole is not None:
                yield key, whole

    def _address(self, kept: str, key: str, value: str) -> str | None:
        """An attribute's value with absolute addresses; None if the attribute is removed."""
        if key in ("width", "height"):
            return value if _LENGTH.fullmatch(value) else None
        if key == "srcset":
            self.relative = self.relative or any(map(is_relative, addresses_of(value)))
            return pictures(value, self._url) or None
        if key not in ("href", "src", "poster", "cite"):
            return value
        self.relative = self.relative or is_relative(value)
        if kept == "a":
            return self._where(value)
        if kept == "img" or key == "poster":
            return picture(value, self._url)
        return resolved(value, self._url)

    def _where(self, href: str) -> str | None:
        """Where a link leads. One to a place in this article stays on our page, even with the article's address."""
        bare = meant(href)
        if bare.startswith("#"):
            return f"#{rules.ID_PREFIX}{bare[1:]}" if bare not in ("#", "#top") else "#"
        whole = resolved(href, self._url, LINKS)
        page, _, part = (whole or "").partition("#")
        if part and page == self._url.partition("#")[0] and part in self._ids:
            return f"#{rules.ID_PREFIX}{part}"
        return whole


def ids_of(root: Element) -> frozenset[str]:
    """Every id in an article that a link can lead to, the names of `<a name>` included."""
    found = (one.get("id") or (one.get("name") if name(one) == "a" else None) for one in root.iter())
    return frozenset(one for one in found if one)


def _at_once(element: Element, kept: str) -> dict[str, str]:
    """The `src` and `srcset` of lazily loaded media, for which a script would be needed that does not run here."""
    if kept not in ("img", "source", "video", "audio"):
        return {}
    waiting = {"src": LAZY, "srcset": _LAZY_SETS}
    found = {key: next(filter(None, map(element.get, names)), None) for key, names in waiting.items()}
    return {key: value for key, value in found.items() if value}


def _about(words: str, address: str) -> str:
    return words.replace("{host}", host_of(address).removeprefix("www."))


def _is_pixel(attributes: dict[str, str]) -> bool:
    """Whether a picture is an invisible one that counts visitors: at most 1 by 1 pixel."""
    return attributes.get("width") in ("0", "1") and attributes.get("height") in ("0", "1")
