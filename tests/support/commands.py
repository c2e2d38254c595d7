"""The operator's commands on a till."""

from click.testing import CliRunner, Result

from chalicelib import wiring
from ops.__main__ import main
from tests.support.harness import Harness


def command(harness: Harness, *words: str) -> Result:
    """`command(till, "totals", "--json")`, in this harness's environment; what it printed, and its exit code."""
    environ = {
        "SPILNO_STAGE": "local",
        "SPILNO_SITE_ID": harness.settings.site_id,
        "SPILNO_TABLE": harness.settings.table,
        "SPILNO_NEWSROOM": str(harness.settings.newsroom_file),
        "AWS_ENDPOINT_URL": str(harness.settings.aws_endpoint),
    }
    result = CliRunner().invoke(main, list(words), env=environ, catch_exceptions=False)
    wiring.install(harness)  # the command has wired the process anew
    return result
