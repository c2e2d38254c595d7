"""Which Spilno this is."""

import tomllib

from chalicelib import VERSION
from chalicelib.version import version
from infra.package.layout import ROOT


def test_a_work_tree_has_the_release_alone() -> None:
    """A package has its digest beside it: see `test_runs.py`."""
    assert version() == VERSION


def test_the_release_is_said_in_one_voice() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"] == VERSION
