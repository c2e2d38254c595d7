"""Of every attribute of every kind of row somebody said whether it is handed over, and whether it stays, and why.

A new kind, or a new attribute of one, fails here, and in every test with a table that holds it (tests/conftest.py).
"""

import re
from pathlib import Path

import pytest

from chalicelib.kernel.table import Item, Key
from chalicelib.privacy.rules import grounds
from chalicelib.privacy.rules.kinds import EVERYWHERE, Kind
from chalicelib.privacy.rules.of_people import OF_PEOPLE
from chalicelib.privacy.rules.personal_data import KINDS, kind_of
from testkit.erasing import undescribed
from testkit.harness import Harness
from tests.privacy.personal_data_page import page

ROOT = Path(__file__).parents[2]
MODEL = (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8")
# A row of the overview: the link to the kind's section, then its keys.
_AT_A_GLANCE = re.compile(r"^\| \[[^]]+\]\(#([a-z0-9-]+)\)[^|]*\| ([^|]+)\|", re.MULTILINE)


def test_every_kind_of_the_data_model_is_described_and_the_other_way_round() -> None:
    told = [key for _, keys in _AT_A_GLANCE.findall(MODEL) for key in _keys(keys)]
    assert len(told) > 30
    undescribed_keys = [key for key in told if not any(kind.may_stand_at(*key) for kind in KINDS)]
    assert not undescribed_keys, "say in chalicelib/privacy/rules what becomes of these rows"
    missing = [kind.name for kind in KINDS if not any(kind.may_stand_at(*key) for key in told)]
    assert not missing, "docs/data-model.md, At a glance, has no such row"


def _keys(written: str) -> list[Key]:
    """`SUP#id` / `MONEY#time` ; `CUS#…` / `CUS`."""
    found: list[Key] = []
    for both in written.split(";"):
        pk, _, sks = both.partition("/")
        partitions = re.findall(r"`([^`]+)`", pk)
        for sk in re.findall(r"`([^`]+)`", sks):
            found += [(one, sk) for one in partitions if not sk[0].isdigit() or "#" in sk]
    return found


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_attribute_stands_in_the_data_model(kind: Kind) -> None:
    sections = {
        anchor for anchor, keys in _AT_A_GLANCE.findall(MODEL) if any(kind.may_stand_at(*key) for key in _keys(keys))
    }
    text = "".join(_section(anchor) for anchor in sections)
    missing = [name for name in kind.by_name if f"`{name}`" not in text and not _is_numbered(name, text)]
    assert not missing, f"docs/data-model.md, {sorted(sections)}: what is this?"


def _is_numbered(name: str, text: str) -> bool:
    return name.startswith("part") and "`part0`–`part9`" in text


def _section(anchor: str) -> str:
    for part in re.split(r"^## ", MODEL, flags=re.MULTILINE):
        title = re.sub(r"[^a-z0-9 -]", "", part.partition("\n")[0].lower()).strip().replace(" ", "-")
        if title == anchor:
            return part
    raise AssertionError(f"docs/data-model.md has no section {anchor}.")


@pytest.mark.parametrize("kind", OF_PEOPLE, ids=lambda kind: kind.name)
def test_every_attribute_is_handed_over_or_says_why_not_and_goes_or_says_why_it_stays(kind: Kind) -> None:
    reasons = {value for name, value in vars(grounds).items() if name.isupper()}
    assert kind.attributes or kind.name == "place where the address was proven"
    for one in kind.attributes:
        assert one.what
        assert not one.withheld or one.withheld in reasons
        assert not one.ground or one.ground in reasons
        assert not set(one.names) & EVERYWHERE


def test_a_table_full_of_everything_holds_nothing_that_is_not_described(upgraded: Harness) -> None:
    assert undescribed(upgraded.items()) == []


@pytest.mark.parametrize("row", [{"pk": "SUP#1", "sk": "NEWS#1"}, {"pk": "SUP#1", "sk": "PROFILE", "shoe_size": 44}])
def test_a_kind_or_an_attribute_that_nobody_described_is_told(row: Item) -> None:
    """The negative control."""
    assert len(undescribed([row])) == 1


def test_the_page_says_what_the_code_does() -> None:
    written = (ROOT / "docs" / "personal-data.md").read_text(encoding="utf-8")
    assert written == page(), "python -m tests.privacy.personal_data_page > docs/personal-data.md"


def test_an_attempt_that_is_called_like_one_of_stripes_sessions_is_known_for_what_it_is() -> None:
    """Whoever begins a gift chooses the attempt's name."""
    keys = {"pk": "CHECKOUT#cs_0123456789abcdef", "sk": "CHECKOUT"}
    assert kind_of({**keys, "wish": "f", "session": "cs_1"}).name == "gift that was begun"
    assert kind_of({**keys, "status": "open"}).name == "checkout"
