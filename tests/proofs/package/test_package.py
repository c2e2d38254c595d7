"""The real package: what is in it, what is not, and that its bytecode is right."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from chalicelib.i18n.texts import LANGUAGES, packed_name
from infra.package.archive import zipped
from infra.package.interpreter import find
from infra.package.layout import ROOT
from infra.package.pinned import IN_LAMBDA, LOCK, read
from infra.package.sizes import MOST
from testkit.packaged import packaged

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
JUDGE = Path(__file__).with_name("bytecode_judge.py")


@cache
def contents(architecture: str) -> dict[str, bytes]:
    with ZipFile(zip_of(packaged("prod", architecture))) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def manifest_of(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))


def zip_of(folder: Path) -> Path:
    return folder / str(manifest_of(folder)["zip"])


@pytest.fixture(scope="module")
def arm() -> Path:
    return packaged("prod", "arm64")


def test_the_folder_holds_three_files_that_agree(arm: Path) -> None:
    manifest, package = manifest_of(arm), zip_of(arm)
    content = package.read_bytes()
    template = json.loads((arm / "template.json").read_text(encoding="utf-8"))
    assert {path.name for path in arm.iterdir()} == {"template.json", "manifest.json", package.name}
    assert package.name == f"spilno-{hashlib.sha256(content).hexdigest()[:12]}.zip"
    assert manifest["zip_bytes"] == len(content) <= MOST
    assert manifest["files"] == len(contents("arm64"))
    assert (manifest["stage"], manifest["architecture"]) == ("prod", "arm64")
    functions = [one for one in template["Resources"].values() if one["Type"] == "AWS::Serverless::Function"]
    told = {(one["Properties"]["CodeUri"], one["Properties"]["Runtime"]) for one in functions}
    assert told == {(f"./{package.name}", manifest["runtime"])}
    assert {tuple(one["Properties"]["Architectures"]) for one in functions} == {("arm64",)}


def test_the_package_knows_which_code_it_is(arm: Path) -> None:
    built = json.loads(contents("arm64")["chalicelib/build.json"])
    manifest = manifest_of(arm)
    assert built == {"source_digest": manifest["source_digest"]}
    assert manifest["version"] == f"0.1.0+{manifest['source_digest']}"


def test_our_code_is_all_there_as_it_is() -> None:
    inside = contents("arm64")
    ours = [path for path in (ROOT / "chalicelib").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    texts = {f"chalicelib/i18n/{lang}.toml": f"chalicelib/i18n/{packed_name(lang)}" for lang in LANGUAGES}
    for path in [ROOT / "app.py", *ours]:
        name = path.relative_to(ROOT).as_posix()
        if name in texts:  # as JSON, sentence by sentence: tests/package/test_packed_texts.py
            assert name not in inside
            assert texts[name] in inside
        elif name != "chalicelib/newsroom.toml":
            assert inside[name] == path.read_bytes(), name


def test_only_runtime_code_is_there() -> None:
    tops = {name.partition("/")[0] for name in contents("arm64")}
    folders = {"pycryptodomex": "Cryptodome"}
    names = [pin.name for pin in read(LOCK.read_text(encoding="utf-8"))]
    pins = {folders.get(name, name.replace("-", "_")) for name in names}
    single = {"typing_extensions.py", "__pycache__"}
    assert (
        tops
        == {"app.py", "chalicelib", "chalice", "THIRD-PARTY-LICENCES.txt"} | (pins - {"typing_extensions"}) | single
    )
    assert not {name.replace("-", "_") for name in IN_LAMBDA} & tops


def test_nothing_lies_there_that_no_function_reads() -> None:
    for name in contents("arm64"):
        assert ".dist-info/" not in name, name
        assert "/tests/" not in name, name
        assert not name.endswith((".pyi", ".pyo", "py.typed", ".c", ".swp", "~")), name
    locales = {name for name in contents("arm64") if name.startswith("babel/locale-data/")}
    assert {Path(name).stem for name in locales} == {"root", *LANGUAGES}


def test_every_package_brings_its_licence() -> None:
    licences = contents("arm64")["THIRD-PARTY-LICENCES.txt"].decode()
    for pin in read(LOCK.read_text(encoding="utf-8")):
        assert f"\n{pin.name.replace('-', '_')}-{pin.version}: " in f"\n{licences}", pin
    assert "chalice-1.34.0: NOTICE" in licences


def judged(package: Path) -> list[str]:
    """What the judge says, run by the Python that the package is for."""
    done = subprocess.run(
        [find().path, "-I", str(JUDGE), str(package)], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout.splitlines()


def test_all_of_it_has_valid_bytecode(arm: Path) -> None:
    assert sum(name.endswith(".pyc") for name in contents("arm64")) > 800
    assert judged(zip_of(arm)) == []


def _another_source(files: dict[str, bytes], cached: str) -> None:
    files["app.py"] += b"# changed"
    assert cached in files


def _by_time(files: dict[str, bytes], cached: str) -> None:
    files[cached] = files[cached][:4] + bytes(4) + files[cached][8:]


def _none(files: dict[str, bytes], cached: str) -> None:
    del files[cached]


def _another_python(files: dict[str, bytes], cached: str) -> None:
    files[cached.replace("cpython-3", "cpython-2")] = files[cached]


def _another_magic(files: dict[str, bytes], cached: str) -> None:
    files[cached] = b"\x00\x00\r\n" + files[cached][4:]


def _machine_path(files: dict[str, bytes], cached: str) -> None:
    files[cached] = files[cached].replace(b"/var/task/app.py", b"/home/me/appl.py")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_another_source, "the hash of another source"),
        (_by_time, "checked by time"),
        (_none, "has no bytecode"),
        (_another_python, "belongs to no source or to another Python"),
        (_another_magic, "magic number"),
        (_machine_path, "/home/me/appl.py"),
    ],
)
def test_the_judge_sees(tmp_path: Path, spoil: Callable[[dict[str, bytes], str], None], told: str) -> None:
    """The negative controls of the test above."""
    cached = next(name for name in contents("arm64") if name.startswith("__pycache__/app."))
    files = {"app.py": contents("arm64")["app.py"], cached: contents("arm64")[cached]}
    spoil(files, cached)
    package = tmp_path / "spoilt.zip"
    package.write_bytes(zipped(files))
    assert told in "\n".join(judged(package))


def test_no_path_of_this_machine_is_in_anything(arm: Path) -> None:
    mine = [str(ROOT).encode(), sys.prefix.encode(), str(Path(find().path).parent.parent).encode()]
    written = {
        **contents("arm64"),
        **{path.name: path.read_bytes() for path in arm.iterdir() if path.suffix == ".json"},
    }
    for name, content in written.items():
        # /usr is a machine's path and everybody's.
        assert not [path for path in mine if path != b"/usr" and path in content], name


def test_the_two_processors_packages_differ_in_native_files_alone() -> None:
    arm_files, intel_files = contents("arm64"), contents("x86_64")
    plain = [{name: one[name] for name in one if ".so" not in name} for one in (arm_files, intel_files)]
    assert plain[0] == plain[1]
    natives = [sorted(name for name in one if ".so" in name) for one in (arm_files, intel_files)]
    assert [name.replace("aarch64", "x86_64") for name in natives[0]] == natives[1]
    assert len(natives[0]) >= 3
    assert all(".so" not in name or content[:4] == b"\x7fELF" for name, content in arm_files.items())


def test_the_two_processors_templates_differ_in_the_processor_and_the_zip_alone() -> None:
    texts = []
    for architecture in ("arm64", "x86_64"):
        folder = packaged("prod", architecture)
        text = (folder / "template.json").read_text(encoding="utf-8")
        texts.append(text.replace(zip_of(folder).name, "ZIP").replace(f'"{architecture}"', '"PROCESSOR"'))
    assert texts[0] == texts[1]
