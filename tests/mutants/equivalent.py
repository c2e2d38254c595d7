"""Mutants that no test can notice, as they do the same: each with the reason, by a person who looked."""

import tomllib
from pathlib import Path
from typing import NamedTuple

LIST = Path(__file__).with_name("equivalent.toml")


class Equivalent(NamedTuple):
    """One of them. `change`: what it did when somebody looked; for any other change the reason says nothing."""

    id: str
    change: str
    why: str


def equivalents(path: Path = LIST) -> dict[str, Equivalent]:
    """All of them, by their ids."""
    listed = tomllib.loads(path.read_text(encoding="utf-8")).get("mutant", [])
    return {one["id"]: Equivalent(one["id"], one["change"], one["why"]) for one in listed}


def reason(of: str, change: str, known: dict[str, Equivalent]) -> str:
    """Why a mutant does the same; an empty text if nobody said so of this change."""
    found = known.get(of)
    return found.why if found and found.change == change else ""
