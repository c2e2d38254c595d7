"""The licence that machines read: RSL 1.0 (https://rslstandard.org/rsl), an XML file beside robots.txt."""

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from chalicelib.newsroom.rules import Machines

# A usage that is named nowhere would be undecided, so each is. `ai-input`: what AI takes in to answer somebody;
# `ai-index`: what it keeps for that.
_USAGES = (("search", ("search",)), ("ai_answers", ("ai-input", "ai-index")), ("ai_training", ("ai-train",)))


def licence(places: Mapping[str, Machines], *, owner: str) -> str:
    """The licence of everything below these addresses. It is for what everybody may fetch, and opens nothing.

    :param owner: who holds the rights, as receipts name it.
    """
    holder = f'    <copyright type="organization">{escape(owner)}</copyright>\n'
    contents = "".join(
        f"  <content url={quoteattr(place)}>\n    <license>\n{_terms(policy)}    </license>\n{holder}  </content>\n"
        for place, policy in places.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rsl xmlns="https://rslstandard.org/rsl">\n{contents}</rsl>\n'


def _terms(policy: Machines) -> str:
    """At most one element of each kind (RSL 1.0, 3.5), its words with a space between them."""
    kinds = (("permits", "teaser"), ("prohibits", "nothing"))
    listed = (
        (kind, " ".join(word for row, words in _USAGES if getattr(policy, row) == taken for word in words))
        for kind, taken in kinds
    )
    return "".join(f'      <{kind} type="usage">{words}</{kind}>\n' for kind, words in listed if words)
