"""Folders of articles, and `ops articles` on a server that stands in for the API."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from ops.__main__ import main
from ops.articles.api import ArticlesApi
from ops.articles.files import shelf
from ops.articles.outcomes import Outcome, carried_out
from ops.articles.plan import plan
from testkit.articles_api import KEY, ArticlesDouble

QUICK = (0.01, 0.02)
TEXT = "Початок {}.\n\n<!--more-->\n\nРешта {}.\n"


def write(folder: Path, name: str, text: str = TEXT, **fields: str) -> Path:
    folder.mkdir(exist_ok=True)
    told = {"id": name, "title": f"Стаття {name}", "url": f"/{name}", "access": "members", **fields}
    file = folder / f"{name}.md"
    lines = [f"{key}: {value}" for key, value in told.items()]
    file.write_text("\n".join(["---", *lines, "---", text.format(name, name)]), encoding="utf-8")
    return file


def ops(api: ArticlesDouble, *words: str | Path, key: str = KEY) -> Result:
    """`ops articles …` on this server."""
    settings = {"SPILNO_STAGE": "local", "SPILNO_PUBLIC_URL": api.address, "SPILNO_CMS_KEY": key}
    return CliRunner().invoke(main, ["articles", *map(str, words)], env=settings, catch_exceptions=False)


def push(api: ArticlesDouble, *words: str | Path, key: str = KEY) -> Result:
    return ops(api, "push", *words, "--origin", "site", "--site", "https://news.example", key=key)


def told(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def carry_out(api: ArticlesDouble, content: Path, **options: Any) -> Sequence[Outcome]:
    """The same without its patience, so that a test need not have any."""
    with ArticlesApi(api.address, KEY, **{"pauses": QUICK, "timeout": (1, 0.3), **options}) as connected:
        manuscripts = shelf([content], site="https://news.example", encoding="utf-8").manuscripts
        todo = plan(manuscripts, connected.articles("site"))
        return list(carried_out(connected, todo, origin="site", take_over=False, delete_missing=False))


def failures(outcomes: Sequence[Outcome]) -> dict[str, str]:
    return {one.step.id: one.failure.why for one in outcomes if one.failure}
