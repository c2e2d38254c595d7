"""The languages' files say the same: each key in each, with its placeholders and plural forms, and none unused.

What is looked for is a function of the sentences, so that each kind of mistake is seen to be found.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest
from babel import Locale

import chalicelib
from chalicelib.i18n.texts import LANGUAGES, PLURAL_CATEGORIES, Texts, placeholders, sentences
from localdev.site import words as site

ROOT = Path(chalicelib.__file__).parent
Files = dict[str, dict[str, str]]
# Keys that code or a template puts together from a state: {{ t('thanks.title_' ~ state) }}.
FAMILIES: tuple[str, ...] = ("code.", "symbol.", "amount.", "problem.title", "undo.")
FAMILIES += tuple(f"sign_in.{page}_title" for page in ("confirm", "other", "ended"))


def files() -> Files:
    return {lang: dict(sentences(lang)) for lang in LANGUAGES}


def parts(key: str) -> tuple[str, str]:
    """A key without its plural category, and the category; empty for a sentence that does not count."""
    head, _, tail = key.rpartition(".")
    return (head, tail) if tail in PLURAL_CATEGORIES and head != "code" else (key, "")


@cache
def forms(lang: str) -> frozenset[str]:
    """The plural forms of a language, by CLDR; `other` is for fractions."""
    return Locale.parse(lang).plural_form.tags | {"other"}


def unlike(texts: Files) -> set[str]:
    """Where the files of the languages differ in more than their sentences."""
    keys = {lang: {parts(key)[0] for key in said} for lang, said in texts.items()}
    wanted = set().union(*keys.values())
    found = {f"{lang} lacks {key}" for lang, own in keys.items() for key in wanted - own}
    for lang, said in texts.items():
        counting: dict[str, set[str]] = {}
        for key in said:
            head, category = parts(key)
            counting.setdefault(head, set()).add(category)
        found |= {
            f"{lang}: {key} has {sorted(had)}" for key, had in counting.items() if had not in ({""}, forms(lang))
        }
    names: dict[str, set[frozenset[str]]] = {}
    for said in texts.values():
        for key, sentence in said.items():
            names.setdefault(parts(key)[0], set()).add(placeholders(sentence))
    return found | {f"{key}: other placeholders" for key, sets in names.items() if len(sets) > 1}


@cache
def code_and_templates() -> str:
    read = [*ROOT.glob("templates/**/*.*"), *ROOT.glob("**/*.py")]
    return "\n".join(file.read_text(encoding="utf-8") for file in read)


def unsaid(keys: set[str]) -> set[str]:
    """Keys that nothing says."""
    said = code_and_templates()
    families = (*re.findall(r"'([a-z_.]+[._])' ~", said), *FAMILIES)
    return {key for key in keys if f"{key}'" not in said and f'{key}"' not in said and not key.startswith(families)}


def unknown(keys: set[str]) -> set[str]:
    """Keys that templates say and no file has."""
    said = re.findall(r"\bt\('([a-z_.]+[a-z])'", code_and_templates())
    assert len(said) > 100
    return set(said) - keys


def test_the_files_say_the_same() -> None:
    assert unlike(files()) == set()


def test_every_key_is_said_and_every_key_that_is_said_is_there() -> None:
    keys = {parts(key)[0] for key in sentences("uk")}
    assert unsaid(keys) == set()
    assert unknown(keys) == set()


def without(key: str, lang: str = "en") -> Callable[[Files], object]:
    return lambda texts: texts[lang].pop(key)


def with_(key: str, sentence: str, lang: str = "en") -> Callable[[Files], object]:
    return lambda texts: texts[lang].update({key: sentence})


@pytest.mark.parametrize(
    ("spoilt", "found"),
    [
        (without("donate.button"), "en lacks donate.button"),
        (with_("donate.new", "New"), "uk lacks donate.new"),
        (without("wait.minutes.few", "uk"), "uk: wait.minutes has ['many', 'one', 'other']"),
        (with_("wait.minutes.few", "{count}"), "en: wait.minutes has ['few', 'one', 'other']"),
        (with_("wait.minutes.zero", "{count}", "uk"), "uk: wait.minutes has ['few', 'many', 'one', 'other', 'zero']"),
        (with_("wait.minutes", "{count} min"), "en: wait.minutes has ['', 'one', 'other']"),
        (with_("donate.bounds", "From {minimum}."), "donate.bounds: other placeholders"),
        (with_("donate.bounds", "{minimum} {maximum} {more}"), "donate.bounds: other placeholders"),
        (with_("wait.minutes.one", "одну хвилину", "uk"), "wait.minutes: other placeholders"),
    ],
)
def test_each_difference_is_found(spoilt: Callable[[Files], object], found: str) -> None:
    texts = files()
    spoilt(texts)
    assert found in unlike(texts)


def test_a_key_that_nothing_says_and_one_that_is_nowhere_are_found() -> None:
    keys = {parts(key)[0] for key in sentences("uk")}
    assert unsaid({*keys, "donate.silent"}) == {"donate.silent"}
    assert unknown(keys - {"donate.button"}) == {"donate.button"}


def test_ukrainian_counts_as_ukrainians_do() -> None:
    say = Texts("uk").say
    minutes = {count: say("mail.sign_in.lasts", count=count).split()[4:6] for count in (1, 3, 10, 11, 22)}
    assert minutes == {
        1: ["1", "хвилину"],
        3: ["3", "хвилини"],
        10: ["10", "хвилин"],
        11: ["11", "хвилин"],
        22: ["22", "хвилини"],
    }


def ill_set(said: Mapping[str, str], lang: str) -> set[str]:
    """Keys whose sentence no careful editor would print so."""
    wrong = {
        "all": r"""'|\.\.\.|  |^ | $| - | – |\s[,.:;!?](?!\w)""",
        "uk": r"""["“”„]|\bДля вас (і далі )?відкрит|чинн|надішліть собі|\bданий\b|здійсн""",
        "en": r"""["«»]|\b[Ee]-mail|\b[Mm]ails?\b|\b[Tt]iers?\b|how you pay""",
    }
    patterns = re.compile("|".join((wrong["all"], wrong.get(lang, r"(?!)"))))
    return {key for key, text in said.items() if not text or patterns.search(re.sub(r"\{\w+\}", "X", text))}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_is_set_as_in_print(lang: str) -> None:
    assert ill_set(sentences(lang), lang) == set()


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "We don't"),
        ("en", "Wait..."),
        ("en", "Look in your mail"),
        ("en", "Your tier"),
        ("en", "«Level»"),
        ("uk", "“Рівень”"),
        ("uk", "Так - ні"),
        ("uk", "Так , ні"),
        ("uk", "Для вас відкрито все"),
        ("uk", "Два  пробіли"),
        ("uk", ""),
    ],
)
def test_what_is_ill_set_is_found(lang: str, sentence: str) -> None:
    assert ill_set({"key": sentence}, lang) == {"key"}


@pytest.mark.parametrize(("lang", "name"), [("uk", "Моя підтримка"), ("en", "My support")])
def test_one_page_has_one_name(lang: str, name: str) -> None:
    """The website links to it by this name, too."""
    assert name == sentences(lang)["account.title"] == site.WORDS[lang]["account"]
    assert name in sentences(lang)["thanks.stop_any_time"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_lines_part_no_amount_and_begin_with_no_dash(lang: str) -> None:
    texts = Texts(lang, {"appeal": {lang: "Ми пишемо — ви читаєте. Будь-коли."}})
    assert "пишемо\N{NO-BREAK SPACE}— ви" in texts.say("appeal"), "the newsroom's own words, too"
    assert "Будь\N{NON-BREAKING HYPHEN}коли" in texts.say("appeal")
    for key, sentence in sentences(lang).items():
        shown = texts.pattern(key.rpartition(".")[0], 5) if parts(key)[1] else texts.pattern(key)
        assert " — " not in shown, key
        if key.startswith("amount.") and key != "amount.raw":
            assert " " not in shown, sentence
