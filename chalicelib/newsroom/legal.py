"""Who receives the money: the `[legal]` section of the newsroom's file, which stands on receipts and statements."""

from typing import Annotated, Any

from chalicelib.newsroom.checks import Section, held, wrong
from chalicelib.newsroom.rules import Legal, Words
from chalicelib.newsroom.values import SettingsSoFar, words

# Receipts and statements print on one sheet of A4, whatever stands here.
LONGEST_NAME, LONGEST_ADDRESS, LONGEST_ID, LONGEST_TAX_TEXT = 200, 300, 100, 1200


def _one_or_each(value: Any, said: SettingsSoFar, longest: int, *, lines: bool) -> Words:
    """A text, the same in every language, or one for each."""
    of_each = dict.fromkeys(said.languages, value) if isinstance(value, str) else value
    found = words(of_each, said, lines=lines)
    if any(len(text) > longest for text in found.values()):
        raise wrong(f"at most {longest} letters: a receipt prints on one sheet", alone=True)
    return found


def _name(value: Any, said: SettingsSoFar) -> Words:
    return _one_or_each(value, said, LONGEST_NAME, lines=False)


def _address(value: Any, said: SettingsSoFar) -> Words:
    return _one_or_each(value, said, LONGEST_ADDRESS, lines=True)


def _id(value: Any, said: SettingsSoFar) -> Words:
    return _one_or_each(value, said, LONGEST_ID, lines=False)


def _tax_text(value: Any, said: SettingsSoFar) -> Words:
    return _one_or_each(value, said, LONGEST_TAX_TEXT, lines=True)


class LegalSection(Section):
    """The section as it may be written: left out, or with a name and an address."""

    name: Annotated[Words, held(_name)]
    address: Annotated[Words, held(_address)]
    id: Annotated[Words | None, held(_id)] = None
    tax_text: Annotated[Words | None, held(_tax_text)] = None


def as_legal(section: LegalSection | None) -> Legal:
    """The receiver as the code knows them."""
    if section is None:
        return Legal()
    return Legal(section.name, section.address, section.id or {}, section.tax_text or {})
