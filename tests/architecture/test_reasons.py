"""Every reason of the gate is in the contract, and has words wherever a reader meets it."""

import re
from pathlib import Path
from typing import get_args

import pytest

from chalicelib.reading.rules.paywall import Reason
from elements.build import LANGUAGES

ROOT = Path(__file__).resolve().parents[2]
REASONS: tuple[str, ...] = get_args(Reason)
OPENS = {"open", "supporter", "gift", "metered"}  # the reader has the text: nothing is said


def told(page: str, reason: str) -> bool:
    """Whether a page names it as code."""
    return f"`{reason}`" in page


def texts_of(lang: str) -> str:
    """All that the elements say in this language."""
    return (ROOT / "elements" / "texts" / f"{lang}.js").read_text(encoding="utf-8")


def said(texts: str, reason: str) -> int:
    """How often the elements say it, as a sentence or as a function that makes one."""
    return len(re.findall(rf"^ +{reason}(?:_: |: \()", texts, re.MULTILINE))


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_is_in_the_contract(reason: str) -> None:
    for name in ("http.md", "website.md"):
        assert told((ROOT / "docs" / name).read_text(encoding="utf-8"), reason), f"Explain `{reason}` in docs/{name}"


@pytest.mark.parametrize("reason", sorted(set(REASONS) - OPENS))
def test_the_elements_say_it_in_both_languages(reason: str) -> None:
    for lang in LANGUAGES:
        assert said(texts_of(lang), reason) == 1, f"Say `{reason}_` in elements/texts/{lang}.js"


def test_a_reason_without_words_is_noticed() -> None:
    """The negative control of the tests above."""
    assert said(texts_of("uk"), "on_holiday") == 0
    assert not told((ROOT / "docs" / "http.md").read_text(encoding="utf-8"), "on_holiday")
