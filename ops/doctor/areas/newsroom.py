"""The newsroom's own file: whether it has mistakes, or is still the demo's."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.i18n.texts import TextWrong
from chalicelib.newsroom.editor import hold_against
from chalicelib.newsroom.file import NewsroomFileWrong
from chalicelib.newsroom.rules import Newsroom
from chalicelib.newsroom.texts import read
from ops.doctor.findings import Finding, note, ok, problem, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject


@dataclass(frozen=True)
class Facts:
    """The newsroom's file as read. `mistake` is the sentence that names one; then `newsroom` is None."""

    file: str
    newsroom: Newsroom | None
    mistake: str
    demo: bool
    prod: bool


def read_newsroom(subject: Subject) -> Facts:
    """Read the file that this stage runs with, as the app would."""
    path = subject.newsroom_file
    demo = path.name == "newsroom.toml" and path.parent.name == "chalicelib"
    try:
        newsroom = hold_against(read(path.read_bytes()), subject.site_origins)
    except (NewsroomFileWrong, TextWrong) as error:
        return Facts(path.name, None, str(error), demo, subject.prod)
    except OSError as error:
        return Facts(path.name, None, f"The newsroom's file cannot be read: {error}.", demo, subject.prod)
    return Facts(path.name, newsroom, "", demo, subject.prod)


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Report the first mistake, in the app's words, or that the file is still the demo's."""
    if facts.mistake:
        yield problem("newsroom_mistake", facts.mistake, f"Correct {facts.file}, then: python -m ops newsroom check.")
    elif facts.demo and facts.prod:
        yield problem(
            "newsroom_demo",
            "There is no newsroom.toml, so this newsroom would go out under the demo's name.",
            "python -m ops setup --stage prod makes one and asks for your own name, currencies and sender.",
        )
    else:
        yield ok("newsroom", "The newsroom's file has no mistake.")
        yield from _legal(facts)


def _legal(facts: Facts) -> Iterable[Finding]:
    """Receipts name who received the money; a tax text is shown to whoever gave, so somebody must answer for it."""
    if facts.newsroom is None:
        return
    legal = facts.newsroom.legal
    if not legal.name:
        yield warning(
            "newsroom_legal",
            "Receipts and yearly statements do not say which organisation received the money.",
            f"Write its name and address into [legal] of {facts.file}. Receipts with a number keep what they say.",
        )
    if legal.tax_text:
        yield note(
            "newsroom_tax_text",
            "Yearly statements carry a tax text of the newsroom's own.",
            "Have somebody who knows your law look at it once a year.",
        )


PROBES = (Probe("newsroom", "the newsroom's file", read_newsroom, check),)
