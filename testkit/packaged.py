"""The real package for tests: made once, however many tests, workers and runs of the tests ask for it."""

import fcntl
import hashlib
import os
import shutil
import time
from pathlib import Path

from infra.package.build import Wish, build
from infra.package.digest import source_digest
from infra.package.interpreter import CHOSEN, find
from infra.package.layout import CACHE, ROOT
from infra.package.target import Target

_KEPT = CACHE / "for-tests"
_OLD = 3600  # seconds after which a package of other code goes


def packaged(stage: str = "prod", architecture: str = "x86_64", python: str | None = None) -> Path:
    """The folder with template.json, manifest.json and the zip, of the code as it is now. Read it, never write.

    The same code gives the same bytes, so a package is kept until the code changes.

    :param python: the path of the interpreter whose version it is for; None: as `make package` would choose.
    """
    interpreter = find({**os.environ, **({CHOSEN: python} if python else {})})
    _KEPT.mkdir(parents=True, exist_ok=True)
    name = f"{stage}-{architecture}-{interpreter.full}"
    with (_KEPT / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        tools = hashlib.sha256((ROOT / "requirements-dev.txt").read_bytes()).hexdigest()[:6]
        folder = _KEPT / f"{name}-{source_digest(ROOT)}-{tools}"
        if not (folder / "manifest.json").is_file():
            _forget_old(name)
            target = Target(interpreter.python, architecture)
            made = build(Wish(ROOT, stage, target, interpreter, CACHE), folder, lambda _sentence: None)
            # Somebody saved a file meanwhile: what was made is right, and lies where its own code is looked for.
            folder = folder.rename(_KEPT / f"{name}-{made['source_digest']}-{tools}")
    return folder


def _forget_old(name: str) -> None:
    for folder in _KEPT.glob(f"{name}-*"):
        if folder.is_dir() and folder.stat().st_mtime < time.time() - _OLD:
            shutil.rmtree(folder)
