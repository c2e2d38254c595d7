"""Reads a licence of RSL 1.0 (https://rslstandard.org/rsl)."""

from xml.etree.ElementTree import Element, fromstring

NAMESPACE = "{https://rslstandard.org/rsl}"


def parsed(text: str) -> Element:
    """The root of the document."""
    return fromstring(text)  # noqa: S314 - our own answer


def parts(element: Element, name: str) -> list[Element]:
    """The elements of this name within another one."""
    return element.findall(f"{NAMESPACE}{name}")


def usages(terms: Element, kind: str) -> set[str]:
    """What the elements of this kind name."""
    return {word for one in parts(terms, kind) for word in (one.text or "").split(" ")}
