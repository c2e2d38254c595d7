"""A package unpacked and run as Lambda would: by a Python of its version, beside what the runtime brings."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from tests.architecture.test_gate_imports import gate_check

SCRIPT = Path(__file__).with_name("on_lambda.py")
IN_LAMBDA = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")


def laid(folder: Path, into: Path) -> Path:
    """The zip of a package, unpacked into this folder."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    with ZipFile(folder / manifest["zip"]) as opened:
        opened.extractall(into)
    return into


def lambdas_own(into: Path) -> Path:
    """What the runtime brings; all of it is plain Python, so this environment's serve other versions too."""
    for name in IN_LAMBDA:
        found = find_spec(name)
        assert found is not None
        assert found.origin is not None
        origin = Path(found.origin)
        lies = origin.parent if origin.name == "__init__.py" else origin
        (into / lies.name).symlink_to(lies)
    return into


def ran(python: Sequence[str], task: Path, own: Path, environ: Mapping[str, str] | None = None) -> Any:
    """What `on_lambda.py` found, run by the command `python` from within the package."""
    told = {"PYTHONPATH": f"{task}:{own}", "AWS_ENDPOINT_URL": "http://127.0.0.1:9", **(environ or {})}
    done = subprocess.run(
        [*python, "-s", "-S", "-B", "-W", "error", str(SCRIPT)],
        input=json.dumps(gate_check()), cwd=task, env=told,
        capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])
