"""`doctor`."""

import sys
from typing import TYPE_CHECKING

import click
from dotenv import load_dotenv

from chalicelib.settings import SettingsWrong
from ops import stages
from ops.context import chosen_stage
from ops.output import emit, one_line, say

if TYPE_CHECKING:
    from ops.doctor.subject import Subject

# As in `areas`, which is imported on use: it imports boto3, stripe, a resolver and the public suffix list.
AREAS = ("clock", "newsroom", "aws", "table", "site", "machines", "stripe", "books", "mail", "dns")


@click.command()
@click.option(
    "--stage", type=click.Choice(("local", *stages.DEPLOYED)), help="Which one; local when nothing is said."
)
@click.option("--only", type=click.Choice(AREAS), multiple=True, help="Only this area; may be given several times.")
@click.option("--all", "everything", is_flag=True, help="Tell what is fine one by one, too.")
@click.option("--seconds", type=click.IntRange(1, 600), default=25, show_default=True, help="That a check may take.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--leaks", is_flag=True, help="Look for gated text on these pages; without any, on the articles' own.")
@click.option(
    "--requests",
    "budget",
    type=click.IntRange(1, 5000),
    default=300,
    show_default=True,
    help="With --leaks: at most so many.",
)
@click.argument("urls", nargs=-1, metavar="[URL]...")
def doctor(
    stage: str | None,
    only: tuple[str, ...],
    urls: tuple[str, ...],
    *,
    everything: bool,
    seconds: int,
    as_json: bool,
    leaks: bool,
    budget: int,
) -> None:
    """Look at everything that can be wrong, and say how to mend it. Changes nothing.

    Ends with code 1 when there is a problem. What could not be checked is said; it hides nothing else.

    `doctor --leaks [URL]...` reads pages, feeds, sitemaps and other versions of gated articles with a stranger's eyes
    and looks for their sentences.
    """
    from ops.doctor import report
    from ops.doctor.areas import PROBES
    from ops.doctor.examine import examine

    if urls and not leaks:
        raise click.UsageError("Addresses belong to --leaks.")
    subject = _subject(stage)
    if leaks:
        from ops.doctor.leaks.command import look_for_leaks

        sys.exit(look_for_leaks(subject, urls, budget=budget, as_json=as_json))
    probes = [probe for probe in PROBES if not only or probe.area in only]
    done = examine(probes, subject, now=subject.now(), seconds=seconds)
    if as_json:
        emit(report.as_json(done, subject))
    else:
        for line in report.lines(done, subject, everything=everything):
            say(one_line(line))
    if report.worst(done) == "problem":
        sys.exit(1)


def _subject(stage: str | None) -> "Subject":
    """The stage to examine. A setting that stops everything ends the command with one sentence and exit code 2."""
    from ops.doctor.subject import deployed_subject, local_subject

    try:
        name = chosen_stage(stage)
        if name != "local":
            return deployed_subject(name)
        load_dotenv(stages.ROOT / ".env", override=False)
        return local_subject()
    except (SettingsWrong, stages.StageWrong) as error:
        say(str(error), err=True)
        sys.exit(2)
