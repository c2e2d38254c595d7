"""The article that the CMS puts, and what it asks of those that it has put."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, GetPydanticSchema, StringConstraints, WithJsonSchema
from pydantic_core import core_schema

from chalicelib.articles.rules.names import LONGEST_NAME, LONGEST_TAG, LONGEST_TITLE, MOST_TAGS, in_one_line
from chalicelib.articles.rules.origins import PATTERN
from chalicelib.articles.rules.policy import PARSED_PATTERN, Requirement, parsed
from chalicelib.http.forms import Form, Identifier, Line, StrictQuery
from chalicelib.kernel.plain_url import plain


def read_as(read: Callable[[str], Requirement | None]) -> GetPydanticSchema:
    """A field of text that this function reads; the API's description shows it as text."""

    def reads(value: object) -> Requirement:
        found = read(value) if isinstance(value, str) else None
        if found is None:
            raise ValueError("nothing that a reader can hold")
        return found

    return GetPydanticSchema(lambda _type, _handler: core_schema.no_info_plain_validator_function(reads))


Policy = Annotated[Requirement, read_as(parsed), WithJsonSchema({"type": "string", "pattern": PARSED_PATTERN})]

_LONGEST_URL = 2000  # characters as sent; a Cyrillic letter takes six once it is encoded
# Python's ISO 8601 would also take bare dates, weeks, and times without an offset.
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def _moment(value: Any) -> Any:
    """RFC 3339 text as a time; bare dates and numbers, which pydantic would take too, are not what we promise."""
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError("not RFC 3339")
    return datetime.fromisoformat(value)


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("no offset")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("no such year") from None


Moment = Annotated[datetime, AfterValidator(_in_utc), BeforeValidator(_moment)]


def _absolute(value: str) -> str:
    """The URL as people paste it, with Cyrillic letters and signs encoded: only what a URL may hold is stored."""
    address = plain(value)
    parts = urlsplit(address)
    port_is_number = parts.port is None or parts.port >= 0
    if parts.scheme not in ("https", "http") or not parts.hostname or not port_is_number or "%" in parts.netloc:
        raise ValueError("not an absolute address")
    return address


Origin = Annotated[str, StringConstraints(pattern=rf"^{PATTERN}$")]


def _said(value: str | None) -> str | None:
    """Nothing but spaces is how some CMSs say that there is none."""
    return in_one_line(value or "").strip() or None


_KEPT_NAME = f"Beyond {LONGEST_NAME} characters it is shortened."


class NewArticle(Form):
    """An article and its policy. The HTML is the newsroom's own; `/read` repairs it and makes its addresses whole."""

    title: Annotated[str, StringConstraints(min_length=1), AfterValidator(in_one_line)] = Field(
        description=f"As HTML. Beyond {LONGEST_TITLE} characters it is shortened, and `warnings` says so."
    )
    url: Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST_URL), AfterValidator(_absolute)] = Field(
        description="The article on the newsroom's website. What a URL cannot hold (such as Cyrillic) is encoded."
    )
    access: Policy = Field(examples=["members"])
    teaser_html: str = Field(description="What everybody may read, at most 20 KB.")
    body_html: str | None = Field(default=None, description="The whole text, at most 350 KB in UTF-8.")
    opens_at: Moment | None = Field(default=None, description="From then on open to all.")
    closes_at: Moment | None = Field(default=None, description="From then on not open to all.")
    author: Annotated[str | None, AfterValidator(_said)] = Field(
        default=None, description=f"As readers and search engines see the name. {_KEPT_NAME}"
    )
    section: Annotated[str | None, AfterValidator(_said)] = Field(default=None, description=_KEPT_NAME)
    tags: Annotated[list[str] | None, AfterValidator(lambda tags: [*filter(None, map(_said, tags or ()))])] = Field(
        default=None, description=f"The first {MOST_TAGS} are stored, of at most {LONGEST_TAG} characters each."
    )
    revision: Annotated[
        Annotated[Line, StringConstraints(max_length=64)] | None, AfterValidator(lambda revision: revision or None)
    ] = Field(default=None, description="The CMS's own word for what it puts; told back.")
    origin: Origin | None = Field(
        default=None, description="Which of the newsroom's systems puts it; without one it stays whose it is."
    )


class _QueryOfAChange(StrictQuery):
    mistakable: ClassVar = ("origin", "take_over")


class Putting(_QueryOfAChange):
    """The query of a put: an article of another origin is refused, unless this one takes it over."""

    take_over: bool = False


class Deletion(_QueryOfAChange):
    """The query of a deletion: only if it is of this origin, or of none."""

    origin: Origin | None = None


# Who walks the list sends what they hold, and at its beginning that is nothing.
_EMPTY_IS_NONE = BeforeValidator(lambda sent: sent or None)


class ArticlesAsked(StrictQuery):
    """Which page of the list of articles: `next` of the one before, and of one origin alone."""

    after: Annotated[Identifier | None, _EMPTY_IS_NONE] = Field(
        default=None, description="`next` of the page before."
    )
    origin: Annotated[Origin | None, _EMPTY_IS_NONE] = Field(default=None, description="Only what this origin put.")
