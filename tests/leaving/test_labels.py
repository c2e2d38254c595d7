"""The law's labels: exactly these words, in every language that we speak, and nobody edits them away."""

import re
from dataclasses import replace
from html import unescape

import pytest

from chalicelib.i18n.texts import LANGUAGES, sentences
from chalicelib.kernel.law import LABELS, WAYS_OUT, WayOut, labels_for, labels_in
from testkit.harness import Harness
from testkit.visitor import Visitor

# As the laws have them.
WORDS: dict[tuple[str, WayOut], tuple[str, str]] = {
    ("de", "cancel"): ("Verträge hier kündigen", "jetzt kündigen"),
    ("de", "withdraw"): ("Vertrag widerrufen", "Widerruf bestätigen"),
    ("fr", "cancel"): ("résilier votre contrat", "notification de la résiliation"),
    ("fr", "withdraw"): ("renoncer au contrat ici", "confirmer la rétractation"),
    ("en", "cancel"): ("Cancel your contract here", "Cancel now"),
    ("en", "withdraw"): ("Withdraw from contract here", "Confirm withdrawal"),
    ("uk", "cancel"): ("Розірвати договір тут", "Розірвати зараз"),
    ("uk", "withdraw"): ("Відмовитися від договору тут", "Підтвердити відмову"),
}
# Whose browser gets which: the newsroom of the tests speaks uk and en.
BROWSERS = {
    "de": "de-DE,de;q=0.9,en;q=0.5",
    "fr": "fr-CA, uk;q=0.3",
    "en": "en-GB,de;q=0.9",
    "uk": "uk,en-US;q=0.7,en;q=0.3",
}
PAGES = ("/donate", "/sign-in", "/cancel", "/withdraw", "/nowhere")


def seen(path: str, accept: str) -> str:
    return Visitor().call("GET", path, headers={"Accept": "text/html", "Accept-Language": accept}).text


def foot(html: str) -> dict[str, tuple[str, str]]:
    """The links in the foot of a page: by where they lead, their words and the language these are said to be in."""
    links = re.findall(r'<a href="([^"]*)"(?: lang="(\w+)")?[^>]*>([^<]*)</a>', html.partition("<footer")[2])
    return {re.sub(r"^.*:\d+|\?.*$", "", href): (unescape(words), lang) for href, lang, words in links}


def buttons(html: str) -> list[str]:
    return [unescape(words).strip() for words in re.findall(r"<button[^>]*>(.*?)</button>", html)]


@pytest.mark.parametrize(("lang", "way"), WORDS)
def test_the_words_are_the_laws_own(lang: str, way: WayOut) -> None:
    labels = LABELS[lang]
    assert (labels.entry[way], labels.confirm[way]) == WORDS[lang, way]
    assert labels.sources[way]


def test_no_label_goes_without_a_test_and_no_language_without_labels() -> None:
    assert {(lang, way) for lang in LABELS for way in WAYS_OUT} == set(WORDS)
    assert set(LANGUAGES) <= set(LABELS), "A language that pages speak needs its line in kernel/law.py"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("lang", "accept"), BROWSERS.items(), ids=BROWSERS)
@pytest.mark.usefixtures("harness")
def test_the_foot_of_every_page_leads_to_both_ways_out(path: str, lang: str, accept: str) -> None:
    page = seen(path, accept)
    own = re.findall('<html lang="(\\w+)"', page)[0]
    for way in WAYS_OUT:
        words, said_in = foot(page)[f"/{way}"]
        assert words == WORDS[lang, way][0]
        assert said_in == ("" if lang == own else lang), "read aloud in its own language"


@pytest.mark.parametrize("way", WAYS_OUT)
@pytest.mark.parametrize(("lang", "accept"), BROWSERS.items(), ids=BROWSERS)
@pytest.mark.usefixtures("harness")
def test_nothing_but_the_laws_words_stands_on_the_button(way: WayOut, lang: str, accept: str) -> None:
    assert buttons(seen(f"/{way}", accept)) == [WORDS[lang, way][1]]


def test_a_reader_who_chose_another_language_of_the_newsroom_gets_that() -> None:
    assert labels_for("en", "uk", ("uk", "en")).lang == "en"
    assert labels_for("uk", "", ("uk", "en")).lang == "uk"
    assert labels_for("uk", "pl,cs", ("uk", "en")).lang == "uk", "no labels in it"
    assert labels_for("de", "uk", ("de",)).lang == "uk", "a newsroom in German, a reader from Ukraine"
    assert labels_in("pl").lang == "en"


def test_a_newsroom_cannot_say_them_differently(harness: Harness) -> None:
    """They are no sentences of ours, so its file has no key for them; one that is made up is refused at the start."""
    words = {word for pair in WORDS.values() for word in pair}
    assert not [key for lang in LANGUAGES for key, sentence in sentences(lang).items() if sentence in words]
    own = {
        key: {"uk": "Наше"} for key, said in sentences("uk").items() if key.startswith("leaving.") and "{" not in said
    }
    harness.wiring.newsroom = replace(harness.newsroom, texts=own)
    page = seen("/cancel", "uk")
    assert "Наше" in page, "the control: its other sentences can be said differently"
    assert buttons(page) == ["Розірвати зараз"]
    assert foot(page)["/cancel"][0] == "Розірвати договір тут"
