"""The most that a package may take."""

import os
from pathlib import Path

import pytest

from infra.package.archive import zipped
from infra.package.errors import PackageFailed
from infra.package.sizes import MOST, check, parts, table


def written(tmp_path: Path, size: int) -> Path:
    noise = os.urandom(size)  # does not get smaller in a zip
    path = tmp_path / "spilno.zip"
    path.write_bytes(
        zipped({"stripe/_price.py": noise, "stripe/__pycache__/_price.cpython-313.pyc": b"code", "app.py": b"app"})
    )
    return path


def test_a_package_within_the_limit_passes(tmp_path: Path) -> None:
    check(written(tmp_path, MOST - 10_000))


def test_a_package_above_it_is_refused_with_its_largest_parts(tmp_path: Path) -> None:
    with pytest.raises(PackageFailed, match=r"(?s)9\.50 MB, more than the 9\.5 MB.*9\.50 MB  stripe\n"):
        check(written(tmp_path, MOST))


def test_bytecode_is_told_apart(tmp_path: Path) -> None:
    assert set(parts(written(tmp_path, 10))) == {"stripe", "stripe, bytecode", "app"}
    assert "stripe, bytecode" in table(written(tmp_path, 10))
