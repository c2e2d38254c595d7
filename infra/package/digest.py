"""Which code a package was made of, as twelve characters."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

# Everything of ours that decides what a package and its template hold. The newsroom's own file is there or not.
_FILES = ("app.py", "newsroom.toml", "requirements.txt", ".chalice/config.json", ".chalice/policy.json",
          "integrations/edge/build.py")  # fmt: skip
# Of the gate at the edge, what the template's function is made of.
_TREES = ("chalicelib", "infra", "integrations/edge/parts")
_DIGITS = 12


def sources(root: Path) -> dict[str, bytes]:
    """Those files by their path below `root`, read once, so that one run of packaging sees one state of them."""
    found = [root / name for name in _FILES if (root / name).is_file()]
    for tree in _TREES:
        found += [path for path in (root / tree).rglob("*") if path.is_file() and _counts(path.relative_to(root))]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(found)}


def digest_of(files: Mapping[str, bytes]) -> str:
    """Twelve hexadecimal characters that change with any of these files' name or content."""
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:_DIGITS]


def source_digest(root: Path) -> str:
    """The digest of the code that lies at `root` now; a package's manifest tells which it was made of."""
    return digest_of(sources(root))


def _counts(path: Path) -> bool:
    """Caches, editors' leftovers and hidden files are nobody's source; packaging itself writes `build.json`."""
    hidden = any(part.startswith(".") or part == "__pycache__" for part in path.parts)
    return not hidden and path.suffix != ".pyc" and not path.name.endswith("~") and path.name != "build.json"
