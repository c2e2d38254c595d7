"""A language is one file: with `pl.toml` beside the others, every page and every mail speaks it, and nothing else.

The file is made here, of the English one, in letters that no other text has (fullwidth), with the plural forms that
CLDR has for Polish. So whatever stands in other letters on a page or in a mail was never in a language's file.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from babel import Locale

from chalicelib.i18n.texts import PLURAL_CATEGORIES
from chalicelib.kernel.law import LABELS
from tests.pages.markup import Markup

ROOT = Path(__file__).parents[3]
POLISH = Locale.parse("pl")
WIDE = {letter: chr(letter + 0xFEE0) for letter in range(ord("A"), ord("z") + 1) if chr(letter).isalpha()}
SHOWN_ATTRIBUTES = frozenset({"alt", "aria-label", "placeholder", "title"})
# What a page shows and no language's file has: values of the samples, and what Babel says.
VALUES = re.compile(
    r"https?://\S+|\S+@\S*|\b\w{4}(?:-\w{4})+\b|\b(?:EUR|USD|UAH|PLN)\b|zł|Українська|English"
    r"|Telegram|Facebook|\b[pr][ie]_\w+|Марія Коваль|Visa"
    # The law's labels are no sentences of a language's file: kernel/law.py.
    + "".join(f"|{word}" for one in LABELS.values() for word in (*one.entry.values(), *one.confirm.values()))
    + "|UTC"
    + "".join(rf"|\b{name}\b" for name in (*POLISH.months["format"]["wide"].values(), *POLISH.languages.values()))
)
LETTERS = re.compile(r"[^\W\d_Ａ-ｚ]{2,}")

# In a process of its own, with the copy's chalicelib: each sample, and the way through the edge.
SCRIPT = """
import json
from testkit.harness import Harness
from testkit.visitor import Visitor
from tests.pages import samples
from chalicelib.http import pages
from chalicelib.mail import letters

found = {"pages": {}, "mails": {}, "edge": {}}
for name, page in samples.sample_pages("pl").items():
    found["pages"][name] = pages.render(page, samples.layout("pl"))
for name, mail in samples.sample_mails("pl").items():
    one = letters.compose(mail, samples.letterhead("pl"))
    found["mails"][name] = [one.subject, one.text, one.html]
with Harness().installed() as harness:
    browser = Visitor()
    found["edge"]["asked"] = browser.navigate("/donate?lang=pl-PL").text
    accepted = {"Accept": "text/html", "Accept-Language": "de, pl;q=0.9, uk;q=0.5"}
    found["edge"]["browser's own"] = browser.call("GET", "/donate", headers=accepted).text
    found["edge"]["no such page"] = browser.navigate("/nowhere?lang=pl").text
    browser.post("/v1/sign-in", {"email": "ada@reader.example", "locale": "pl"})
    found["edge"]["sign-in mail"] = harness.mails.last.text
    refused = browser.post("/v1/checkouts", {"amount": 1}, **{"Accept-Language": "pl"})
    found["edge"]["refusal"] = refused.json["title"]
print(json.dumps(found))
"""


def wide(sentence: str) -> str:
    """The sentence in fullwidth letters; its placeholders as they are."""
    return "".join(
        part if part.startswith("{") else part.translate(WIDE) for part in re.split(r"(\{\w*\})", sentence)
    )


def translated(table: Mapping[str, Any]) -> dict[str, Any]:
    """A language's sentences in another: the same keys, with the plural forms of Polish."""
    if table and set(table) <= PLURAL_CATEGORIES:
        return {category: wide(table["other"]) for category in POLISH.plural_form.tags | {"other"}}
    return {name: translated(one) if isinstance(one, dict) else wide(one) for name, one in table.items()}


def toml(table: Mapping[str, Any], prefix: str = "") -> str:
    """A table of texts as TOML, its own texts before its tables."""
    lines = [f"{name} = {json.dumps(one, ensure_ascii=False)}" for name, one in table.items() if isinstance(one, str)]
    for name, one in table.items():
        if isinstance(one, dict):
            lines += [f"[{prefix}{name}]", toml(one, f"{prefix}{name}.")]
    return "\n".join(lines)


def in_polish_too(newsroom: str) -> str:
    """The newsroom's file with its words in the third language."""
    once_more: Callable[[str, re.Match[str]], str] = lambda between, at: f"{at[0]}{between}pl = {wide(at[1])}"  # noqa: E731
    newsroom = re.sub(r'(?m)^en = ("[^"\n]*")$', partial(once_more, "\n"), newsroom)
    newsroom = re.sub(r'(?<=, )en = ("[^"\n]*")', partial(once_more, ", "), newsroom)
    newsroom = newsroom.replace(f'pl = "{wide("en")}"', 'pl = "pl"')  # the language of Stripe's page
    return newsroom.replace('languages = ["uk", "en"]', 'languages = ["uk", "en", "pl"]')


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Spilno with one file more, of a newsroom that speaks the language."""
    root = tmp_path_factory.mktemp("three_languages")
    leave = shutil.ignore_patterns("__pycache__", ".*")
    for folder in ("chalicelib", "testkit", "localdev", "tests/pages"):
        shutil.copytree(ROOT / folder, root / folder, ignore=leave)
    for file in ("app.py", "tests/__init__.py"):
        shutil.copy(ROOT / file, root / file)
    english = tomllib.loads((root / "chalicelib/i18n/en.toml").read_text(encoding="utf-8"))
    polish = translated(english) | {"number": {"grouping": "min2"}}
    (root / "chalicelib/i18n/pl.toml").write_text(toml(polish), encoding="utf-8")
    newsroom = root / "chalicelib/newsroom.toml"
    newsroom.write_text(in_polish_too(newsroom.read_text(encoding="utf-8")), encoding="utf-8")
    return root


def run(copy: Path, script: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(copy)}
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=copy, env=environ, check=False
    )


@dataclass(frozen=True)
class Spoken:
    """What was said in the third language: pages and mails by their names, and through the edge."""

    pages: Mapping[str, str]
    mails: Mapping[str, tuple[str, str, str]]
    edge: Mapping[str, str]


@pytest.fixture(scope="module")
def spoken(copy: Path) -> Spoken:
    ran = run(copy, SCRIPT)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return Spoken(**json.loads(ran.stdout.splitlines()[-1]))


def strange(text: str) -> list[str]:
    """Words of another language than the third."""
    return LETTERS.findall(VALUES.sub(" ", text))


def strange_on(html: str) -> list[str]:
    """Words of another language on a page: shown, read aloud, or told to a messenger."""
    page = Markup(html)
    told = [value or "" for _, attrs in page.tags for name, value in attrs.items() if name in SHOWN_ATTRIBUTES]
    told += [
        meta["content"] or "" for meta in page.all("meta") if re.match("description|og:(title|desc)", meta_name(meta))
    ]
    return strange(" ".join([page.text, *told]))


def meta_name(meta: Mapping[str, str | None]) -> str:
    return meta.get("name") or meta.get("property") or ""


def test_every_page_speaks_it_and_nothing_else(spoken: Spoken) -> None:
    assert len(spoken.pages) > 30
    assert {name: found for name, html in spoken.pages.items() if (found := strange_on(html))} == {}
    assert all('<html lang="pl"' in html for html in spoken.pages.values())


def test_every_mail_speaks_it_and_nothing_else(spoken: Spoken) -> None:
    assert len(spoken.mails) > 30
    said = {
        name: [*strange(subject), *strange(text), *strange_on(html)]
        for name, (subject, text, html) in spoken.mails.items()
    }
    assert {name: found for name, found in said.items() if found} == {}


def test_a_reader_who_speaks_it_is_spoken_to_in_it(spoken: Spoken) -> None:
    assert {
        name: found
        for name, text in spoken.edge.items()
        if (found := (strange_on if "<html" in text else strange)(text))
    } == {}
    assert spoken.edge["refusal"], "not empty, at the least"


def test_it_counts_as_cldr_says(copy: Path) -> None:
    """Polish has four forms; which one is Babel's word."""
    counts = (1, 2, 5, 12, 22)
    script = f"""
from chalicelib.i18n import texts
texts.sentences('pl').update({{f'wait.minutes.{{form}}': form for form in ('one', 'few', 'many', 'other')}})
print([texts.Texts('pl').say('wait.minutes', count=count) for count in {counts}])
"""
    ran = run(copy, script)
    assert ran.stdout.strip() == str(["one", "few", "many", "many", "few"]), ran.stderr[-1000:]


def test_other_languages_stay_as_they_are(copy: Path) -> None:
    script = "from tests.pages import samples; from chalicelib.http import pages; "
    script += "print(pages.render(samples.sample_pages('uk')['donate-once'], samples.layout('uk')))"
    assert "Цю редакцію тримають читачі" in run(copy, script).stdout


def test_amounts_and_days_are_written_as_its_people_write_them(spoken: Spoken) -> None:
    assert 'value="7,50"' in spoken.pages["donate-own"]
    assert "5\N{NO-BREAK SPACE}€" in spoken.pages["donate-month"]
    assert "22\N{NO-BREAK SPACE}grudnia 2026" in spoken.pages["account"]


def test_a_newsroom_without_words_in_it_is_told_which(copy: Path) -> None:
    script = """
from pathlib import Path
from chalicelib.newsroom.texts import read
text = Path('chalicelib/newsroom.toml').read_text(encoding='utf-8')
lines = [line for line in text.splitlines() if not line.startswith('pl = ') or '（' in line]
try:
    read('\\n'.join(lines).encode())
except Exception as error:
    print(type(error).__name__, error)
"""
    said = run(copy, script).stdout
    assert said.startswith("NewsroomFileWrong"), said
    assert "'name'" in said
    assert "each of your languages (uk, en, pl)" in said


@pytest.mark.parametrize(
    "html",
    [
        "<p>Ｓ</p><p>Thank you</p>",
        '<p aria-label="Amount">5</p>',
        '<meta property="og:description" content="Дякуємо">',
        '<img alt="A picture">',
    ],
)
def test_a_word_that_is_in_no_file_would_be_seen(html: str) -> None:
    assert strange_on(html)
