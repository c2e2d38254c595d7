"""Our own part of the package: the code, the newsroom's file, the version, and Chalice's runtime."""

import json
import re
from collections.abc import Iterator, Mapping
from importlib.metadata import distribution
from typing import NamedTuple

from chalicelib.i18n.texts import TextWrong, from_toml, packed_name
from chalicelib.newsroom import texts as newsroom
from chalicelib.newsroom.file import NewsroomFileWrong
from infra.package.contents import licence
from infra.package.digest import digest_of
from infra.package.errors import PackageFailed

NEWSROOM = "newsroom.toml"
_BUILD = "chalicelib/build.json"
_LANGUAGE = re.compile(r"(chalicelib/i18n/)(\w+)\.toml")
# All that our code is made of; everything below `chalicelib/` goes into the package.
_KINDS = (".py", ".toml", ".js", ".css", ".html", ".jinja", ".txt")
# What Chalice itself puts into a package (`LambdaDeploymentPackager`): the rest of it serves its commands.
_CHALICE = ("chalice/__init__.py", "chalice/app.py")


class Ours(NamedTuple):
    """`files` by their path in the package; `own_newsroom` is False when the demo's settings went in."""

    files: Mapping[str, bytes]
    licences: tuple[str, ...]
    digest: str
    own_newsroom: bool


def ours(sources: Mapping[str, bytes]) -> Ours:
    """All that is not a wheel.

    :param sources: what `digest.sources` read.
    :raises PackageFailed: when the newsroom's file has a mistake, with what to write instead; or for a stray file.
    """
    digest = digest_of(sources)
    files = {name: content for name, content in sources.items() if name == "app.py" or name.startswith("chalicelib/")}
    _check_kinds(files)
    if NEWSROOM in sources:
        files[f"chalicelib/{NEWSROOM}"] = sources[NEWSROOM]
    _check_newsroom(files[f"chalicelib/{NEWSROOM}"])
    packed = dict(packed_texts(files))
    files = {name: content for name, content in files.items() if not _LANGUAGE.fullmatch(name)} | packed
    files[_BUILD] = json.dumps({"source_digest": digest}).encode() + b"\n"
    chalice = distribution("chalice")
    files |= {name: chalice.locate_file(name).read_bytes() for name in _CHALICE}  # type: ignore[attr-defined] # a Path
    return Ours(files, tuple(_licences_of("chalice")), digest, NEWSROOM in sources)


def _check_kinds(files: Mapping[str, bytes]) -> None:
    """What somebody left beside the code, a copy or an export, would be in the functions for good."""
    strange = sorted(name for name in files if not name.endswith(_KINDS))
    if strange:
        raise PackageFailed(
            f"{strange[0]} is no part of the code. Move it elsewhere, or, if it is meant to be deployed, "
            "add its kind in infra/package/ours.py."
        )


def packed_texts(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """The sentences as JSON, in the place of their TOML, which Python reads slowly: each new process would wait."""
    for name in sorted(files):
        if match := _LANGUAGE.fullmatch(name):
            packed = json.dumps(from_toml(files[name]), ensure_ascii=False, separators=(",", ":"))
            yield f"{match[1]}{packed_name(match[2])}", packed.encode()


def _check_newsroom(content: bytes) -> None:
    """The same checks as at the start of a function, so that a mistake is told here and not by a 502."""
    try:
        newsroom.read(content)
    except (NewsroomFileWrong, TextWrong) as error:
        raise PackageFailed(f"{NEWSROOM}: {error}") from None


def _licences_of(package: str) -> Iterator[str]:
    found = distribution(package)
    for file in found.files or []:
        if ".dist-info/licenses/" in file.as_posix():
            content = found.locate_file(file).read_bytes()  # type: ignore[attr-defined] # a Path
            yield licence(f"{package}-{found.version}", file.as_posix(), content)
