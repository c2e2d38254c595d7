"""python -m localdev, which is `make run`: the whole local stack in one terminal."""

import os
import sys

import click
from dotenv import load_dotenv

from chalicelib import settings
from localdev import aws, parts
from localdev.data_lock import DataInUse, lock
from localdev.port_check import SETTINGS, complaints
from localdev.ports import ROOT, Ports, data_directory, ports
from localdev.stripe import set_up
from localdev.supervisor import Supervisor, run, say
from localdev.welcome import welcome

OPTIONAL = ("site", "stripe", "mailbox", "scheduler", "app")


@click.command()
@click.option("--without", multiple=True, type=click.Choice(OPTIONAL), help="leave a part out, to run your own")
def main(without: tuple[str, ...]) -> None:
    """Start the local stack and stay until Ctrl-C. The data stays in .local/, or where SPILNO_DATA says."""
    load_dotenv(ROOT / ".env", override=False)
    chosen = _ports()
    _check_settings()
    if not aws.PYTHON.exists():
        sys.exit("Local AWS is not set up yet. Call `make run`, which does that first.")
    data = data_directory()
    os.environ.update({**set_up.with_ids(os.environ), "SPILNO_DATA": str(data)})
    try:
        held = lock(data, say)
    except DataInUse as error:
        sys.exit(str(error))
    if taken := complaints(chosen, _needed(without)):
        sys.exit("\n".join(taken))
    say("Starting the local stack ...")
    sys.exit(run(Supervisor(chosen, data, held, without), welcome(chosen, data, os.environ)))


def _ports() -> Ports:
    for setting, _ in SETTINGS.values():
        value = os.environ.get(setting, "")
        if value and not value.isdecimal():
            sys.exit(f"{setting} is '{value}'. Write a port number, such as 8000.")
    return ports()


def _check_settings() -> None:
    stage = os.environ.get("SPILNO_STAGE") or "local"
    if stage != "local":
        sys.exit(f"SPILNO_STAGE is '{stage}'. The local stack is only ever 'local'; unset it to run one.")
    try:
        settings.from_environment()
    except settings.SettingsWrong as error:
        sys.exit(str(error))


def _needed(without: tuple[str, ...]) -> list[str]:
    left_out = {"mail" if part == "mailbox" else part for part in without}
    if not parts.needs_stand_in(os.environ):
        left_out.add("stripe")
    return [name for name in SETTINGS if name not in left_out]


main()
