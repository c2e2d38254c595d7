"""The operator's commands: `python -m ops --help`."""

import logging
import sys

import click

from chalicelib.aws.secrets import SecretsUnavailable
from chalicelib.kernel.errors import Problem
from chalicelib.kernel.table import TableUnavailable
from chalicelib.rails.stripe.port import StripeRefused, StripeUnavailable
from chalicelib.settings import SettingsWrong
from ops.api_keys import keys
from ops.articles.command import articles
from ops.books import ledger, totals
from ops.cost import cost
from ops.days import days
from ops.deploy import deploy
from ops.doctor.command import doctor
from ops.erase import erased
from ops.mail import mail
from ops.output import say
from ops.people import grant, supporter
from ops.rebuild import rebuild_command
from ops.receipts import receipts
from ops.reconcile import reconcile
from ops.rehearse import rehearse
from ops.robots import robots_command
from ops.rotate import rotate
from ops.setup.command import setup
from ops.setup.newsroom import newsroom
from ops.statements import statements
from ops.upgrade import upgrade_command
from ops.won_back import won_back_command
from ops.work import count_supporters, inbox, sweep


@click.group()
@click.option("--stage", help="local, dev or prod; without it what SPILNO_STAGE says, else local.")
def main(stage: str | None) -> None:
    """Spilno's commands for the people who run it. `--json` is for machines.

    Without --stage they work on the local stack; with it on what stages/<stage>.toml describes, and they say so.
    """


for command in (ledger, totals, supporter, grant, inbox, mail, sweep, reconcile, rebuild_command, keys, rehearse):
    main.add_command(command)
for command in (
    receipts,
    setup,
    newsroom,
    deploy,
    upgrade_command,
    doctor,
    count_supporters,
    won_back_command,
    erased,
    days,
):
    main.add_command(command)
main.add_command(statements)
main.add_command(rotate)
main.add_command(articles)
main.add_command(robots_command)
main.add_command(cost)


def run() -> None:
    """Run a command. A refusal ends it with one sentence on standard error and exit code 1, never a stack trace."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        main(prog_name="ops")
    except (Problem, SettingsWrong, StripeRefused) as error:
        _end(str(error))
    except (TableUnavailable, StripeUnavailable, SecretsUnavailable) as error:
        _end(_unanswered(error))


def _unanswered(error: Exception) -> str:
    """What keeps a command from working, and the likeliest reason."""
    if str(error) == "ResourceNotFoundException":
        return (
            "There is no such table. On a deployed stage: was `python -m ops deploy` run, and does TableInUse in the "
            "stage file name a table that is there? On this machine `make run` makes it."
        )
    return f"No answer from outside ({error}). Is the stack running, and is this its environment?"


def _end(sentence: str) -> None:
    say(sentence, err=True)
    sys.exit(1)


if __name__ == "__main__":
    run()
