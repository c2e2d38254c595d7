"""The newsroom's own file, `newsroom.toml`: made once from the made-up newsroom's and a few answers."""

import json
import re
import tomllib
from pathlib import Path

import click

from chalicelib.i18n.texts import TextWrong
from chalicelib.newsroom import sender
from chalicelib.newsroom.file import NewsroomFileWrong, is_time_zone
from chalicelib.newsroom.rules import Newsroom
from chalicelib.newsroom.sender import SenderWrong
from chalicelib.newsroom.texts import read as read_newsroom
from ops.context import newsroom_file
from ops.output import Refusal, say
from ops.setup.asking import Check
from ops.setup.connections import Connections, SetupRefused
from ops.stages import ROOT

EXAMPLE = ROOT / "chalicelib" / "newsroom.toml"
# The made-up newsroom speaks these; for another language all of its words have to be written by hand.
_PRODUCT = {"uk": "Підтримка «{name}»", "en": "Support for {name}"}
_DROPPED = ("texts.appeal_title", "texts.appeal", "editor", "legal", "campaigns")  # the made-up newsroom's own words


def own_newsroom(connections: Connections) -> Newsroom:
    """The newsroom's file: made from answers if it is not there, else only checked.

    :raises SetupRefused: it has a mistake.
    """
    journal, path = connections.journal, newsroom_file()
    journal.heading("Your newsroom")
    if path.exists():
        try:
            newsroom = read_newsroom(path.read_bytes())
        except (NewsroomFileWrong, TextWrong) as error:
            raise SetupRefused(f"{path.name}: {error} Then run setup again.") from None
        journal.right(f"{path.name} is right: {newsroom.name[newsroom.languages[0]]}")
        return newsroom
    text = _asked(connections)
    newsroom = read_newsroom(text.encode())
    journal.change(f"write {path.name}", lambda: _write(path, text))
    if journal.dry:
        return newsroom
    journal.remains(
        f"Read {path.name} and make it yours: tiers, amounts, colours, your appeal to readers.\n"
        "Write into [legal] who receives the money: receipts name them (docs/integration.md).\n"
        "`python -m ops newsroom check` looks for mistakes."
    )
    return newsroom


def _write(path: Path, text: str) -> None:
    half = path.with_suffix(".toml.new")
    half.write_text(text, encoding="utf-8")
    half.replace(path)


def sender_of(newsroom: Newsroom) -> str:
    """The bare address that mails come from."""
    return sender.read(newsroom.mail_from).address


def _asked(connections: Connections) -> str:
    ask, say = connections.ask, connections.explain
    example = EXAMPLE.read_text(encoding="utf-8")
    offered = list(tomllib.loads(example)["currencies"])
    say("Everything that readers see and pay is in one file. A few answers make it; the rest you change there.")
    spoken = ask.text(
        f"Languages, the default first ({', '.join(_PRODUCT)})", ",".join(_PRODUCT), check=_of([*_PRODUCT])
    )
    languages = spoken.split(",")
    names = {lang: ask.text(f"The newsroom's name ({lang})", check=_words) for lang in languages}
    mail_from = ask.text("Mails come from (an address of your domain)", check=_sender)
    chosen = ask.text(f"Currencies, the default first ({', '.join(offered)})", ",".join(offered), check=_of(offered))
    zone = ask.text("Time zone", "Europe/Kyiv", check=_zone)
    currencies = chosen.split(",")
    text = _set(example, "languages", json.dumps(languages))
    text = _set(text, "time_zone", json.dumps(zone))
    text = _set(text, "mail_from", json.dumps(mail_from, ensure_ascii=False))
    text = _set(text, "default_currency", json.dumps(currencies[0]))
    for section, words in (("name", "{name}"), ("product_name", "")):
        lines = {lang: (words or _PRODUCT[lang]).format(name=name) for lang, name in names.items()}
        body = "\n".join(f"{lang} = {json.dumps(line, ensure_ascii=False)}" for lang, line in lines.items())
        text = _replaced(text, section, body)
    text = re.sub(r"(?m)^show_supporters = true", "show_supporters = false", text)
    text = _replaced(text, "countries", _countries(example, currencies))
    for section in (*_DROPPED, *(part for code in offered if code not in currencies for part in _parts(code))):
        text = re.sub(rf"(?m)^\[{re.escape(section)}\]\n(?:(?!\[|# ----).*\n?)*", "", text)
    return re.sub(r"\A(#[^\n]*)\n", "# Your newsroom, in one file.\n", re.sub(r"\n{3,}", "\n\n", text))


def _countries(example: str, currencies: list[str]) -> str:
    """The example's countries, as far as their currencies are taken."""
    listed = tomllib.loads(example)["countries"]
    return "\n".join(f'{code} = "{currency}"' for code, currency in listed.items() if currency in currencies)


def _parts(code: str) -> tuple[str, str]:
    return f"currencies.{code}", f"currencies.{code}.earns"


def _replaced(text: str, section: str, body: str) -> str:
    """The text with another body in this section."""
    return re.sub(rf"(?m)^(\[{section}\][^\n]*\n)(?:(?!\[).*\n?)*", lambda at: f"{at[1]}{body}\n\n", text)


def _set(text: str, name: str, value: str) -> str:
    changed, count = re.subn(rf"(?m)^{name} = (\"[^\"]*\"|\[[^\]]*\])", lambda _: f"{name} = {value}", text, count=1)
    assert count, f"The example has no {name}."
    return changed


def _of(offered: list[str] | tuple[str, ...]) -> Check:
    def check(answer: str) -> str:
        parts = list(dict.fromkeys(part.strip().lower() for part in answer.split(",") if part.strip()))
        if not parts or not set(parts) <= set(offered):
            raise click.BadParameter(f"Write some of: {', '.join(offered)}, separated by commas.")
        return ",".join(parts)

    return check


def _words(answer: str) -> str:
    if not answer.strip():
        raise click.BadParameter("Write the name.")
    return answer.strip()


def _sender(answer: str) -> str:
    try:
        return str(sender.read(answer))
    except SenderWrong as error:
        raise click.BadParameter(f"Write {error}.") from None


def _zone(answer: str) -> str:
    if is_time_zone(answer):
        return answer
    raise click.BadParameter("Write a zone such as Europe/Kyiv.")


@click.group()
def newsroom() -> None:
    """The newsroom's own file, `newsroom.toml`."""


@newsroom.command()
@click.option("--file", "file", type=click.Path(path_type=Path), help="Another file than newsroom.toml.")
def check(file: Path | None) -> None:
    """Say whether the file is right; the first mistake, with what to write instead, and exit code 1 otherwise."""
    path = file or newsroom_file()
    if not path.exists():
        raise Refusal(f"There is no {path.name} yet. `python -m ops setup` makes one.")
    try:
        read = read_newsroom(path.read_bytes())
    except (NewsroomFileWrong, TextWrong) as error:
        raise Refusal(f"{path.name}: {error}") from None
    tiers = ", ".join(read.tier_names)
    say(f"{path.name} is right: {read.name[read.languages[0]]}.")
    say(f"languages {', '.join(read.languages)}; currencies {', '.join(read.currencies)}; tiers {tiers}.")
