"""A gated article as a site's generator reads it: the file's own front matter, and the wall in the place of the text.

What the generator has never seen it cannot print: no feed, search index, table of contents, list, JSON or copy of the
source has the gated text, whatever theme or plugin makes it.
"""

import json
import re
from html import escape, unescape
from urllib.parse import unquote, urlsplit

from ops.articles.front_matter import Fields, split

GENERATORS = ("hugo", "pelican", "eleventy")
_SUMMARY = 300  # characters
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
_TAG = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")  # no YAML may hold them
_MARKED = re.compile(r"""([\w-]+):[ \t]+["'\[].*""")
_OPENS = re.compile(r"\{(?=[{%#])")  # of a template's own language
# Signs of Markdown, as those read it that render a summary; Pelican would print the backslash before a tilde.
_MARKDOWN = {"hugo": re.compile(r"([\\`*_{}\[\]<>#|~])"), "pelican": re.compile(r"([\\`*_{}\[\]<>#|])")}
_LIST = re.compile(r"^(\d*)([-+.)])(?=\s)")


def ending(generator: str) -> str:
    """How the name of a file with a wall ends, so that this generator reads it as it must."""
    return ".md" if generator == "pelican" else ".html"


def content_file(source: str, html: str, teaser: str, generator: str) -> str:
    """The article for this generator.

    :param source: the file as its author wrote it, with line feeds for line ends.
    :param html: the part of a page that stands for its text.
    """
    header, html = _header(source), _words_first(*_literally(html))
    fields = split(source).fields or {}
    if "summary" not in fields:
        header = _with_summary(header, _plain(teaser), generator)
    if generator == "eleventy" and "permalink" not in fields:
        header = _with_permalink(header, fields)
    if generator == "pelican":
        # Python's Markdown leaves a block of HTML alone.
        header = _as_pelican_reads(header, fields)
        return f"{header}\n<div>\n{_BLANK_LINES.sub(_empty_lines, html.strip())}\n</div>\n"
    return f"{header}\n{html}"


def open_file(source: str, generator: str) -> str:
    """An article that is open to all, for this generator: the file as it stands, at the address of its `url`."""
    fields = split(source).fields or {}
    if generator != "eleventy" or "permalink" in fields:
        return source
    lines = source.split("\n")
    begins = split(source).line - 1
    return "\n".join([_with_permalink(_header(source), fields), *lines[begins:]])


def _literally(html: str) -> tuple[str, str]:
    """What search engines are told, and the rest; neither with a sign that a generator would take for its own.

    Hugo ends a build at `{{< unknown >}}`, Eleventy at `{% unknown %}`; the API's copy shows both as they stand.
    """
    told, _, rest = html.partition("\n") if html.startswith("<script") else ("", "", html)
    return _OPENS.sub(r"\\u007b", told), _OPENS.sub("&#123;", rest)


def _words_first(told: str, rest: str) -> str:
    """Search engines come last, as lists and previews cut their words off the beginning."""
    return f"{rest.rstrip()}\n{told}\n" if told else rest


def _header(source: str) -> str:
    """The front matter as it stands, from its first to its last line."""
    return "\n".join(source.split("\n")[: split(source).line - 1]).lstrip("\n")


def _as_pelican_reads(header: str, fields: Fields) -> str:
    """Pelican takes each line's value as it stands, so YAML's quotation marks and brackets are taken off."""
    lines = header.split("\n")
    for at, line in enumerate(lines):
        found = _MARKED.fullmatch(line.rstrip())
        value = fields.get(found[1].lower()) if found else None
        said = ", ".join(value) if isinstance(value, tuple) else value
        if found and isinstance(said, str) and "\n" not in said:
            lines[at] = f"{found[1]}: {said}"
    return "\n".join(lines)


def _with_summary(header: str, summary: str, generator: str) -> str:
    """A summary of one's own: what generators cut from a page by themselves would be half a wall."""
    if not summary:
        return header
    said = _as_rendered(summary, generator)
    # Pelican takes the line as it stands; for the others JSON is a text of YAML and of TOML.
    return _with_field(header, "summary", said if generator == "pelican" else json.dumps(said, ensure_ascii=False))


def _with_permalink(header: str, fields: Fields) -> str:
    """Hugo and Pelican read `url`; Eleventy puts a page where `permalink` says, else by the name of its file."""
    url = fields.get("url")
    if not isinstance(url, str) or not url.startswith("/") or url.startswith("//"):
        return header
    path = unquote(urlsplit(url).path)
    folder = path.endswith("/") or "." in path.rpartition("/")[2]
    return _with_field(header, "permalink", json.dumps(path if folder else f"{path}/", ensure_ascii=False))


def _with_field(header: str, name: str, value: str) -> str:
    """The front matter with one line more, in its own language."""
    lines = header.split("\n")
    lines.insert(1, f"{name} = {value}" if lines[0].startswith("+++") else f"{name}: {value}")
    return "\n".join(lines)


def _as_rendered(words: str, generator: str) -> str:
    """The words so that they are the same after this generator has rendered them."""
    signs = _MARKDOWN.get(generator)
    return _LIST.sub(r"\1\\\2", signs.sub(r"\\\1", escape(words, quote=False))) if signs else words


def _plain(html: str) -> str:
    words = " ".join(_CONTROL.sub(" ", unescape(_TAG.sub(" ", html))).split())
    return words if len(words) <= _SUMMARY else f"{words[:_SUMMARY].rpartition(' ')[0]}…"


def _empty_lines(found: re.Match[str]) -> str:
    """Markdown ends a block of HTML at an empty line, which within `<pre>` must be seen all the same."""
    return "\n" + "&#10;" * (found[0].count("\n") - 1)
