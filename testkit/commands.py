"""The operator's commands on a newsroom of a test's own."""

from click.testing import CliRunner, Result

from ops.__main__ import main
from testkit.harness import Harness


def command(harness: Harness, *words: str) -> Result:
    """`command(harness, "totals", "--json")`: what it printed, and its exit code."""
    return CliRunner().invoke(
        main, list(words), env={"SPILNO_STAGE": "local"}, obj=harness.wiring, catch_exceptions=False
    )
