"""Bytecode by another Python, told apart by its source's hash, with Lambda's paths in it."""

import importlib.util
import marshal
import sys
from pathlib import Path
from types import CodeType

import pytest

from infra.package.bytecode import compiled, with_source
from infra.package.errors import PackageFailed
from infra.package.interpreter import Interpreter, look_at
from infra.package.target import Target

HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
TARGET = Target(HERE, "arm64")
FILES = {
    "app.py": b"IN = 'x' in {'a', 'b', 'c', 'd', 'e', 'f'}\ndef view():\n    return [x for x in 'abc']\n",
    "pkg/__init__.py": b"",
    "pkg/data.toml": b"a = 1",
}


@pytest.fixture
def interpreter() -> Interpreter:
    found = look_at(sys.executable)
    assert found is not None
    return found


def test_every_module_gets_bytecode_that_is_not_checked_at_import(interpreter: Interpreter, tmp_path: Path) -> None:
    made = compiled(FILES, interpreter, TARGET, tmp_path)
    assert set(made) == {f"__pycache__/app.{TARGET.tag}.pyc", f"pkg/__pycache__/__init__.{TARGET.tag}.pyc"}
    content = made[f"__pycache__/app.{TARGET.tag}.pyc"]
    assert content[:4] == importlib.util.MAGIC_NUMBER
    assert int.from_bytes(content[4:8], "little") == 0b01, "by hash, and unchecked"
    assert content[8:16] == importlib.util.source_hash(FILES["app.py"])


def test_of_some_packages_the_bytecode_alone_is_shipped(interpreter: Interpreter, tmp_path: Path) -> None:
    files = {**FILES, "stripe/__init__.py": b"", "stripe/data/roots.crt": b"x", "stripelike/__init__.py": b""}
    made = with_source(files) | compiled(files, interpreter, TARGET, tmp_path)
    assert {name for name in made if name.startswith("stripe/")} == {"stripe/__init__.pyc", "stripe/data/roots.crt"}
    assert "stripelike/__init__.py" in made
    assert "app.py" in made


def test_tracebacks_name_lambdas_paths(interpreter: Interpreter, tmp_path: Path) -> None:
    code = marshal.loads(compiled(FILES, interpreter, TARGET, tmp_path)[f"__pycache__/app.{TARGET.tag}.pyc"][16:])  # noqa: S302 - just written
    inner = [const for const in code.co_consts if isinstance(const, CodeType)]
    assert inner
    assert {one.co_filename for one in (code, *inner)} == {"/var/task/app.py"}


def test_another_folder_another_time_another_seed_give_the_same_bytes(
    interpreter: Interpreter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for seed in ("1", "2", "3"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        made.append(compiled(dict(reversed(FILES.items())), interpreter, TARGET, tmp_path / seed))
    assert made[0] == made[1] == made[2]


def test_a_source_that_does_not_compile_is_named(interpreter: Interpreter, tmp_path: Path) -> None:
    broken = {**FILES, "pkg/broken.py": b"def f(:\n"}
    with pytest.raises(PackageFailed, match=r"(?s)does not compile this.*/var/task/pkg/broken\.py"):
        compiled(broken, interpreter, TARGET, tmp_path)


def test_nothing_stays_behind(interpreter: Interpreter, tmp_path: Path) -> None:
    compiled(FILES, interpreter, TARGET, tmp_path)
    assert not list(tmp_path.iterdir())
