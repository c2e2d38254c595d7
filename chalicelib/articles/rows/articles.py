"""Articles and their policies, one item each. Texts are compressed: DynamoDB takes 400 KB an item.

Each stands in the index, by its id, with what the list shows of it (`summaries.py`).
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from chalicelib.articles.rules.policy import MEMBERS, Policy, Requirement, parsed, written
from chalicelib.kernel import keys
from chalicelib.kernel.table import EXISTING, Condition, ConditionFailed, Delete, Item, Put, Table, Update, every

LARGEST_BODY = 350 * 1024  # bytes of UTF-8
LARGEST_TEASER = 20 * 1024
SUMMARY = "label"  # of the attributes that the index copies, the one that lists show
_PREFIX = keys.article("")[0]


@dataclass(frozen=True)
class StoredArticleRow:
    """An article as the CMS put it; texts are UTF-8 HTML, compressed. Times in seconds, UTC.

    `body` is None when only the website has the whole text, and asks whether it may show it. `revision` is the word
    of whoever put it for what was put, `origin` which of the newsroom's systems that was.
    """

    id: str
    title: str
    url: str
    access: Requirement
    teaser: bytes
    body: bytes | None
    updated_at: int
    opens_at: int | None = None
    closes_at: int | None = None
    author: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    revision: str | None = None
    origin: str | None = None

    @property
    def policy(self) -> Policy:
        """Who may read it, and when that changes."""
        return Policy(self.access, self.opens_at, self.closes_at)

    @property
    def teaser_html(self) -> str:
        """The teaser's HTML, which everybody may read."""
        return unpacked(self.teaser)

    @property
    def body_html(self) -> str | None:
        """The whole text."""
        return None if self.body is None else unpacked(self.body)


def packed(html: str) -> bytes:
    """Compress a text for the table."""
    return zlib.compress(html.encode(), 6)


def unpacked(raw: bytes) -> str:
    """Decompress a text from the table."""
    return zlib.decompress(raw).decode()


def put(
    table: Table,
    article: StoredArticleRow,
    *,
    summary: Item | None = None,
    only_if: Sequence[Condition] = (),
) -> None:
    """Store an article, in the place of the one with the same id.

    :param summary: what the list shows of it, as `summaries.py` makes it; without one the list reads it whole.
    :raises ConditionFailed: with the one that is stored.
    """
    pk, sk = keys.article(article.id)
    values = {name: value for name, value in vars(article).items() if value not in (None, ())}
    listed = _listed(article.id) | ({} if summary is None else {SUMMARY: summary})
    table.write(Put({"pk": pk, "sk": sk, **listed, **values, "access": written(article.access)}, only_if))


def read(table: Table, article_id: str, *, hurried: bool = False, eventual: bool = False) -> StoredArticleRow | None:
    """The article as it is stored; None when there is none of this id.

    :param hurried: as for the table's own `get`.
    :param eventual: the same; that there is none is said of the table as it is now.
    """
    key = keys.article(article_id)
    item = table.get(key, hurried=hurried, eventual=eventual)
    if item is None and eventual:
        item = table.get(key, hurried=hurried)
    return article_of(item) if item else None


def held_by(origin: str) -> Condition:
    """That an article is this origin's, or nobody's."""
    return Condition("origin", "absent or =", origin)


def delete(table: Table, article_id: str, *only_if: Condition) -> bool:
    """Delete an article; False when there was none.

    :raises ConditionFailed: there is one, and a condition does not hold.
    """
    try:
        table.write(Delete(keys.article(article_id), (*EXISTING, *only_if)))
    except ConditionFailed as failed:
        if failed.item is not None:
            raise
        return False
    return True


def every_article(table: Table) -> Iterator[str]:
    """The ids of all articles, sorted, page after page as they are asked for. Eventually consistent.

    In a table of a release that did not list articles, all are found only once `ops upgrade` was run.
    """
    listed = every(partial(table.query_index, keys.ARTICLES))
    return (str(item["gsi1sk"]) for item in listed)


def list_article(item: Item) -> Update | None:
    """The change that puts an article of an earlier release into the index; None for any other row.

    It fails where the article was deleted, or put again and so listed, since the row was read.
    """
    name = str(item["pk"]).removeprefix(_PREFIX)
    key = str(item["pk"]), str(item["sk"])
    if key != keys.article(name) or "gsi1pk" in item:
        return None
    return Update(key, set=_listed(name), only_if=(*EXISTING, Condition("gsi1pk", "absent")))


def _listed(article_id: str) -> dict[str, str]:
    """The attributes that put an article into the index."""
    return {"gsi1pk": keys.ARTICLES, "gsi1sk": article_id}


def article_of(item: Item) -> StoredArticleRow:
    """The article of a row."""
    values = {name: value for name, value in item.items() if name in StoredArticleRow.__dataclass_fields__}
    # No row should hold anything else; one that does must not be open to everybody.
    access = parsed(str(values["access"])) or MEMBERS
    tags = tuple(values.get("tags", ()))
    return StoredArticleRow(**{"body": None, **values, "access": access, "tags": tags})
