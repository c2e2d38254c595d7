"""An article as a file has it: read and checked, and ready to be put. Nothing here opens a file or asks anybody."""

import codecs
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from chalicelib.articles.rows.articles import LARGEST_BODY, LARGEST_TEASER
from chalicelib.articles.views.forms import NewArticle
from chalicelib.kernel.ids import IDENTIFIER
from ops.articles.divider import Divided, divided
from ops.articles.front_matter import Fields, Value, split
from ops.articles.refusal import FileRefused

MARKDOWN = (".md", ".markdown")
HTML = (".html", ".htm")
LARGEST_FILE = 1024 * 1024  # bytes: far above what the API takes
# Whoever has one of these fields is meant for Spilno; a file with none is another page of the website's.
_OURS = ("id", "access", "opens_at", "closes_at")
_TEXTS = ("title", "url", "access", "author", "section")
_YES, _NO = frozenset({"true", "yes", "on", "1"}), frozenset({"false", "no", "off", "0"})
_UNPUBLISHED = frozenset({"draft", "hidden", "skip"})  # Pelican's
_BEFORE_OFFSET = re.compile(r"\s+(?=(?:[+-]\d\d:?\d\d|[Zz])$)")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_NOT_RUN = re.compile(r"\{\{|\{%")
_CODE = re.compile(r"<(pre|code)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_NOT_FILLED_IN = (
    "There is `{}`, which a site's generator fills in. Here nothing does, so readers see it as it stands. "
    "Write HTML in its place, or push the HTML that your generator makes."
)
_COMES = (
    "`{}` is still to come, and here it keeps nothing back: whoever may read the article can read it at once. "
    "Push it that day, or make it a draft until then."
)
_DATES = ("date", "publishdate")
_MEANT = {
    "title": "title is what the article is called",
    "url": "url is the article's whole address on the website, such as https://news.example/bridge",
    "access": "access is one of: open, metered, members, tier:<name>",
}


@dataclass(frozen=True)
class Manuscript:
    """One article, as its file has it.

    :param body: what `PUT /v1/articles/{id}` is sent, without `origin` and `revision`.
    :param gated: there is a time at which not everybody may read it.
    :param lang: the language that the file names, or "".
    """

    file: str
    id: str
    body: Mapping[str, Any]
    gated: bool
    lang: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def revision(self) -> str:
        """A hash over all that is sent: whoever stored this one has the same article."""
        return hashlib.sha256(json.dumps(self.body, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class PassedOver:
    """A file that is no article of ours, and why."""

    file: str
    why: str


NO_FIELDS = "neither id nor access in a front matter"
DRAFT = "a draft"


def read(file: str, raw: bytes, *, site: str = "", encoding: str = "utf-8") -> Manuscript | PassedOver:
    """The article in a file.

    :param site: the website's address, against which a `url` such as `/bridge` is read.
    :param encoding: of a file that is not UTF-8.
    :raises FileRefused: why it cannot be put as it stands.
    """
    source = split(decoded(raw, encoding).replace("\r\n", "\n").replace("\r", "\n"))
    fields = source.fields
    if fields is None or not any(name in fields for name in _OURS):
        return PassedOver(file, NO_FIELDS)
    if _is_draft(fields):
        return PassedOver(file, DRAFT)
    about = _about(fields, site)
    gated = about["access"] != "open" or "closes_at" in about
    markdown = file.lower().endswith(MARKDOWN)
    text = divided(source.text, markdown=markdown, gated=gated, line=source.line)
    _check_size(text)
    body = {**about, "teaser_html": text.teaser, "body_html": text.whole}
    lang = fields.get("lang") or fields.get("language") or ""
    warnings = (*_warnings(text.whole), *_to_come(fields))
    return Manuscript(file, _id(fields), body, gated, lang if isinstance(lang, str) else "", warnings)


def decoded(raw: bytes, encoding: str = "utf-8") -> str:
    """A file's text. UTF-8 is recognised, whatever `encoding` says: hardly another text looks like it.

    :raises FileRefused: it is neither UTF-8 nor in this encoding.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FileRefused("This is UTF-16. Save the file as UTF-8.", 1)
    if b"\0" in raw:
        raise FileRefused("This is no text.", raw.count(b"\n", 0, raw.index(b"\0")) + 1)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        wrong = f"byte 0x{raw[error.start]:02x}"
    if encoding == "utf-8":
        raise FileRefused(
            f"This is not UTF-8 ({wrong}). Save the file as UTF-8, or say which one it is, as in "
            "--encoding windows-1251.",
            line,
        )
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise FileRefused(f"This is neither UTF-8 nor {encoding}.", line) from None


def _is_draft(fields: Fields) -> bool:
    draft, published, status = (str(fields.get(name)).lower() for name in ("draft", "published", "status"))
    return draft in _YES or published in _NO or status in _UNPUBLISHED


def _id(fields: Fields) -> str:
    found = fields.get("id")
    if not isinstance(found, str) or not IDENTIFIER.fullmatch(found) or not found.strip("."):
        raise FileRefused(
            "id is missing."
            if not found
            else "id has 1 to 128 of the letters A-Z a-z 0-9 . _ ~ -, and not dots alone."
        )
    return found


def _about(fields: Fields, site: str) -> dict[str, Any]:
    """What the API is told beside the texts, checked by the API's own form."""
    _id(fields)
    for name in ("title", "url", "access"):
        if not fields.get(name):
            raise FileRefused(f"{name} is missing. {_MEANT[name].capitalize()}.")
    about: dict[str, Any] = {name: _text(name, fields[name]) for name in _TEXTS if fields.get(name)}
    about["url"] = _whole_address(about["url"], site)
    if fields.get("tags"):
        about["tags"] = _tags(fields["tags"])
    about |= {name: _moment(name, fields[name]) for name in ("opens_at", "closes_at") if fields.get(name)}
    try:
        NewArticle.model_validate({**about, "teaser_html": ""})
    except ValidationError as error:
        name = str(error.errors(include_url=False, include_context=False, include_input=False)[0]["loc"][0])
        raise FileRefused(
            f"{_MEANT.get(name, f'{name} is not what it must be')}; here it is {fields.get(name)!r}."
        ) from None
    return about


def _whole_address(url: str, site: str) -> str:
    """`/bridge` on the website, as its generator reads it: below the website's address, path included."""
    if _SCHEME.match(url) or url.startswith("//"):
        return url
    if not site:
        raise FileRefused(f"url is '{url}'. Say which website that is on: --site https://news.example.")
    return f"{site.rstrip('/')}/{url.removeprefix('/')}"


def _text(name: str, value: Value) -> str:
    if isinstance(value, tuple) and name == "author":
        return ", ".join(value)
    if not isinstance(value, str):
        raise FileRefused(f"{name} is one text.")
    return value.strip()


def _tags(value: Value) -> list[str]:
    """A list, or as Pelican has them: `tags: міст, область`."""
    found = value.split(",") if isinstance(value, str) else value
    if not isinstance(found, list | tuple):
        raise FileRefused("tags are a list of texts.")
    return [tag.strip() for tag in found if tag.strip()]


def _moment(name: str, value: Value) -> str:
    moment = _as_moment(value)
    try:
        if moment is not None and moment.tzinfo is not None:
            return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    except OverflowError:
        pass
    raise FileRefused(f"{name} is a time with its offset from UTC, such as 2026-12-01T06:00:00+02:00.")


def _as_moment(value: Value) -> datetime | None:
    try:
        return datetime.fromisoformat(_BEFORE_OFFSET.sub("", value.strip())) if isinstance(value, str) else None
    except ValueError:
        return None


def _check_size(text: Divided) -> None:
    for name, html, most in (("teaser", text.teaser, LARGEST_TEASER), ("text", text.whole, LARGEST_BODY)):
        if len(html.encode()) > most:
            raise FileRefused(f"The {name} has more than {most // 1024} KB, which is the most that the API takes.")


def _warnings(html: str) -> tuple[str, ...]:
    found = _NOT_RUN.search(_CODE.sub("", html))
    return (_NOT_FILLED_IN.format(found[0]),) if found else ()


def _to_come(fields: Fields) -> tuple[str, ...]:
    """A generator waits for such a day; the API does not, unless `opens_at` says what is meant."""
    now = datetime.now(UTC)
    for name in () if fields.get("opens_at") else _DATES:
        moment = _as_moment(fields.get(name))
        if moment and (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) > now:
            return (_COMES.format(name),)
    return ()
