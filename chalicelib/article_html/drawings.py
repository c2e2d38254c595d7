"""SVG drawings in an article: shapes and text, without scripts, links and anything that loads."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from chalicelib.article_html import rules
from chalicelib.article_html.tree import SVG, XLINK, name
from chalicelib.article_html.writing import Around, Piece, opening

_OF_THIS_PAGE = re.compile(r"url\(\s*['\"]?#([^)'\"\s]+)['\"]?\s*\)")
_BOX = re.compile(r"\s*[\d.-]+[\s,]+[\d.-]+[\s,]+([\d.]{1,9})[\s,]+[\d.]{1,9}\s*", re.ASCII)
_RULE = re.compile(r"\s*([a-z-]+)\s*:\s*([^;]+)")


def drawn(element: Element, around: Around) -> Piece:
    """What is written for one element of a drawing (`writing.Rule`)."""
    space, _, tag = name(element).rpartition("}")
    if f"{space}}}" == SVG and tag == "a":
        return Piece(inside=around, words=False)
    if f"{space}}}" != SVG or tag not in rules.DRAWN:
        return Piece()
    attributes = dict(_attributes(element))
    box = _BOX.fullmatch(attributes.get("viewBox", "")) if tag == "svg" else None
    if box and not {"width", "height"} & set(attributes):
        # Without the site's style sheet it would take the whole width, icons too.
        attributes["width"] = box[1]
    before = opening(tag, attributes)
    return Piece(before, f"</{tag}>", around._replace(drawing=True), words=tag in rules.WITH_WORDS)


def _attributes(element: Element) -> Iterator[tuple[str, str]]:
    if own := element.get("id"):
        yield "id", rules.ID_PREFIX + own
    for key in ("role", "aria-label", "aria-hidden"):
        if key in element.keys():  # noqa: SIM118 - an Element is no mapping
            yield key, element.get(key, "")
    link = element.get("href") or element.get(f"{XLINK}href") or ""
    if link.startswith("#"):
        yield "href", f"#{rules.ID_PREFIX}{link[1:]}"
    # Drawing programs write colours as styles, which our policy blocks; attributes have the same effect.
    styled = {found[1]: found[2].strip() for found in _RULE.finditer((element.get("style") or "").replace("\n", " "))}
    for key, value in {**dict(element.items()), **styled}.items():
        if key in rules.DRAWN_WITH and (safe := _safe(value)) is not None:
            yield key, safe


def _safe(value: str) -> str | None:
    """A value in which each `url(…)` leads to a shape in the article; None if it would load something else."""
    inside = _OF_THIS_PAGE.sub(lambda found: f"url(#{rules.ID_PREFIX}{found[1]})", value)
    return inside if "url" not in _OF_THIS_PAGE.sub("", value).lower() else None
