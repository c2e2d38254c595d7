"""What of a wheel goes in: the code and every licence; nothing for type checkers, tests or other machines."""

from pathlib import Path

import pytest

from infra.package.contents import LEFT_OUT, left_out, unpacked
from infra.package.errors import PackageFailed
from infra.package.target import Target
from tests.package.wheelhouse import a_wheel

ARM = Target("3.13", "arm64")
AARCH64, X86_64 = (b"\x7fELF" + bytes(14) + machine.to_bytes(2, "little") for machine in (0xB7, 0x3E))
LOCALES = [f"babel/locale-data/{name}.dat" for name in ("root", "en", "en_GB", "uk", "ru", "pl")]


def of_babel(tmp_path: Path, *languages: str) -> set[str]:
    a_wheel(tmp_path, "babel", files={"babel/core.py": b"", **dict.fromkeys(LOCALES, b"data")})
    return {name for name in unpacked(tmp_path.glob("*.whl"), languages, ARM).files if "locale-data" in name}


def test_a_language_brings_itself_and_the_root(tmp_path: Path) -> None:
    """The whole of Babel's data is 29 MB in a thousand files."""
    assert of_babel(tmp_path, "uk", "en") == {f"babel/locale-data/{name}.dat" for name in ("root", "en", "uk")}


def test_a_language_that_babel_does_not_have_is_told(tmp_path: Path) -> None:
    with pytest.raises(PackageFailed, match=r"Babel has no babel/locale-data/xx\.dat"):
        of_babel(tmp_path, "uk", "xx")


def test_a_language_that_inherits_from_another_is_told(tmp_path: Path) -> None:
    with pytest.raises(PackageFailed, match="'en_GB' inherits from another language"):
        of_babel(tmp_path, "uk", "en_GB")


def test_licences_are_put_together_wherever_they_lie(tmp_path: Path) -> None:
    texts = {
        "pure-1.0.dist-info/licenses/LICENSE": b"of the code",
        "pure-1.0.dist-info/licenses/vendored/NOTICE.md": b"of what is in it",
        "pure/data/LICENSE.unicode": b"of the data",
    }
    a_wheel(tmp_path, "pure", files=texts)
    found = unpacked(tmp_path.glob("*.whl"), [], ARM)
    assert set(found.files) == {"pure/__init__.py"}
    together = "\n".join(found.licences)
    assert all(text.decode() in together for text in texts.values())
    assert together.startswith("pure-1.0: ")


def test_code_that_is_named_like_a_licence_stays_code(tmp_path: Path) -> None:
    a_wheel(tmp_path, "pure", files={"pure/licenses/read.py": b"", "pure/notice.py": b""})
    assert {"pure/licenses/read.py", "pure/notice.py"} <= set(unpacked(tmp_path.glob("*.whl"), [], ARM).files)


@pytest.mark.parametrize(
    "name",
    ["pydantic/main.pyi", "stripe/py.typed", "markupsafe/_speedups.c", "stripe/params/_price_create_params.py",
     "idna/tests/test_x.py", "pydantic/v1/main.py", "babel/messages/catalog.py", "tzdata/zoneinfo/tzdata.zi"],
)  # fmt: skip
def test_what_nobody_reaches_is_left_out(name: str) -> None:
    assert left_out(name)


@pytest.mark.parametrize(
    "name",
    ["pydantic/main.py", "stripe/_price.py", "tzdata/zoneinfo/Europe/Kyiv", "babel/global.dat", "pydantic/v1.py"],
)
def test_what_is_reached_stays(name: str) -> None:
    assert not left_out(name)


def test_every_rule_has_its_reason() -> None:
    assert all(LEFT_OUT.values())


def native(tmp_path: Path, name: str, content: bytes) -> set[str]:
    a_wheel(tmp_path, "native", files={f"native/{name}": content})
    return set(unpacked(tmp_path.glob("*.whl"), [], ARM).files)


@pytest.mark.parametrize("name", ["x.cpython-313-aarch64-linux-gnu.so", "x.abi3.so"])
def test_a_native_file_for_the_target_goes_in(tmp_path: Path, name: str) -> None:
    assert f"native/{name}" in native(tmp_path, name, AARCH64)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.cpython-313-aarch64-linux-gnu.so", X86_64),
        ("x.cpython-311-aarch64-linux-gnu.so", AARCH64),
        ("x.cpython-313-darwin.so", b"\xcf\xfa\xed\xfe" + bytes(20)),
        ("x.so", b""),
    ],
)
def test_a_native_file_for_another_machine_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(PackageFailed, match=r"is not made for Python 3\.13 on arm64"):
        native(tmp_path, name, content)


def test_two_packages_with_one_file_are_refused(tmp_path: Path) -> None:
    a_wheel(tmp_path, "one", files={"shared.py": b"1"})
    a_wheel(tmp_path, "two", files={"shared.py": b"2"})
    with pytest.raises(PackageFailed, match=r"both bring shared\.py"):
        unpacked(sorted(tmp_path.glob("*.whl")), [], ARM)


def test_a_wheel_that_spreads_its_files_brings_them_and_no_commands(tmp_path: Path) -> None:
    spread = {"pure-1.0.data/purelib/pure/more.py": b"", "pure-1.0.data/scripts/command": b"#!python"}
    a_wheel(tmp_path, "pure", files=spread)
    assert set(unpacked(tmp_path.glob("*.whl"), [], ARM).files) == {"pure/__init__.py", "pure/more.py"}
