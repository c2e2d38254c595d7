"""The list of many articles on both engines: what it reads, and that it misses none while others put and delete."""

import random
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from bench.seeding import write_in_batches
from bench.workbench import Workbench, open_workbench
from chalicelib.articles.actions.list_articles import list_articles
from chalicelib.articles.rows import articles, summaries
from chalicelib.articles.rows.articles import StoredArticleRow
from chalicelib.articles.rules.policy import MEMBERS
from chalicelib.kernel.table import Item, Table
from testkit.clock import NOW
from testkit.engine import Engine
from testkit.harness import Harness
from testkit.memory_table import MemoryTable

pytestmark = pytest.mark.engine

MANY = 600  # with 10,000 it reads and finds the same, but filling the table takes minutes
_BODY = random.Random(16).randbytes(2000)  # noqa: S311 - a text, packed


def article(name: str, **more: Any) -> StoredArticleRow:
    """An article as a newsroom's are."""
    beside = {"author": "Олена Коваль", "section": "Місто", "tags": ("мости", "гроші"), "revision": "3f9c" * 8}
    values: dict[str, Any] = {
        "id": name,
        "title": "Міст через Надру відкриють у травні, і платити за нього не доведеться",
        "url": f"https://news.example/2026/11/{name}",
        "access": MEMBERS,
        "teaser": b"teaser",
        "body": _BODY,
        "updated_at": NOW,
        "origin": "hugo",
        **beside,
        **more,
    }
    return StoredArticleRow(**values)


def put(table: Table, harness: Harness, name: str, **more: Any) -> None:
    """As a put does, without its form."""
    root = harness.settings.seal_keys[0]
    one = article(name, **more)
    articles.put(table, one, summary=summaries.as_kept(summaries.summary_of(one, root), one, root))


def rows(harness: Harness, names: list[str]) -> list[Item]:
    memory = MemoryTable()
    for name in names:
        put(memory, harness, name)
    return memory.rows()


@pytest.fixture
def workbench(engine: Engine, table_name: str) -> Iterator[Workbench]:
    with open_workbench(engine, table_name) as opened:
        yield opened


def test_a_page_costs_a_page_and_none_that_stands_is_missed(
    workbench: Workbench, engine: Engine, table_name: str
) -> None:
    harness = workbench.harness
    standing = [f"s-{number:05}.~_" for number in range(MANY)]
    write_in_batches(engine.client("dynamodb"), table_name, rows(harness, standing))
    roots = harness.settings.seal_keys
    reads = []
    for after in (None, standing[MANY // 2], standing[-150]):
        measured = workbench.measure("a page", partial(list_articles, harness.table, roots, after=after))
        reads.append(measured.bill.read)
    assert max(reads) == min(reads) <= 8, reads

    chance, over = random.Random(16), threading.Event()  # noqa: S311 - the same each time, no secret
    aside = engine.table(table_name)

    def others() -> None:
        while not over.is_set():
            name = f"s-{chance.randrange(MANY):05}{chance.choice('.-~_')}new"
            put(aside, harness, name)
            put(aside, harness, chance.choice(standing), title="Знову")
            if chance.random() < 0.7:
                articles.delete(aside, name)

    busy = threading.Thread(target=others)
    busy.start()
    try:
        seen = [one.id for page in walked(harness) for one in page]
    finally:
        over.set()
        busy.join(30)
    assert len(seen) == len(set(seen)), "none twice"
    assert seen == sorted(seen)
    assert set(standing) <= set(seen), "none lost"


def walked(harness: Harness) -> Iterator[list[Any]]:
    after = None
    while True:
        page = list_articles(harness.table, harness.settings.seal_keys, after=after)
        yield page.items
        after = page.next
        if after is None:
            return
