"""Which pictures the docs have, and the page that shows them all: `docs/pictures.md`."""

from collections.abc import Iterator, Mapping

from localdev.ports import ROOT

FOLDER = ROOT / "docs" / "pictures"
PAGE = ROOT / "docs" / "pictures.md"
LIMIT = 60_000  # bytes

# Each way through the newsroom: what its pictures' names begin with, and whose it is.
WALKS: Mapping[str, str] = {
    "": "Ukrainian, at a desk",
    "phone-": "Ukrainian, on a phone 360 pixels wide",
    "dark-": "Ukrainian, at a desk in the dark",
    "en-": "English, at a desk",
    "en-dark-phone-": "English, on a phone in the dark",
}
# What stands on each picture, in the order in which a reader meets it.
STATES: Mapping[str, str] = {
    "front-page": "the front page",
    "article-appeal": "the appeal below an article",
    "wall-closed": "an article for supporters, closed",
    "donate": "the donation page",
    "checkout-stand-in": "the payment page, here of Stripe’s stand-in",
    "thank-you": "the thank-you page",
    "wall-open": "the same article, open",
    "account": "a supporter’s own page",
    "account-change": "another amount, with the money before the click",
    "account-stop": "stopping, and what else there is",
    "mail": "the receipt in the mailbox",
    "elements": "every state of the elements: /elements",
}
_OF_EACH: Mapping[str, str] = {
    "": "front-page article-appeal wall-closed donate checkout-stand-in thank-you wall-open account mail elements",
    "phone-": "front-page wall-closed donate thank-you wall-open account account-change account-stop mail",
    "dark-": "front-page wall-closed donate thank-you mail",
    "en-": "front-page wall-closed donate thank-you account-change account-stop mail",
    "en-dark-phone-": "wall-closed donate thank-you account",
}
NAMES = frozenset(f"{walk}{state}" for walk, states in _OF_EACH.items() for state in states.split())


def page() -> str:
    """The text of `docs/pictures.md`."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# What readers see"
    yield ""
    yield (
        "The made-up newsroom of `make run`. `make pictures` makes them and this page anew, on a stack of its own, "
        "in a minute. Live, and with every state of the elements: `make run`, then http://127.0.0.1:8080/elements."
    )
    for walk, who in WALKS.items():
        yield from ("", f"## {who}", "")
        width = 220 if "phone" in walk else 420
        for state in _OF_EACH[walk].split():
            said = STATES[state]
            yield f'<img src="pictures/{walk}{state}.webp" alt="{said[0].upper()}{said[1:]}" width="{width}">'
