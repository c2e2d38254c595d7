"""Finding the Python that writes the bytecode. The ones here are scripts that answer as a Python would."""

import json
import sys
from pathlib import Path

import pytest

from infra.package.errors import PackageFailed
from infra.package.interpreter import CHOSEN, find, look_at


def a_python(path: Path, full: str = "3.13.5", name: str = "cpython", level: str = "final", flags: str = "") -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    answer = json.dumps([name, full.rpartition(".")[0], full, level, flags, str(path)])
    path.write_text(f"#!/bin/sh\necho '{answer}'\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def running(tmp_path: Path) -> str:
    """What runs the packaging, on a machine with nothing else."""
    return a_python(tmp_path / "venv/bin/python", "3.11.2")


def test_on_a_machine_without_3_13_it_is_the_one_that_runs(tmp_path: Path, running: str) -> None:
    found = find({"PATH": str(tmp_path), "HOME": str(tmp_path)}, running)
    assert (found.path, found.python, found.full, found.preferred) == (running, "3.11", "3.11.2", False)


def test_one_on_the_path_is_taken(tmp_path: Path, running: str) -> None:
    there = a_python(tmp_path / "bin/python3.13")
    found = find({"PATH": f"/nowhere:{tmp_path / 'bin'}", "HOME": str(tmp_path)}, running)
    assert (found.path, found.python, found.preferred) == (there, "3.13", True)


def test_the_running_one_is_taken_when_it_is_of_that_version(tmp_path: Path) -> None:
    running = a_python(tmp_path / "venv/bin/python", "3.13.1")
    a_python(tmp_path / "bin/python3.13", "3.13.9")
    assert find({"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}, running).path == running


def test_a_shim_that_starts_nothing_is_passed_over(tmp_path: Path, running: str) -> None:
    """What pyenv puts on PATH for every version that it knows, whether one is chosen or not."""
    shim = tmp_path / "shims/python3.13"
    shim.parent.mkdir()
    shim.write_text("#!/bin/sh\necho 'pyenv: python3.13: command not found' >&2\nexit 127\n")
    shim.chmod(0o755)
    a_python(tmp_path / ".pyenv/versions/3.13.9/bin/python3.13", "3.13.9")
    newest = a_python(tmp_path / ".pyenv/versions/3.13.10/bin/python3.13", "3.13.10")
    found = find({"PATH": str(shim.parent), "HOME": str(tmp_path)}, running)
    assert found.path == newest


def test_pyenvs_own_folder_is_looked_at_where_it_says(tmp_path: Path, running: str) -> None:
    there = a_python(tmp_path / "managed/versions/3.13.0/bin/python3.13")
    env = {"PATH": "/nowhere", "HOME": str(tmp_path), "PYENV_ROOT": str(tmp_path / "managed")}
    assert find(env, running).path == there


def test_one_of_uvs_is_taken(tmp_path: Path, running: str) -> None:
    there = a_python(tmp_path / ".local/share/uv/python/cpython-3.13.5-linux-x86_64-gnu/bin/python3.13")
    assert find({"PATH": "/nowhere", "HOME": str(tmp_path)}, running).path == there


@pytest.mark.parametrize(
    "odd", [{"name": "pypy"}, {"level": "candidate"}, {"flags": "t"}], ids=["pypy", "candidate", "free-threaded"]
)
def test_another_kind_of_python_is_passed_over(tmp_path: Path, running: str, odd: dict[str, str]) -> None:
    a_python(tmp_path / "bin/python3.13", **odd)
    assert find({"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}, running).path == running


def test_the_named_one_wins(tmp_path: Path, running: str) -> None:
    a_python(tmp_path / "bin/python3.13")
    named = a_python(tmp_path / "mine/python", "3.12.4")
    found = find({CHOSEN: named, "PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}, running)
    assert (found.path, found.python) == (named, "3.12")


def test_a_named_one_that_does_not_start_is_told(running: str) -> None:
    with pytest.raises(PackageFailed, match=f"{CHOSEN} is '/no/such/python', and that is no Python that starts"):
        find({CHOSEN: "/no/such/python"}, running)


def test_a_named_one_that_lambda_does_not_have_is_told(tmp_path: Path, running: str) -> None:
    named = a_python(tmp_path / "python", "3.10.13")
    with pytest.raises(PackageFailed, match=r"a Python 3\.10\. We can package for 3\.11, "):
        find({CHOSEN: named}, running)


def test_a_running_one_newer_than_lambda_knows_is_told(tmp_path: Path) -> None:
    running = a_python(tmp_path / "python", "3.15.0")
    with pytest.raises(
        PackageFailed, match=r"There is no Python 3\.13 here, and the one that runs this is a 3\.15\."
    ):
        find({"PATH": "/nowhere", "HOME": str(tmp_path)}, running)


def test_a_real_one_answers() -> None:
    found = look_at(sys.executable)
    assert found is not None
    assert found.full == ".".join(str(part) for part in sys.version_info[:3])
