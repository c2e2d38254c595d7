"""The plugin's words in other languages: `python -m integrations.wordpress.languages`.

English stands in the sources. This finds every sentence there, lists it in each `.po` (new ones empty, lost ones
gone), and makes of it what WordPress reads: one `.mo`, and a JSON file for each script that speaks. What it makes is
committed, the same every time; a test holds that it is up to date, and that nothing is left untranslated.
"""

import json
import re
import struct
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PLUGIN = Path(__file__).resolve().parent / "spilno"
LANGUAGES = ("uk",)
_DOMAIN = "spilno"
# So that a file changes only when its sentences do.
_ALWAYS = datetime(2026, 11, 30, tzinfo=UTC)
_CALL = re.compile(r"(?<![\w$>:])(?:(?:esc_html|esc_attr)(?:__|_e|_x)|__|_e|_x|_n)\(\s*")
_TEXT = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\$]|\\.)*)\"", re.DOTALL)
_HEADER = re.compile(r"^ \* (?:Plugin Name|Description): (.+)$", re.MULTILINE)
_NOTE = re.compile(r"translators:\s*(.*?)\s*(?:\*/|\n)")


class NotLiteral(ValueError):
    """A sentence that is put together at run time, or of another plugin's: nobody can translate it."""


class Sentence(NamedTuple):
    """A sentence in a source, with its plural where it has one."""

    singular: str
    plural: str | None
    place: str
    note: str


def sentences(path: Path) -> Iterator[Sentence]:
    """Every sentence of a source.

    :raises NotLiteral: one of them cannot be translated.
    """
    source = path.read_text(encoding="utf-8")
    inside = path.relative_to(PLUGIN).as_posix()
    if path.suffix == ".php":
        for text in _HEADER.findall(source):
            yield Sentence(text, None, inside, "of the plugin")
    for call in _CALL.finditer(source):
        several = call[0].startswith("_n(")
        texts, at = [], call.end()
        for _ in range(2 if several else 1):
            found = _TEXT.match(source, at)
            if found is None:
                raise NotLiteral(f"{inside}: {source[call.start() : call.start() + 60]!r}")
            texts.append(re.sub(r"\\(.)", r"\1", found[1] if found[1] is not None else found[2]))
            at = found.end() + len(re.match(r"\s*,?\s*", source[found.end() :])[0])  # type: ignore[index]
        if not re.match(rf"(?:[^;]{{0,80}},\s*)?['\"]{_DOMAIN}['\"]", source[at:]):
            raise NotLiteral(f"{inside}: the text domain of {texts[0]!r}")
        note = _NOTE.search(source, max(0, call.start() - 160), call.start())
        yield Sentence(texts[0], texts[1] if several else None, inside, note[1] if note else "")


def sources() -> list[Path]:
    """Everything of the plugin that speaks."""
    return sorted([*PLUGIN.rglob("*.php"), *PLUGIN.rglob("*.js")])


def template() -> Catalog:
    """All sentences, untranslated."""
    catalog = Catalog(domain=_DOMAIN, project="Spilno", fuzzy=False, creation_date=_ALWAYS)
    for path in sources():
        for said in sentences(path):
            key = said.singular if said.plural is None else (said.singular, said.plural)
            catalog.add(key, locations=[(said.place, None)], auto_comments=[said.note] if said.note else ())  # type: ignore[list-item]
    return catalog


def catalog(language: str) -> Catalog:
    """The translation as it is committed, brought up to the sources: new sentences are empty."""
    path = PLUGIN / "languages" / f"{_DOMAIN}-{language}.po"
    made = read_po(BytesIO(path.read_bytes()) if path.exists() else BytesIO(b""), locale=language)
    made.update(template(), no_fuzzy_matching=True, update_header_comment=False)
    made.obsolete.clear()
    made.project, made.version, made.fuzzy = "Spilno", "0", False
    made.last_translator = made.language_team = made.msgid_bugs_address = ""
    made.header_comment = "# The words of the plugin; `python -m integrations.wordpress.languages` keeps this file."
    made.creation_date = made.revision_date = _ALWAYS
    return made


def built(language: str) -> dict[str, bytes]:
    """Every file of a language, by its name."""
    words = catalog(language)
    po, mo = BytesIO(), BytesIO()
    write_po(po, words, width=118, sort_by_file=True)
    write_mo(mo, words)
    files = {f"{_DOMAIN}-{language}.po": po.getvalue(), f"{_DOMAIN}-{language}.mo": _for_wordpress(mo.getvalue())}
    for script in sorted((PLUGIN / "assets").glob("*.js")):
        said = [sentence.singular for sentence in sentences(script)]
        if said:
            files[f"{_DOMAIN}-{language}-{_DOMAIN}-{script.stem}.json"] = _as_jed(words, said, language)
    return files


def _for_wordpress(mo: bytes) -> bytes:
    """The same, saying where its table of hashes would be: WordPress reads no file that says 0, as Babel's do."""
    number, _, translations = struct.unpack_from("<3I", mo, 8)
    return mo[:24] + struct.pack("<I", translations + 8 * number) + mo[28:]


def _as_jed(words: Catalog, said: list[str], language: str) -> bytes:
    """A script's sentences as WordPress's `wp.i18n` reads them."""
    head = {"domain": "messages", "lang": language, "plural-forms": words.plural_forms}
    told = {text: [words[text].string] for text in said}
    whole = {"domain": "messages", "locale_data": {"messages": {"": head, **told}}}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def main() -> None:
    """Write what is built."""
    for language in LANGUAGES:
        for name, content in built(language).items():
            (PLUGIN / "languages" / name).write_bytes(content)
        empty = [message.id for message in catalog(language) if message.id and not message.string]
        print(f"{language}: {len(empty)} without a translation", *empty, sep="\n  ")  # noqa: T201 - what it answers


if __name__ == "__main__":
    main()
