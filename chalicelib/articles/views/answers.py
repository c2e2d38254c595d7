"""The JSON answers about articles as the CMS put them."""

from typing import Annotated

from pydantic import Field

from chalicelib.articles.rules.article_warnings import CHECKS
from chalicelib.articles.rules.policy import PARSED_PATTERN
from chalicelib.articles.rules.sealed_text import VERSION
from chalicelib.http.answers import JsonAnswer, Moment

Version = Annotated[str, Field(pattern=f"^{VERSION.pattern}$", examples=["k1.gkOzFjU3rf19ot3WOV22ht9a"])]
Key = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{43}$", description="32 bytes, as base64url.")]
Policy = Annotated[str, Field(pattern=PARSED_PATTERN, examples=["members"])]


class Seal(JsonAnswer):
    """What an article asks of its readers, the same for everybody; nothing of its text."""

    access: Policy = Field(description="As the CMS put it.")
    requires: str | None = Field(description="What a reader must hold now; null: open to all.", examples=["members"])
    opens_at: Moment | None
    closes_at: Moment | None


_SEALED = "The address of the sealed text, for this version; any other host may carry a copy."


class SealWithTicket(Seal):
    """The same, and what leads to the key of the sealed text (`GET /v1/articles/{id}/key`)."""

    version: Version
    needs: str = Field(description="What the key is handed out for, whatever the date.", examples=["members"])
    sealed: str = Field(description=_SEALED)
    ticket: str = Field(description="`t` of the key's call; for ten minutes at most.")


class SealWithKey(Seal):
    """The same while it is open to all: with the key itself."""

    version: Version
    needs: str
    sealed: str = Field(description=_SEALED)
    key: Key


class ArticlePolicy(JsonAnswer):
    """An article without its texts, as the CMS put it. `origin`: which of the newsroom's systems put it."""

    id: str
    title: str
    url: str
    access: Policy
    opens_at: Moment | None
    closes_at: Moment | None
    author: str | None
    section: str | None
    tags: list[str]
    revision: str | None = Field(description="What the CMS gave it, such as a number or a hash.")
    origin: str | None = Field(description="Null: nobody's; the first who names an origin gets it.")
    updated_at: Moment


class ListedArticle(ArticlePolicy):
    """An article in the list."""

    version: Version | None = Field(description="Of the sealed text; null where there is none.")


class ArticleList(JsonAnswer):
    """A page of the list, sorted by id, of at most 100; of one origin it may have fewer, even none."""

    items: list[ListedArticle]
    next: str | None = Field(description="The value of `after` for the next page; null at the end.")
    complete: bool = Field(description="False: `ops upgrade` has to list articles of an earlier release first.")


_SEAL = "As `GET /v1/articles/{id}/seal` answers, for a page to print: no key of what will close."


class StoredArticle(ArticlePolicy):
    """An article and its policy, as the CMS put it."""

    teaser_html: str
    body_html: str | None
    seal: SealWithTicket | SealWithKey | Seal = Field(description=_SEAL)


class ArticleWarning(JsonAnswer):
    """Something about an article that is worth a look. It is stored all the same."""

    code: str = Field(examples=sorted(CHECKS))
    title: str = Field(description="A sentence in English, for editors.")


class ArticleStored(ArticlePolicy):
    """An article was stored; with what is stored but the texts, and with warnings."""

    seal: SealWithTicket | SealWithKey | Seal = Field(description=_SEAL)
    warnings: list[ArticleWarning] = Field(
        description="What is worth a look, the gravest first. Nothing is refused for it."
    )
