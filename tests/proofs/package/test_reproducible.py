"""The same code gives the same package: elsewhere, later, by somebody with other habits."""

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.package.build import Wish, build
from infra.package.digest import source_digest
from infra.package.interpreter import find
from infra.package.layout import CACHE, ROOT
from infra.package.target import Target
from testkit.packaged import packaged

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def other_habits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another time zone, another hash seed, files that only their owner may read, an AWS profile."""
    for name, value in {"TZ": "Pacific/Chatham", "PYTHONHASHSEED": "7", "AWS_PROFILE": "nobody", "LANG": "C"}.items():
        monkeypatch.setenv(name, value)
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@pytest.mark.usefixtures("other_habits")
def test_another_folder_at_another_time_gives_the_same_bytes(tmp_path: Path) -> None:
    first = packaged("prod", "arm64")
    copy = tmp_path / "somewhere else"
    for name in ("chalicelib", "infra", "integrations", ".chalice"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "deployments"))
    for name in ("app.py", "requirements.txt"):
        shutil.copy(ROOT / name, copy / name)
    for path in copy.rglob("*"):
        os.utime(path, (time.time() - 1e6, time.time() - 1e6))
    interpreter = find()
    target = Target(interpreter.python, "arm64")
    cache = tmp_path / "cache"
    for wheels in CACHE.glob(f"wheels-{target.runtime}-arm64-*"):
        shutil.copytree(wheels, cache / wheels.name)
    assert source_digest(copy) == json.loads((first / "manifest.json").read_text("utf-8"))["source_digest"]

    second = tmp_path / "out"
    build(Wish(copy, "prod", target, interpreter, cache), second, lambda _sentence: None)
    assert {path.name for path in second.iterdir()} == {path.name for path in first.iterdir()}, (
        "the zip's name is its hash"
    )
    for path in second.iterdir():
        assert path.read_bytes() == (first / path.name).read_bytes(), path.name
