"""What ends packaging before anything is written, and the sentence for it."""

import subprocess
import sys
from pathlib import Path

import pytest

from infra.package.build import Wish, build
from infra.package.digest import sources
from infra.package.errors import PackageFailed
from infra.package.interpreter import Interpreter, look_at
from infra.package.layout import ROOT
from infra.package.ours import ours
from infra.package.sam import sam
from infra.package.target import Target

MINI = {"app.py": b"", "chalicelib/newsroom.toml": (ROOT / "chalicelib/newsroom.toml").read_bytes()}


def test_the_newsrooms_own_file_takes_the_place_of_the_demos() -> None:
    own = MINI["chalicelib/newsroom.toml"].replace("Вісті Надріччя".encode(), "Голос".encode())
    made = ours({**MINI, "newsroom.toml": own})
    assert made.files["chalicelib/newsroom.toml"] == own
    assert "newsroom.toml" not in made.files
    assert made.own_newsroom
    assert not ours(MINI).own_newsroom


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        (b"languages = 5", r"newsroom\.toml: .*languages"),
        (b"languages = [", r"newsroom\.toml: .*Invalid value"),
        (b"\xff", r"newsroom\.toml: .*UTF-8"),
    ],
)
def test_a_mistake_in_it_is_told(mistake: bytes, told: str) -> None:
    with pytest.raises(PackageFailed, match=told):
        ours({**MINI, "newsroom.toml": mistake})


@pytest.mark.parametrize(
    "stray", ["chalicelib/notes.bak", "chalicelib/kernel/export.jsonl", "chalicelib/http/routes.py~"]
)
def test_what_was_left_beside_the_code_is_not_deployed(stray: str) -> None:
    with pytest.raises(PackageFailed, match=stray):
        ours({**MINI, stray: b"oksana@example.org"})


def test_an_app_that_chalice_cannot_load_is_told(tmp_path: Path) -> None:
    (tmp_path / ".chalice").mkdir()
    (tmp_path / ".chalice/config.json").write_text('{"version": "2.0", "app_name": "spilno"}')
    (tmp_path / "app.py").write_text("import nothing_of_that_name")
    (tmp_path / "infra").symlink_to(ROOT / "infra")
    with pytest.raises(PackageFailed, match=r"(?s)Chalice could not write the template.*nothing_of_that_name"):
        sam(tmp_path, "prod", "arm64")


def test_chalice_writes_the_template_with_our_settings_and_nobodys_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody-has-this")
    made = sam(ROOT, "dev", "x86_64")
    functions = {
        name: one["Properties"]
        for name, one in made["Resources"].items()
        if one["Type"] == "AWS::Serverless::Function"
    }
    assert {"APIHandler", "Sweep", "ReconcileUndelivered", "ReconcileEvents", "ReconcileMoney"} <= set(functions)
    assert functions["APIHandler"]["Timeout"] == 29, "API Gateway waits no longer"
    assert functions["APIHandler"]["MemorySize"] == 1024
    assert {one["Architectures"][0] for one in functions.values()} == {"x86_64"}
    assert made["Resources"]["RestAPI"]["Properties"]["EndpointConfiguration"] == "REGIONAL"
    assert made["Resources"]["RestAPI"]["Properties"]["StageName"] == "api"


def _running() -> Interpreter:
    found = look_at(sys.executable)
    assert found is not None
    return found


def test_a_failure_leaves_the_last_good_package(tmp_path: Path) -> None:
    """Here requirements.txt asks for what the lock does not have."""
    project, out = tmp_path / "project", tmp_path / "build/prod"
    for name, content in sources(ROOT).items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_bytes(content)
    (project / "requirements.txt").write_text("flask==3\n")
    out.mkdir(parents=True)
    (out / "manifest.json").write_text("the last good one")
    interpreter = _running()
    wish = Wish(project, "prod", Target(interpreter.python, "arm64"), interpreter, tmp_path / "cache")
    with pytest.raises(PackageFailed, match="flask 3, and the lock does not have it"):
        build(wish, out, lambda _sentence: None)
    assert [path.name for path in out.parent.rglob("*")] == ["prod", "manifest.json"]
    assert (out / "manifest.json").read_text() == "the last good one"


def test_the_command_ends_with_a_sentence_and_exit_code_1(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "infra.package", "--out", str(tmp_path / "out")],
        capture_output=True, text=True, check=False, cwd=ROOT, env={"SPILNO_PACKAGE_PYTHON": "/no/such/python"},
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("Nothing was packaged. SPILNO_PACKAGE_PYTHON is '/no/such/python'")
    assert not (tmp_path / "out").exists()
