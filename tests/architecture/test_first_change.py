"""The walk in docs/first-change.md goes as the page says: its changes fit, and its tests go from red to green."""

import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "first-change.md"
_BLOCK = re.compile(r"^```diff\n(.*?)^```", re.MULTILINE | re.DOTALL)
TESTS = ("tests/reading/test_paywall.py", "tests/architecture/test_reasons.py")


def changes(text: str) -> dict[str, list[tuple[str, str]]]:
    """What a page's diffs change, by file: what stands there, and what stands there afterwards."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for block in _BLOCK.findall(text):
        for part in re.split(r"^--- a/\S+\n\+\+\+ b/", block, flags=re.MULTILINE)[1:]:
            path, _, hunks = part.partition("\n")
            for hunk in hunks.split("@@\n")[1:]:
                lines = hunk.splitlines(keepends=True)
                before = "".join(line[1:] for line in lines if line[0] in " -")
                found[path].append((before, "".join(line[1:] for line in lines if line[0] in " +")))
    return dict(found)


def changed(source: str, hunks: list[tuple[str, str]]) -> str:
    """A file after its changes.

    :raises ValueError: something does not stand there just once.
    """
    for before, after in hunks:
        if source.count(before) != 1:
            raise ValueError(before)
        source = source.replace(before, after)
    return source


def undone(source: str, hunks: list[tuple[str, str]]) -> str:
    """A file before its changes, for whoever is just on the walk."""
    for before, after in hunks:
        source = source.replace(after, before)
    return source


def ran(copy: Path) -> subprocess.CompletedProcess[str]:
    """The walk's quickest tests, in a copy."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--noconftest",
        "-p",
        "no:cacheprovider",
        "-c",
        "empty.ini",
        *TESTS,
    ]
    return subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What the walk touches, and what it runs."""
    for name in ("chalicelib", "elements"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in {*changes(PAGE.read_text(encoding="utf-8")), *TESTS, "tests/__init__.py"}:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    for path, hunks in changes(PAGE.read_text(encoding="utf-8")).items():
        here = tmp_path / path
        here.write_text(undone(here.read_text(encoding="utf-8"), hunks), encoding="utf-8")
    for folder in ("reading", "architecture"):
        (tmp_path / "tests" / folder / "__init__.py").touch()
    (tmp_path / "empty.ini").write_text("[pytest]\n")
    return tmp_path


def test_the_walk_leads_where_it_says(copy: Path) -> None:
    walk = changes(PAGE.read_text(encoding="utf-8"))
    assert len(walk) > 10
    assert ran(copy).returncode == 0, "before it"
    rule = copy / "chalicelib" / "reading" / "rules" / "paywall.py"
    for path in (TESTS[0], rule.relative_to(copy).as_posix()):
        target = copy / path
        target.write_text(changed(target.read_text(encoding="utf-8"), walk.pop(path)), encoding="utf-8")
    half = ran(copy)
    assert "2 failed" in half.stdout, half.stdout
    for path, hunks in walk.items():
        target = copy / path
        target.write_text(changed(target.read_text(encoding="utf-8"), hunks), encoding="utf-8")
    done = ran(copy)
    assert done.returncode == 0, done.stdout


def test_a_change_that_no_longer_fits_is_noticed() -> None:
    """The negative control of the test above."""
    with pytest.raises(ValueError, match="moved on"):
        changed("the code\n", [("the code has moved on\n", "the code\n")])
    with pytest.raises(ValueError, match="twice"):
        changed("twice\ntwice\n", [("twice\n", "once\n")])
