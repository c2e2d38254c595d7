"""`rehearse`."""

import logging
import secrets
import signal
import sys

import click

from chalicelib.observing.log_context import LOGGER
from ops.output import emit, say
from ops.rehearsal.figures import Figures

_MOST_WORDS = 20


@click.command()
@click.option("--supporters", type=click.IntRange(1, 5000), default=300, show_default=True)
@click.option("--months", type=click.IntRange(1, 60), default=12, show_default=True)
@click.option("--seed", type=click.IntRange(0), help="Play the same lives and the same trouble again.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object; amounts in minor units.")
@click.option("--all-types", is_flag=True, help="A webhook endpoint of every type that has a handler.")
@click.option("--keep", is_flag=True, help="Leave the stack's data and logs, and say where.")
def rehearse(*, supporters: int, months: int, seed: int | None, as_json: bool, all_types: bool, keep: bool) -> None:
    """Play a year of a newsroom in which everything goes wrong that may, and hold the books against the truth.

    On a local stack of its own, which it starts and ends: one that runs already is left alone. Webhooks are lost,
    doubled and mixed, Stripe and the table fail, processes are killed. Ends with code 1 unless nothing was lost,
    doubled or left unexplained.
    """
    from ops.rehearsal.stack import StackFailed, own_stack
    from ops.rehearsal.year import Year

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the stack is ended and its data removed
    logging.getLogger(LOGGER).setLevel(logging.CRITICAL)  # alarms are a part of the play
    chosen = secrets.randbelow(1_000_000) if seed is None else seed
    say(f"Seed {chosen}. Starting a stack of its own ...", err=True)
    try:
        with own_stack(chosen, keep=keep) as stack:
            if keep:
                say(f"Its data and logs stay in {stack.data}.", err=True)
            year = Year(stack, chosen, supporters, months, all_types=all_types)
            with click.progressbar(
                year.steps(),
                label="A year goes by",
                item_show_func=lambda step: step.name if step else None,
                file=sys.stderr,
            ) as steps:
                for step in steps:
                    if not year.play(step):
                        break
            figures = year.told()
    except StackFailed as error:
        say(str(error), err=True)
        sys.exit(1)
    _show(figures, as_json=as_json)
    if not figures.passed:
        sys.exit(1)


def _show(figures: Figures, *, as_json: bool) -> None:
    if as_json:
        emit(figures.as_json())
    else:
        rows = list(figures.rows())
        width = max(len(name) for name, _ in rows)
        for name, value in rows:
            say(f"{name.ljust(width)}  {value}".rstrip())
    for word in figures.found.words[:_MOST_WORDS]:
        say(word, err=True)
    if (more := len(figures.found.words) - _MOST_WORDS) > 0:
        say(f"... and {more} more.", err=True)
