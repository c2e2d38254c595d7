"""A server that stands in for the API, and a folder of articles."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from testkit.articles_api import ArticlesDouble, running_articles_api
from tests.proofs.ops.pushing.commands import write


@pytest.fixture
def api() -> Iterator[ArticlesDouble]:
    with running_articles_api() as double:
        yield double


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """Seven articles, and a page that is none."""
    folder = tmp_path / "content"
    for number in range(7):
        write(folder, f"a{number}")
    (folder / "about.md").write_text("---\ntitle: Про нас\n---\nМи.\n", encoding="utf-8")
    return folder
