"""docs/articles.md on the running stack: its article is copied from it, its commands are typed as they stand."""

import json
import re
import subprocess
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import requests

from localdev.ports import ROOT
from testkit.stack import Stack

pytestmark = pytest.mark.stack
PAGE = (ROOT / "docs" / "articles.md").read_text(encoding="utf-8")
SECRET = "Обидва акти підписала"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def typed() -> list[tuple[str, str]]:
    """Each command of the page with what it prints."""
    return [
        (command, "".join(f"{line}\n" for line in printed))
        for block in blocks("console")
        for command, *printed in (part.splitlines() for part in block.split("$ ")[1:])
    ]


def run(stack: Stack, command: str, site: Path) -> subprocess.CompletedProcess[str]:
    """A command of the page in Spilno's folder, with the stack's addresses and a site's folder elsewhere."""
    words = command.replace("http://127.0.0.1:8080", stack.site).replace("../", f"{site}/").split()
    return subprocess.run(words, cwd=ROOT, env=stack.environment, capture_output=True, text=True, check=False)


class _Wall(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.walls: list[dict[str, str | None]] = []
        self.links: list[str | None] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "spilno-wall":
            self.walls.append(dict(attrs))
        if tag == "a":
            self.links.append(dict(attrs)["href"])


def ops(stack: Stack, *words: str) -> Sequence[dict[str, Any]]:
    done = run(stack, " ".join((".venv/bin/python -m ops articles", *words, "--json")), Path())
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_ten_minutes_of_the_page(stack: Stack, tmp_path: Path) -> None:
    site = tmp_path
    (site / "texts").mkdir()
    (article,) = blocks("markdown")
    (site / "texts" / "bridge.md").write_text(article, encoding="utf-8")
    (site / "texts" / "about.md").write_text("---\ntitle: Про нас\n---\nМи.\n", encoding="utf-8")
    for command, printed in typed():
        done = run(stack, command, site)
        assert (done.returncode, done.stdout) == (0, printed.replace("../", f"{site}/")), done.stderr
        assert "warning" not in done.stderr

    stranger = requests.get(f"{stack.app}/v1/articles/bridge-2026", timeout=10).json()
    assert stranger["decision"]["open"] is False
    assert "Моста немає" in stranger["html"]
    assert SECRET not in stranger["html"]
    assert "Моста немає" in requests.get(f"{stack.app}/read/bridge-2026", timeout=10).text

    html = (site / "site" / "spilno" / "bridge-2026.html").read_text(encoding="utf-8")
    assert "Моста немає" in html
    assert SECRET not in html
    shown = _Wall(html)
    (wall,) = shown.walls
    assert (wall["api"], wall["article"]) == (stack.app, "bridge-2026")
    assert shown.links == [f"{stack.app}/read/bridge-2026"]
    seal = json.loads(wall["seal"] or "")
    assert seal["requires"] == "members"
    assert seal["version"] == requests.get(f"{stack.app}/v1/articles/bridge-2026/seal", timeout=10).json()["version"]

    # Other sites of the tests push as `site`, too.
    (listed,) = (one for one in ops(stack, "list", "--origin", "site") if one["id"] == "bridge-2026")
    assert (listed["id"], listed["author"], listed["tags"]) == ("bridge-2026", "Олена Коваль", ["міст", "область"])
    assert ops(stack, "remove", "bridge-2026", "--origin", "site")[0]["done"] is True
    assert requests.get(f"{stack.app}/v1/articles/bridge-2026", timeout=10).status_code == 404


def test_two_origins_on_one_api_leave_each_other_alone(stack: Stack, tmp_path: Path) -> None:
    folder = tmp_path / "content"
    folder.mkdir()
    (article,) = blocks("markdown")
    for number in range(25):  # more than one page of the list may hold
        text = article.replace("id: bridge-2026", f"id: pushed-{number}")
        (folder / f"{number}.md").write_text(text, encoding="utf-8")
    site = ("--site", stack.site)
    assert {one["done"] for one in ops(stack, "push", str(folder), "--origin", "first", *site)} == {True}
    refused = ops(stack, "push", str(folder / "3.md"), "--origin", "second", *site)
    assert [(one["code"], one["done"]) for one in refused] == [("other_origin", False)]
    for number in range(5):
        (folder / f"{number}.md").unlink()
    again = ops(stack, "push", str(folder), "--origin", "first", *site, "--delete-missing")
    assert [one["action"] for one in again].count("delete") == 5
    assert [one["action"] for one in again].count("keep") == 20
    left = [one["id"] for one in ops(stack, "list", "--origin", "first")]
    assert {one["done"] for one in ops(stack, "remove", *left)} == {True}
