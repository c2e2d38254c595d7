"""What every command starts from: the wiring of this environment."""

import sys
from pathlib import Path

import click
from dotenv import load_dotenv

from chalicelib import settings, wiring
from chalicelib.domain.newsroom_file import NewsroomError
from chalicelib.i18n.texts import TextError
from chalicelib.settings import SettingsError

_ENV_FILE = Path(__file__).resolve().parent.parent / ".env"


def connect() -> wiring.Wiring:
    """The wiring of this environment, with `.env` as `make run` reads it. A wrong setting ends the command."""
    load_dotenv(_ENV_FILE, override=False)
    try:
        chosen = settings.from_environment()
        if chosen.local:
            # On the local stack, business time is the stack's movable clock.
            from localdev.wired import install_business_clock

            wired = install_business_clock()
        else:
            wired = wiring.Wiring(chosen)
            wiring.install(wired)
        assert wired.newsroom, "Read here, so that a mistake in it is told before anything is done."
    except (SettingsError, NewsroomError, TextError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    return wired
