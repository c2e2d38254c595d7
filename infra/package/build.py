"""Packaging, step by step. The modules beside this one know one step each."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from chalicelib import VERSION
from chalicelib.i18n.texts import LANGUAGES
from infra.package import archive, bytecode, contents, lint, pinned, sizes, wheels
from infra.package.digest import sources
from infra.package.errors import PackageFailed
from infra.package.interpreter import Interpreter
from infra.package.ours import Ours, ours
from infra.package.sam import sam
from infra.package.target import Target
from infra.template import finish
from infra.template.permissions import FunctionUnknown

STAGES = ("prod", "dev")
LICENCES = "THIRD-PARTY-LICENCES.txt"

Say = Callable[[str], None]


class Wish(NamedTuple):
    """What to package: the project at `root`, for a stage and a target, with a Python of the target's version.

    `cache` keeps wheels between runs and may be deleted at any time.
    """

    root: Path
    stage: str
    target: Target
    interpreter: Interpreter
    cache: Path


def build(wish: Wish, out: Path, say: Say) -> Mapping[str, Any]:
    """Write the zip, template.json and manifest.json into the folder `out`; answers the manifest.

    All three are made beside it first, so that a failure leaves the last good package as it was.

    :param say: told what was done, a sentence at a time.
    :raises PackageFailed: when anything is not as it must be.
    """
    read = sources(wish.root)
    own = ours(read)
    say("Newsroom: your newsroom.toml." if own.own_newsroom else _DEMO)
    files = {**_third_party(wish, read, own, say), **own.files}
    files = bytecode.with_source(files) | bytecode.compiled(files, wish.interpreter, wish.target, wish.cache)
    say(f"Bytecode: {sum(name.endswith('.pyc') for name in files)} modules, by Python {wish.interpreter.full}.")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as fresh:
        manifest = _write(wish, files, own, Path(fresh), say)
        _put(Path(fresh), out)
    return manifest


def _third_party(wish: Wish, read: Mapping[str, bytes], own: Ours, say: Say) -> Mapping[str, bytes]:
    pins = pinned.read(read["infra/package/requirements.lock"].decode())
    pinned.agree(pins, read["requirements.txt"].decode())
    if not wheels.here(pins, wish.target, wish.cache):
        say(f"Fetching {len(pins)} wheels from the package registry, this once ...")
    fetched = wheels.fetch(pins, wish.target, wish.cache)
    wheels.closed(fetched, wish.target)
    found = contents.unpacked(fetched, LANGUAGES, wish.target)
    say(f"Wheels: {len(pins)}, each with the hash that the lock names.")
    return {**found.files, LICENCES: "\n".join([*found.licences, *own.licences]).encode()}


def _write(wish: Wish, files: Mapping[str, bytes], own: Ours, into: Path, say: Say) -> Mapping[str, Any]:
    content = archive.zipped(files)
    zip_file = into / f"spilno-{hashlib.sha256(content).hexdigest()[:12]}.zip"
    zip_file.write_bytes(content)
    sizes.check(zip_file)
    say(f"Package: {len(content) / 1e6:.2f} MB of at most {sizes.MOST / 1e6:.1f}, {len(files)} files.")
    say(sizes.table(zip_file))

    made = sam(wish.root, wish.stage, wish.target.architecture)
    code_uri, runtime, architecture = f"./{zip_file.name}", wish.target.runtime, wish.target.architecture
    version = f"{VERSION}+{own.digest}"
    try:
        template = finish(
            made, stage=wish.stage, code_uri=code_uri, runtime=runtime, architecture=architecture, version=version
        )
    except FunctionUnknown as error:
        raise PackageFailed(str(error)) from None
    (into / "template.json").write_text(json.dumps(template, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    warnings = lint.lint(into / "template.json")
    say(f"Template: {len(template['Resources'])} resources; cfn-lint finds no error.")
    for warning in warnings:
        say(warning)

    manifest = {
        "stage": wish.stage,
        "architecture": architecture,
        "runtime": runtime,
        "zip": zip_file.name,
        "zip_bytes": len(content),
        "source_digest": own.digest,
        "version": version,
        "files": len(files),
        "newsroom": "newsroom.toml" if own.own_newsroom else "demo",
        "built_with": f"CPython {wish.interpreter.full}",
    }
    (into / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return manifest


def _put(fresh: Path, out: Path) -> None:
    """Let `out` hold exactly these three files; the manifest last, since readers begin with it."""
    out.mkdir(exist_ok=True)
    made = sorted(fresh.iterdir(), key=lambda path: (path.suffix != ".zip", path.name == "manifest.json"))
    for path in made:
        path.replace(out / path.name)
    for path in out.iterdir():
        if path.name not in {one.name for one in made}:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


_DEMO = "Newsroom: THE DEMO'S, since there is no newsroom.toml here. Readers would see «Вісті Надріччя»."
