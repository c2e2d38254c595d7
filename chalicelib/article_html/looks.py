"""Turn the classes and styles that a reader would miss into classes of our own.

The newsroom's style sheet is not loaded, and our policy blocks style attributes: a fixed width would not fit a phone,
a fixed position could cover the form where readers type their address.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

_BY_CLASS = {
    "aligncenter": "centred",
    "has-text-align-center": "centred",
    "text-center": "centred",
    "has-text-align-right": "to-right",
    "text-right": "to-right",
    "screen-reader-text": "unseen",
    "sr-only": "unseen",
    "visually-hidden": "unseen",
    "wp-block-gallery": "gallery",
    "kg-gallery-row": "gallery",
    "gallery": "gallery",
    "wp-block-button__link": "button",
    "wp-element-button": "button",
    "kg-btn": "button",
    "wp-smiley": "emoji",
    "emoji": "emoji",
    "kg-bookmark-icon": "emoji",
}
_BY_ALIGN = {"center": "centred", "middle": "centred", "right": "to-right"}
_BY_STYLE = {
    ("text-align", "center"): "centred",
    ("text-align", "right"): "to-right",
    ("font-weight", "bold"): "bold",
    ("font-weight", "600"): "bold",
    ("font-weight", "700"): "bold",
    ("font-weight", "normal"): "regular",
    ("font-weight", "400"): "regular",
    ("font-style", "italic"): "italic",
    ("font-style", "normal"): "upright",
    ("text-decoration", "line-through"): "struck",
}
_HIDDEN = {("display", "none"), ("visibility", "hidden")}
_RULE = re.compile(r"\s*([a-zA-Z-]+)\s*:\s*([a-zA-Z0-9-]+)")


def classes(element: Element, tag: str) -> str:
    """Our own classes for an element, in alphabetical order."""
    found = {_BY_CLASS[one] for one in (element.get("class") or "").split() if one in _BY_CLASS}
    found |= {_BY_STYLE[rule] for rule in _rules(element) if rule in _BY_STYLE}
    align = _BY_ALIGN.get((element.get("align") or "").strip().lower())
    if tag == "center":
        found.add("centred")
    elif align and tag not in ("img", "iframe", "table"):  # on these, `align` lets text flow around them
        found.add(align)
    return " ".join(sorted(found))


def hidden(element: Element) -> bool:
    """Whether an element's own style attribute hides it."""
    return not _HIDDEN.isdisjoint(_rules(element))


def _rules(element: Element) -> Iterator[tuple[str, str]]:
    for rule in (element.get("style") or "").split(";"):
        if found := _RULE.match(rule):
            yield found[1].lower(), found[2].lower()
