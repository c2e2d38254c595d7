"""Articles and their policies, one item each. Texts are compressed: DynamoDB takes 400 KB an item."""

import zlib
from dataclasses import dataclass

from chalicelib.kernel import keys
from chalicelib.kernel.table import EXISTING, ConditionFailed, Delete, Item, Put, Table
from chalicelib.reading.rules.paywall import MEMBERS, Requirement, parsed, written

LARGEST_BODY = 350 * 1024  # bytes of UTF-8
LARGEST_TEASER = 20 * 1024


@dataclass(frozen=True)
class StoredArticleRow:
    """An article as the CMS put it; texts are UTF-8 HTML, compressed. Times in seconds, UTC.

    `body` is None when the website keeps the whole text to itself and only asks whether it may show it.
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
    def teaser_html(self) -> str:
        """What everybody may read."""
        return unpacked(self.teaser)

    @property
    def body_html(self) -> str | None:
        """The whole text."""
        return None if self.body is None else unpacked(self.body)


def packed(html: str) -> bytes:
    """Text as it is stored."""
    return zlib.compress(html.encode(), 6)


def unpacked(raw: bytes) -> str:
    """Text as it was put."""
    return zlib.decompress(raw).decode()


def put(table: Table, article: StoredArticleRow) -> None:
    """Store an article; the one before under the same name is gone."""
    pk, sk = keys.article(article.id)
    values = {name: value for name, value in vars(article).items() if value is not None}
    table.write(Put({"pk": pk, "sk": sk, **values, "access": written(article.access)}))


def read(table: Table, article_id: str) -> StoredArticleRow | None:
    """The article."""
    item = table.get(keys.article(article_id))
    return _article(item) if item else None


def delete(table: Table, article_id: str) -> bool:
    """Take it away; False when there was none."""
    try:
        table.write(Delete(keys.article(article_id), EXISTING))
    except ConditionFailed:
        return False
    return True


def _article(item: Item) -> StoredArticleRow:
    values = {name: value for name, value in item.items() if name in StoredArticleRow.__dataclass_fields__}
    # No row ever said anything else; one that does must not open to everybody.
    access = parsed(str(values["access"])) or MEMBERS
    return StoredArticleRow(**{"body": None, **values, "access": access})
