"""Spilno's sentences by language, and a newsroom's own in the place of some of them.

Each language is one file, `uk.toml`, with the same keys and the same placeholders as all others. A key is written
`donate.button`. A sentence that depends on a number is a table of plural categories (CLDR: one, few, many, other),
chosen by `count`.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

_NBSP = "\N{NO-BREAK SPACE}"
# What a package has in the place of `uk.toml`: the same sentences as JSON, which is read much sooner.
_PACKED = ".packed.json"
# Bare codes (`uk`). A language is its file: there is no list of them elsewhere.
_FILES = [file for file in Path(__file__).parent.iterdir() if file.suffix in (".toml", ".json")]
LANGUAGES = tuple(sorted({file.name.partition(".")[0] for file in _FILES}))
PLURAL_CATEGORIES = frozenset({"zero", "one", "two", "few", "many", "other"})


class TextWrong(Exception):
    """A text is missing, unknown or has wrong placeholders; the sentence names it and what to write instead."""


class Texts:
    """The sentences of one language, with the newsroom's own in the place of ours.

    :param overrides: the newsroom's own, `key -> {language: sentence}`, as `[texts]` of its settings file has them.
    :raises TextWrong: when an override names no sentence of ours, or a placeholder that the sentence does not have.
    """

    def __init__(self, lang: str, overrides: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self.lang = lang
        own = {key: words[lang] for key, words in (overrides or {}).items() if lang in words}
        for key, sentence in own.items():
            _check(key, sentence, lang)
        self._sentences = {**_ours(lang), **{key: _set(key, sentence) for key, sentence in own.items()}}

    def __contains__(self, key: str) -> bool:
        return key in self._sentences

    def pattern(self, key: str, count: object = None) -> str:
        """The sentence with its placeholders; `count`, an int, chooses the plural.

        :raises TextWrong: when there is no such sentence.
        """
        if key in self._sentences:
            return self._sentences[key]
        category = _plural(self.lang, count) if isinstance(count, int) else "other"
        if f"{key}.{category}" not in self._sentences:
            raise TextWrong(f"There is no text '{key}' in {self.lang}.toml.")
        return self._sentences[f"{key}.{category}"]

    def say(self, key: str, /, **values: object) -> str:
        """The finished sentence, as plain text.

        :raises TextWrong: when there is no such sentence, or a value for one of its placeholders is missing.
        """
        return fill(self.pattern(key, values.get("count")), values, key)


def fill(pattern: str, values: Mapping[str, object], key: str) -> str:
    """Put the values into the placeholders. A `markupsafe.Markup` pattern escapes them.

    :raises TextWrong: when a value is missing.
    """
    try:
        return pattern.format(**values)
    except KeyError as missing:
        raise TextWrong(f"The text '{key}' wants a value for {missing}.") from None


def unbroken(text: str) -> str:
    """Keep together what a line must not part: a dash and the word before it, the two halves of «будь-коли»."""
    return text.replace(" — ", f"{_NBSP}— ").replace("удь-", "удь\N{NON-BREAKING HYPHEN}")


def _set(key: str, sentence: str) -> str:
    # An amount and its rhythm are one thing: `5 € щомісяця`.
    return sentence.replace(" ", _NBSP) if key.startswith("amount.") and key != "amount.raw" else unbroken(sentence)


@cache
def _ours(lang: str) -> Mapping[str, str]:
    return {key: _set(key, sentence) for key, sentence in sentences(lang).items()}


@cache
def sentences(lang: str) -> Mapping[str, str]:
    """Every sentence of one language by its dotted key.

    :raises TextWrong: when there are no sentences in this language.
    """
    if lang not in LANGUAGES:
        raise TextWrong(f"There are no texts in '{lang}'. Languages: {', '.join(LANGUAGES)}.")
    packed = Path(__file__).with_name(packed_name(lang))
    if packed.exists():
        return dict(json.loads(packed.read_bytes()))
    return from_toml(Path(__file__).with_name(f"{lang}.toml").read_bytes())


def packed_name(lang: str) -> str:
    """The file that takes the place of a language's own in a package; the sources have none."""
    return f"{lang}{_PACKED}"


def from_toml(content: bytes) -> dict[str, str]:
    """The sentences of a language's file by their dotted keys."""
    import tomllib

    return dict(_flat(tomllib.loads(content.decode())))


def placeholders(sentence: str) -> frozenset[str]:
    """The names of a sentence's placeholders, which stand in curly braces.

    :raises TextWrong: for anything but a plain name, such as `{a.b}`, `{a!r}` or a lone brace.
    """
    names = set()
    try:
        parts = list(Formatter().parse(sentence))
    except ValueError:
        raise TextWrong(f"The text '{sentence}' has a brace that is not closed.") from None
    for _, name, form, conversion in parts:
        if name is None:
            continue
        if not name.isidentifier() or form or conversion:
            raise TextWrong(f"The text '{sentence}' has '{{{name}}}'. Write a plain name in braces.")
        names.add(name)
    return frozenset(names)


def _check(key: str, sentence: str, lang: str) -> None:
    known = sentences(lang)
    if key not in known:
        raise TextWrong(
            f"In the newsroom's file, 'texts.{key}' is not one of our texts. See {lang}.toml for the names."
        )
    allowed = placeholders(known[key])
    found = placeholders(sentence)
    if key.startswith("amount.") and not found:  # every page and mail writes its amounts with these
        raise TextWrong(
            f"In the newsroom's file, 'texts.{key}' ({lang}) lacks '{{amount}}'. Write it where it stands."
        )
    strange = found - allowed
    if strange:
        may = ", ".join(f"{{{name}}}" for name in sorted(allowed)) or "none"
        raise TextWrong(
            f"In the newsroom's file, 'texts.{key}' ({lang}) has '{{{min(strange)}}}'. It may have: {may}."
        )


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)


def _plural(lang: str, count: int) -> str:
    from babel import Locale

    return str(Locale.parse(lang).plural_form(count))
