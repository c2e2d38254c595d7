"""The static generators: where each one is, and a site of each as its page of the documentation has it made."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from localdev.ports import ROOT
from testkit.installed import installed
from testkit.stack import Stack
from tests.sites.from_docs import blocks, filled_in
from tests.sites.generators.texts import texts

_SITES = Path(__file__).with_name("sites")


def _fetched(target: str) -> Path:
    """What make fetches for these tests; skipped where it is not, failed where CI is set."""
    folder = ROOT / target
    if not (folder / ".ready").exists():
        words = f"{target} is not here: make {target}/.ready fetches it."
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    return folder


def _hugo(bin_folder: Path) -> None:
    (bin_folder / "hugo").symlink_to(installed("Hugo", ["hugo"], package="hugo"))


def _pelican(bin_folder: Path) -> None:
    (bin_folder / "pelican").symlink_to(_fetched(".pelican") / "bin" / "pelican")


def _eleventy(bin_folder: Path) -> None:
    """`npx` runs what the site has installed."""
    installed("Node.js", ["node"], package="npm")
    modules = _fetched(".eleventy") / "node_modules"
    site = bin_folder.parent / "site"
    if site.exists():
        (site / "node_modules").symlink_to(modules)
    script = bin_folder / "npx"
    script.write_text(f'#!/bin/sh\nshift\nexec node "{modules}/@11ty/eleventy/cmd.cjs" "$@"\n')
    script.chmod(0o755)


@dataclass(frozen=True)
class Generator:
    """One generator. `port` and the folders are those of its page; `put_there` makes its program be found."""

    name: str
    port: int
    output: str
    gated: str
    put_there: Callable[[Path], None]

    @property
    def page(self) -> str:
        return f"sites/{self.name}.md"


GENERATORS = {
    one.name: one
    for one in (
        Generator("hugo", 1313, "public", "content/posts/for-supporters", _hugo),
        Generator("pelican", 8001, "output", "content/posts/for-supporters", _pelican),
        Generator("eleventy", 8082, "_site", "posts/for-supporters", _eleventy),
    )
}


@dataclass(frozen=True)
class Newspaper:
    """A site of this kind in `folder`, beside its texts, as the documentation draws it; `url` is the site's."""

    generator: Generator
    folder: Path
    url: str
    stack: Stack

    @property
    def output(self) -> Path:
        return self.folder / "site" / self.generator.output

    def types(self, commands: str) -> "subprocess.CompletedProcess[str]":
        """Commands of the page, in this project's folder, as they stand but for addresses and folders."""
        return subprocess.run(
            ["/bin/bash", "-c", self.typed(commands)],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    def typed(self, commands: str) -> str:
        """The page's words with this newspaper's addresses and folders."""
        here = {
            ".venv/bin/python": sys.executable,
            f"http://127.0.0.1:{self.generator.port}": self.url,
            f"--port {self.generator.port}": f"--port {self.url.rpartition(':')[2]}",
            f"--port={self.generator.port}": f"--port={self.url.rpartition(':')[2]}",
            "http://127.0.0.1:8000": self.stack.app,
            "../": f"{self.folder}/",
        }
        for word, mine in here.items():
            commands = commands.replace(word, mine)
        return commands

    @property
    def environment(self) -> Mapping[str, str]:
        return {**self.stack.environment, "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}", "CI": ""}


def newspaper(generator: Generator, folder: Path, url: str, stack: Stack) -> Newspaper:
    """The site with its texts beside it, with every block of the page where the page says; nothing is built yet."""
    made = Newspaper(generator, folder, url, stack)
    (folder / "bin").mkdir(parents=True)
    shutil.copytree(_SITES / generator.name, folder / "site")
    generator.put_there(folder / "bin")
    for file in (folder / "site").rglob("*"):
        if file.is_file() and not file.is_symlink() and "node_modules" not in file.parts:
            text = filled_in(file.read_text(encoding="utf-8"), generator.page)
            file.write_text(made.typed(text), encoding="utf-8")
    (folder / "site" / generator.gated).parent.mkdir(parents=True, exist_ok=True)
    if "posts.json" in blocks(generator.page):
        (folder / "site" / "posts" / "posts.json").write_text(blocks(generator.page)["posts.json"], encoding="utf-8")
    for name, text in texts(generator.page).items():
        file = folder / "texts" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return made
