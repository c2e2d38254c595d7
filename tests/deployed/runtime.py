"""What stands for Lambda's runtime: a bare interpreter with boto3 and nothing else, that may write nowhere.

Lambda's image has boto3 and what boto3 needs, a read-only /var/task and no home. This interpreter begins with
`sandbox.py`, by a `.pth` file (Debian has a `sitecustomize` of its own). It takes away what local AWS was started
with, and refuses to write or to leave the machine. Made once for each version of Python and of boto3, and kept below
`build/`.
"""

import hashlib
import re
import shutil
import subprocess
import tempfile
from importlib.metadata import distribution
from pathlib import Path

from localdev.ports import ROOT

SANDBOX = Path(__file__).with_name("sandbox.py")
MADE = ROOT / "build" / "lambda-runtime"


def runtime(base: Path) -> Path:
    """The interpreter that functions run on, made from `base`; the same one again when nothing has changed."""
    found = _with_what_they_need("boto3")
    version = subprocess.run([base, "-V"], capture_output=True, text=True, check=True).stdout.split()[1]
    facts = repr((str(base), version, sorted(found.items()), SANDBOX.read_bytes(), Path(__file__).read_bytes()))
    made = MADE / f"{version}-{hashlib.sha256(facts.encode()).hexdigest()[:12]}"
    if not made.exists():
        MADE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=MADE) as scratch:
            _make(Path(scratch) / "runtime", base, found)
            try:
                (Path(scratch) / "runtime").rename(made)
            except OSError:  # another test worker has made it meanwhile, and that one stays
                if not made.exists():
                    raise
    return made / "bin" / "python"


def _make(directory: Path, base: Path, found: dict[str, str]) -> None:
    subprocess.run([base, "-m", "venv", "--without-pip", "--symlinks", directory], check=True)
    (packages,) = directory.glob("lib/python3*/site-packages")
    for name in found:
        for top in _tops(name):
            source = Path(str(distribution(name).locate_file(top)))
            if source.is_dir():
                shutil.copytree(source, packages / top, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, packages / top)
    shutil.copy(SANDBOX, packages / "sandbox.py")
    (packages / "prison.pth").write_text("import prison\n")
    made = directory / "bin" / "python"
    subprocess.run([made, "-S", "-m", "compileall", "-q", "-s", directory, packages], check=True)


def _tops(name: str) -> set[str]:
    """A distribution's top-level modules and packages."""
    parts = {path.parts[0] for path in distribution(name).files or () if path.suffix in (".py", ".json", ".gz")}
    return {part for part in parts if not part.startswith(("..", "__")) and not part.endswith(".dist-info")}


def _with_what_they_need(name: str) -> dict[str, str]:
    found = distribution(name)
    needed = {name: found.version}
    for requirement in found.requires or ():
        if "extra ==" not in requirement:
            match = re.match(r"[\w.-]+", requirement)
            assert match
            needed |= _with_what_they_need(match.group())
    return needed
