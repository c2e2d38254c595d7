"""Who receives the money: the `[legal]` section of the newsroom's file, which stands on receipts and statements."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib.newsroom.checks import Section, held, or_write, wrong
from chalicelib.newsroom.rules import Legal, Words
from chalicelib.newsroom.values import SettingsSoFar, words

# Receipts and statements print on one sheet of A4, whatever stands here.
LONGEST_NAME, LONGEST_ADDRESS, LONGEST_TAX_TEXT = 200, 300, 1200

_ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]{1,60}$"


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


def _tax_text(value: Any, said: SettingsSoFar) -> Words:
    return _one_or_each(value, said, LONGEST_TAX_TEXT, lines=True)


class LegalSection(Section):
    """The section as it may be written: left out, or with a name and an address."""

    name: Annotated[Words, held(_name)]
    address: Annotated[Words, held(_address)]
    id: Annotated[
        str,
        Field(pattern=_ONE_LINE),
        or_write("its number in a register, on one line, at most 60 letters; or leave it out"),
    ] = ""
    tax_text: Annotated[Words | None, held(_tax_text)] = None


def as_legal(section: LegalSection | None) -> Legal:
    """The receiver as the code knows them."""
    if section is None:
        return Legal()
    return Legal(section.name, section.address, section.id, section.tax_text or {})
