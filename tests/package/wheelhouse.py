"""Small wheels and source packages in a folder, in the place of the package registry."""

import hashlib
import io
import tarfile
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

from infra.package.pinned import Pin


def a_wheel(
    folder: Path,
    name: str,
    *,
    version: str = "1.0",
    tag: str = "py3-none-any",
    needs: tuple[str, ...] = (),
    files: Mapping[str, bytes] | None = None,
) -> Pin:
    """Write one; answers how a lock would name it."""
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += "".join(f"Requires-Dist: {one}\n" for one in needs)
    path = folder / f"{name}-{version}-{tag}.whl"
    info = f"{name}-{version}.dist-info"
    with ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}/__init__.py", "")
        wheel.writestr(f"{info}/METADATA", metadata)
        wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        wheel.writestr(f"{info}/RECORD", "")
        for inside, content in (files or {}).items():
            wheel.writestr(inside, content)
    return Pin(name.replace("_", "-"), version, (hashlib.sha256(path.read_bytes()).hexdigest(),))


def a_source_package(folder: Path, name: str, version: str = "1.0") -> Pin:
    """What must be compiled or at least run to be installed."""
    path = folder / f"{name}-{version}.tar.gz"
    with tarfile.open(path, "w:gz") as packed:
        content = b"from setuptools import setup; setup()"
        entry = tarfile.TarInfo(f"{name}-{version}/setup.py")
        entry.size = len(content)
        packed.addfile(entry, io.BytesIO(content))
    return Pin(name, version, (hashlib.sha256(path.read_bytes()).hexdigest(),))
