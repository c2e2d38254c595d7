"""Of pycryptodomex goes in what AES-GCM needs, for both processors, and that much seals."""

import ast
import json
import platform
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from infra.package import pinned, wheels
from infra.package.contents import ONLY, left_out, unpacked
from infra.package.errors import PackageFailed
from infra.package.interpreter import find
from infra.package.layout import CACHE
from infra.package.target import ARCHITECTURES, Target
from tests.package.wheelhouse import a_wheel

SEALS = Path(__file__).with_name("seals.py")
MACHINE = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
NATIVE = ("_raw_", "_ghash", "_BLAKE", "_cpuid")
# Both are looked for and done without: see `ONLY`.
ACCELERATED = {"Cryptodome.Cipher._raw_aesni", "Cryptodome.Hash._ghash_clmul"}


@cache
def cut(architecture: str) -> Mapping[str, bytes]:
    """What the pinned wheel for this processor brings into the package."""
    target = Target(find().python, architecture)
    pins = pinned.read(pinned.LOCK.read_text(encoding="utf-8"))
    fetched = wheels.fetch(pins, target, CACHE)
    (wheel,) = [path for path in fetched if path.name.startswith("pycryptodomex-")]
    return unpacked([wheel], [], target).files


def test_what_is_named_goes_in_and_nothing_else() -> None:
    named = {f"Cryptodome/{name}" for name in ONLY["Cryptodome"]}
    assert [set(cut(one)) for one in ARCHITECTURES] == [named, named]


@pytest.mark.parametrize(("architecture", "machine"), [("arm64", 0xB7), ("x86_64", 0x3E)])
def test_every_native_file_is_of_its_processor(architecture: str, machine: int) -> None:
    """By the header of the file itself: e_machine, and a 64-bit, little-endian shared object."""
    natives = {name: content for name, content in cut(architecture).items() if name.endswith(".so")}
    assert len(natives) == 6
    for name, content in natives.items():
        assert content[:6] == b"\x7fELF\x02\x01", name
        assert int.from_bytes(content[16:18], "little") == 3, name
        assert int.from_bytes(content[18:20], "little") == machine, name


def reached(module: str) -> Iterator[str]:
    """A module's own imports of Cryptodome as it is loaded, and the native ones that it asks for by name."""
    path = files("Cryptodome").joinpath(*module.split(".")[1:])
    source = (path / "__init__.py" if path.is_dir() else Path(f"{path}.py")).read_text(encoding="utf-8")
    tree = ast.parse(source)
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("Cryptodome"):
            assert node.level == 0
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names if is_module(node.module, alias.name))
    for called in ast.walk(tree):
        if isinstance(called, ast.Call) and ast.unparse(called.func) == "load_pycryptodome_raw_lib":
            yield ast.literal_eval(called.args[0])


def is_module(package: str, name: str) -> bool:
    folder = files("Cryptodome").joinpath(*package.split(".")[1:])
    return folder.joinpath(f"{name}.py").is_file()


def test_no_more_is_named_than_gcm_reaches_and_no_less() -> None:
    """GCM makes itself of two simpler modes, which `AES` imports when it is asked for them."""
    todo = {"Cryptodome.Cipher.AES", *(f"Cryptodome.Cipher._mode_{mode}" for mode in ("ctr", "ecb", "gcm"))}
    found: set[str] = set()
    while todo:
        module = todo.pop()
        found |= {module, *(module.rsplit(".", up)[0] for up in range(1, module.count(".") + 1))}
        if not module.rpartition(".")[2].startswith(
            ("_raw_aes", "_raw_ctr", "_raw_ecb", "_ghash", "_BLAKE", "_cpuid")
        ):
            todo |= set(reached(module)) - found
    named = {f"Cryptodome/{name}".removesuffix(".abi3.so").removesuffix(".py") for name in ONLY["Cryptodome"]}
    assert {name.removesuffix("/__init__").replace("/", ".") for name in named} == found - ACCELERATED
    assert found >= ACCELERATED, "somebody reads why they stay out"


def sealed(folder: Path) -> subprocess.CompletedProcess[str]:
    """`seals.py` by the package's Python, with nothing but that folder and the standard library."""
    return subprocess.run(
        [find().path, "-I", "-S", "-B", "-W", "error", str(SEALS), str(folder)],
        capture_output=True, text=True, check=False, timeout=60, cwd="/",
    )  # fmt: skip


@pytest.fixture
def laid(tmp_path: Path) -> Path:
    for name, content in cut(MACHINE).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.mark.skipif(platform.system() != "Linux", reason="loads Lambda's own files")
class TestThatMuchSeals:
    def test_as_the_standard_says(self, laid: Path) -> None:
        done = sealed(laid)
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        assert told["sealed"]
        assert told["backend"] == "ctypes"
        there = set(cut("arm64"))
        assert {name for name in told["loaded"] if name.endswith(".so")} <= there
        assert {name for name in told["loaded"] if name.endswith(".py")} == {
            name for name in there if name.endswith(".py")
        }

    @pytest.mark.parametrize("name", [one for one in ONLY["Cryptodome"] if not one.endswith("__init__.py")])
    def test_and_without_any_of_it_nothing_does(self, laid: Path, name: str) -> None:
        (laid / "Cryptodome" / name).unlink()
        assert sealed(laid).returncode == 1


def test_a_version_that_lacks_one_of_them_is_told(tmp_path: Path) -> None:
    a_wheel(tmp_path, "Cryptodome", files=dict.fromkeys((f"Cryptodome/{one}" for one in ONLY["Cryptodome"][2:]), b""))
    with pytest.raises(PackageFailed, match=r"has no Cryptodome/Cipher/__init__\.py any more.*ONLY"):
        unpacked(tmp_path.glob("*.whl"), [], Target("3.13", "arm64"))


@pytest.mark.parametrize(
    "name", ["Cipher/_raw_aesni.abi3.so", "PublicKey/RSA.py", "Cipher/AES.pyi", "SelfTest/st.py"]
)
def test_the_rest_of_it_stays_out(name: str) -> None:
    assert left_out(f"Cryptodome/{name}")
    assert not left_out(f"Cryptodomelike/{name}") or name.endswith(".pyi")
