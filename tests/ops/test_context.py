"""Which stage a command works on: local stays local, a deployed one takes nothing from a shell set up for another."""

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import click
import pytest
from click.testing import CliRunner, Result

from chalicelib import settings, wiring
from chalicelib.kernel import keys
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.supporters.rows.supporters import email_hash
from localdev.aws import CREDENTIALS
from ops import context, stages
from ops.__main__ import main, run
from ops.stages import SECRET_NAMES, Stage, StageWrong
from testkit.engine import Engine, make_table

PROD = Stage(
    "prod",
    "eu-central-1",
    "spilno-prod",
    "a-bucket",
    "",
    {
        "SiteId": "herald",
        "PublicUrl": "https://herald.example/support",
        "SiteOrigins": "https://herald.example",
        "PaymentMethods": "pmc_1",
        "PortalConfiguration": "bpc_1",
        "Product": "prod_1",
    },
)


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """A shell without any setting, with a stage file for prod, and the process as it was afterwards."""
    for name in ("SPILNO_STAGE", "SPILNO_TABLE", "SPILNO_SITE_ID", "SPILNO_PUBLIC_URL", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SPILNO_STAGES", str(tmp_path))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", CREDENTIALS["aws_access_key_id"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", CREDENTIALS["aws_secret_access_key"])
    stages.write(PROD, tmp_path)
    yield monkeypatch
    wiring.uninstall()
    boto3.DEFAULT_SESSION = None


def test_nothing_said_is_local(shell: pytest.MonkeyPatch) -> None:
    assert context.chosen_stage() == "local"
    shell.setenv("SPILNO_STAGE", "dev")
    assert context.chosen_stage() == "dev"


def test_an_option_of_the_group_is_heard_by_every_command() -> None:
    group = click.Group("ops", params=[click.Option(["--stage"])])
    heard: list[str] = []
    group.command("hear")(lambda: heard.append(context.chosen_stage()))
    group.main(["--stage", "prod", "hear"], standalone_mode=False)
    assert heard == ["prod"]


def test_two_places_that_name_different_stages_are_refused(shell: pytest.MonkeyPatch) -> None:
    shell.setenv("SPILNO_STAGE", "dev")
    with pytest.raises(StageWrong, match=r"'prod'.*'dev'"):
        context.chosen_stage("prod")
    with pytest.raises(StageWrong, match="'local'"):
        context.chosen_stage("local")
    shell.delenv("SPILNO_STAGE")
    with pytest.raises(StageWrong, match="no deployed stage"):
        context.chosen_stage("production")


def test_the_stage_file_fills_the_settings_and_the_shells_secrets_are_left_out() -> None:
    environ = {"PATH": "/bin", **{name: f"canary:{name}" for name in SECRET_NAMES}}
    filled = context.environment_of(PROD, environ)
    assert "canary" not in str(filled)
    chosen = settings.from_environment(filled)
    assert (chosen.stage, chosen.site_id, chosen.table) == ("prod", "herald", "spilno-prod")
    assert (chosen.payment_methods, chosen.portal, chosen.mail_set) == ("pmc_1", "bpc_1", "spilno-prod")
    assert chosen.public_url == "https://herald.example/support"
    assert chosen.secrets == {}
    assert chosen.seal_keys == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SPILNO_TABLE", "spilno-local"),
        ("SPILNO_SITE_ID", "demo"),
        ("SPILNO_PUBLIC_URL", "http://127.0.0.1:8000"),
        ("SPILNO_STAGE", "dev"),
    ],
)
def test_a_shell_that_is_set_up_for_another_stage_is_refused(name: str, value: str) -> None:
    with pytest.raises(StageWrong, match=f"{name} is '{value}'"):
        context.environment_of(PROD, {name: value})
    same = settings.from_environment(context.environment_of(PROD, {}))
    assert context.environment_of(PROD, {"SPILNO_PUBLIC_URL": f"{same.public_url}/"})


def test_a_command_on_a_deployed_stage_says_where_it_works(
    shell: pytest.MonkeyPatch, ministack: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.setenv("AWS_ENDPOINT_URL", ministack.endpoint)
    shell.setenv("SPILNO_STAGE", "prod")
    wired = context.connect()
    assert wired.settings.table == "spilno-prod"
    assert not wired.settings.local
    said = capsys.readouterr()
    assert said.err == f"Stage prod: spilno-prod in eu-central-1, account 000000000000, at {ministack.endpoint}.\n"
    assert said.out == ""


def test_a_stage_that_was_never_set_up_says_so_and_asks_for_no_settings(
    shell: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.setenv("SPILNO_STAGE", "dev")
    with pytest.raises(SystemExit) as ended:
        context.connect()
    assert ended.value.code == 2
    assert "ops setup --stage dev" in capsys.readouterr().err


def test_a_stage_that_is_not_deployed_yet_is_told_so(
    shell: pytest.MonkeyPatch, ministack: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody who ran setup, and tries a command before the first deployment."""
    shell.setenv("AWS_ENDPOINT_URL", ministack.endpoint)
    stages.write(Stage("dev", "eu-west-2", "spilno-dev", "a-bucket", "", dict(PROD.parameters)), tmp_path)
    shell.setattr("sys.argv", ["ops", "--stage", "dev", "totals"])
    with pytest.raises(SystemExit) as ended:
        run()
    assert ended.value.code == 1
    assert "There is no such table. On a deployed stage: was `python -m ops deploy` run" in capsys.readouterr().err


def test_another_account_and_no_account_are_refused(
    shell: pytest.MonkeyPatch, ministack: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    shell.setenv("AWS_ENDPOINT_URL", ministack.endpoint)
    with pytest.raises(StageWrong, match=r"account 000000000000.*is in 111122223333"):
        context.enter(Stage("prod", "eu-central-1", "s", "b", "111122223333"))
    shell.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    shell.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(StageWrong, match="who you are"):
        context.enter(PROD)
    assert capsys.readouterr().err == ""


def test_an_operators_command_works_on_a_deployed_stage_with_the_stores_secrets(
    shell: pytest.MonkeyPatch, ministack: Engine, tmp_path: Path
) -> None:
    """A grant, found again by its address: both need the stage's own table and its own key of addresses."""
    shell.setenv("AWS_ENDPOINT_URL", ministack.endpoint)
    shell.setenv("SPILNO_EMAIL_KEY", "canary-of-another-stages-key")
    stage = Stage("dev", "eu-west-3", "spilno-dev", "a-bucket", "", dict(PROD.parameters))
    stages.write(stage, tmp_path)
    clients = {
        name: boto3.client(name, region_name=stage.region, endpoint_url=ministack.endpoint)
        for name in ("dynamodb", "ssm")
    }
    make_table(clients["dynamodb"], stage.table)
    where = stage.secret_path("SPILNO_EMAIL_KEY")
    clients["ssm"].put_parameter(Name=where, Value="the-stages-own-key-of-addresses", Type="SecureString")

    def ops(*words: str) -> Result:
        boto3.DEFAULT_SESSION = None
        return CliRunner().invoke(main, ["--stage", "dev", *words], catch_exceptions=False)

    granted = ops(
        "grant", "ada@example.org", "--tier", "member", "--until", "2099-01-01", "--reason", "bank transfer"
    )
    assert granted.exit_code == 0, granted.output
    assert granted.stderr.startswith("Stage dev: spilno-dev in eu-west-3")
    found = ops("supporter", "ada@example.org", "--json")
    assert json.loads(found.stdout)["access"]["tier"] == "member", "standard output is for machines alone"
    pk, sk = keys.email(email_hash(EmailAddress("ada@example.org"), "the-stages-own-key-of-addresses"))
    assert clients["dynamodb"].get_item(TableName=stage.table, Key={"pk": {"S": pk}, "sk": {"S": sk}}).get("Item")
    clients["dynamodb"].delete_table(TableName=stage.table)
    clients["ssm"].delete_parameter(Name=where)
