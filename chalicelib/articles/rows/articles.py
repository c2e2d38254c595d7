"""Articles and their policies, one item each. Texts are compressed: DynamoDB takes 400 KB an item.

Each stands in the index, by its id. The index copies nothing else: whoever lists articles reads them one by one.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from chalicelib.articles.rules.policy import MEMBERS, Policy, Requirement, parsed, written
from chalicelib.kernel import keys
from chalicelib.kernel.table import EXISTING, Condition, ConditionFailed, Delete, Item, Put, Table, Update, every

LARGEST_BODY = 350 * 1024  # bytes of UTF-8
LARGEST_TEASER = 20 * 1024
_PREFIX = keys.article("")[0]


@dataclass(frozen=True)
class StoredArticleRow:
    """An article as the CMS put it; texts are UTF-8 HTML, compressed. Times in seconds, UTC.

    `body` is None when only the website has the whole text, and asks whether it may show it.
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


def put(table: Table, article: StoredArticleRow) -> None:
    """Store an article, in the place of the one with the same id."""
    pk, sk = keys.article(article.id)
    values = {name: value for name, value in vars(article).items() if value is not None}
    table.write(Put({"pk": pk, "sk": sk, **_listed(article.id), **values, "access": written(article.access)}))


def read(table: Table, article_id: str) -> StoredArticleRow | None:
    """The article as it is stored; None when there is none of this id."""
    item = table.get(keys.article(article_id))
    return _article(item) if item else None


def delete(table: Table, article_id: str) -> bool:
    """Delete an article; False when there was none."""
    try:
        table.write(Delete(keys.article(article_id), EXISTING))
    except ConditionFailed:
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


def _article(item: Item) -> StoredArticleRow:
    values = {name: value for name, value in item.items() if name in StoredArticleRow.__dataclass_fields__}
    # No row should hold anything else; one that does must not be open to everybody.
    access = parsed(str(values["access"])) or MEMBERS
    return StoredArticleRow(**{"body": None, **values, "access": access})
