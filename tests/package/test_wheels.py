"""Fetching wheels: what is missing, of another kind or not the file that was meant ends it, by name."""

from pathlib import Path

import pytest

from infra.package.errors import PackageFailed
from infra.package.pinned import Pin
from infra.package.target import SUPPORTED, Target
from infra.package.wheels import closed, fetch
from tests.package.wheelhouse import a_source_package, a_wheel

ARM = Target("3.13", "arm64")
INTEL = Target("3.13", "x86_64")


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pip looks here and nowhere else."""
    folder = tmp_path / "registry"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder


def test_wheels_come_for_the_target_and_are_kept(registry: Path, tmp_path: Path) -> None:
    pure = a_wheel(registry, "pure")
    arm = a_wheel(registry, "native", tag="cp313-cp313-manylinux_2_28_aarch64")
    intel = a_wheel(registry, "native", tag="cp313-cp313-manylinux_2_28_x86_64")
    native = Pin("native", "1.0", tuple(sorted({*arm.hashes, *intel.hashes})))
    names = [wheel.name for wheel in fetch([pure, native], ARM, tmp_path / "cache")]
    assert names == ["pure-1.0-py3-none-any.whl", "native-1.0-cp313-cp313-manylinux_2_28_aarch64.whl"]
    for path in registry.iterdir():
        path.unlink()
    assert [wheel.name for wheel in fetch([pure, native], ARM, tmp_path / "cache")] == names, "no registry is asked"


def test_a_package_without_a_wheel_for_the_target_is_named(registry: Path, tmp_path: Path) -> None:
    arm = a_wheel(registry, "native", tag="cp313-cp313-manylinux_2_28_aarch64")
    with pytest.raises(PackageFailed, match=r"There is no wheel of native 1\.0 for Python 3\.13 on x86_64\."):
        fetch([a_wheel(registry, "pure"), arm], INTEL, tmp_path / "cache")


def test_a_package_that_has_only_source_is_named(registry: Path, tmp_path: Path) -> None:
    with pytest.raises(PackageFailed, match=r"There is no wheel of sourceonly 1\.0 .* from source is not shipped"):
        fetch([a_source_package(registry, "sourceonly")], ARM, tmp_path / "cache")


def test_a_wheel_for_a_newer_c_library_than_the_functions_is_none(registry: Path, tmp_path: Path) -> None:
    newer = a_wheel(registry, "native", tag="cp311-cp311-manylinux_2_28_x86_64")
    with pytest.raises(PackageFailed, match=r"no wheel of native 1\.0 for Python 3\.11"):
        fetch([newer], Target("3.11", "x86_64"), tmp_path / "cache")


def test_another_file_than_the_lock_names_is_refused(registry: Path, tmp_path: Path) -> None:
    pin = a_wheel(registry, "pure")._replace(hashes=("0" * 64,))
    with pytest.raises(PackageFailed, match="The registry has another file than the lock names"):
        fetch([pin], ARM, tmp_path / "cache")


def test_a_kept_wheel_that_was_changed_is_fetched_again(registry: Path, tmp_path: Path) -> None:
    pin = a_wheel(registry, "pure")
    (kept,) = fetch([pin], ARM, tmp_path / "cache")
    kept.write_bytes(b"something else")
    (again,) = fetch([pin], ARM, tmp_path / "cache")
    assert again.read_bytes() == (registry / again.name).read_bytes()


def test_a_registry_that_does_not_answer_is_no_missing_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    with pytest.raises(PackageFailed, match="The package registry does not answer pip"):
        fetch([Pin("pure", "1.0", ("0" * 64,))], ARM, tmp_path / "cache")


def wheels_of(folder: Path, *needs: str) -> list[Path]:
    a_wheel(folder, "stripe", needs=needs)
    a_wheel(folder, "requests", version="2.34.2", needs=("urllib3>=1.26,<3",))
    return sorted(folder.glob("*.whl"))


@pytest.mark.parametrize(
    "need", ["requests>=2.20", "boto3", 'colorama; sys_platform == "win32"', 'pytz; python_version < "3.9"']
)
def test_what_is_there_in_lambda_or_for_others_only_is_not_missing(tmp_path: Path, need: str) -> None:
    closed(wheels_of(tmp_path, need), ARM)


@pytest.mark.parametrize("need", ["httpx", 'httpx; sys_platform == "linux"', 'httpx; python_version >= "3.13"'])
def test_what_a_wheel_needs_and_nobody_brings_is_named(tmp_path: Path, need: str) -> None:
    with pytest.raises(PackageFailed, match=r"stripe needs httpx.*the lock does not have it"):
        closed(wheels_of(tmp_path, need), ARM)


def test_what_is_there_in_a_version_that_does_not_do_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackageFailed, match=r"stripe needs requests>=3.*and the lock has 2\.34\.2"):
        closed(wheels_of(tmp_path, "requests>=3"), ARM)


@pytest.mark.parametrize("python", SUPPORTED)
def test_platforms_end_at_the_c_library_of_the_functions_machine(python: str) -> None:
    newest = "manylinux_2_26_aarch64" if python == "3.11" else "manylinux_2_34_aarch64"
    assert Target(python, "arm64").platforms[0] == newest
