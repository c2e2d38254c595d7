"""Negative controls: what is missing in the zip or in a role shows, so the story's success means something."""

import json
import os
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest

from testkit.calls import Reply
from testkit.waiting import until
from tests.deployed import house, sandbox, scenario
from tests.deployed.cloud import Cloud
from tests.deployed.conftest import package
from tests.deployed.deployment import (
    Deployment,
    FunctionFailed,
    deploy,
    set_up,
)
from tests.deployed.newsroom import DeployedNewsroom
from tests.deployed.operator import Operator
from tests.deployed.roles import Role
from tests.deployed.visitor import a_wish, visitor

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]


def starts_a_checkout(newsroom: DeployedNewsroom) -> Reply:
    return newsroom.visitor().post("/v1/checkouts", a_wish())


def asks_to_sign_in(newsroom: DeployedNewsroom) -> Reply:
    reader = newsroom.visitor()
    asked = reader.post("/v1/sign-in", {"email": reader.email})
    assert not newsroom.deployed.cloud.mails(reader.email)
    return asked


def asks_how_it_is(newsroom: DeployedNewsroom) -> Reply:
    return newsroom.visitor().get("/v1/health")


def looks_at_the_account(newsroom: DeployedNewsroom) -> Reply:
    return newsroom.once(scenario.signs_in).get("/account", Accept="text/html")


def signs_out(newsroom: DeployedNewsroom) -> Reply:
    signed_in = newsroom.once(scenario.signs_in)
    return replace(signed_in, cookies=dict(signed_in.cookies)).delete("/v1/session")


def starts_a_checkout_cold(newsroom: DeployedNewsroom) -> Reply:
    """Secrets are kept for five minutes; a new setting means a new process."""
    newsroom.deployed.set_environment(STRIPE_API_BASE=newsroom.stripe.url)
    return starts_a_checkout(newsroom)


@pytest.mark.parametrize(
    ("action", "drive", "status"),
    [
        ("dynamodb:GetItem", asks_how_it_is, 503),
        ("dynamodb:PutItem", starts_a_checkout, 503),
        ("dynamodb:UpdateItem", starts_a_checkout, 503),
        ("dynamodb:DeleteItem", signs_out, 503),
        ("dynamodb:Query", looks_at_the_account, 503),
        ("ses:SendEmail", asks_to_sign_in, 503),
        ("ses:SendRawEmail", asks_to_sign_in, 503),
        ("ssm:GetParameters", starts_a_checkout_cold, 503),
    ],
)
def test_the_api_without_one_action(
    newsroom: DeployedNewsroom, action: str, drive: Callable[[DeployedNewsroom], Reply], status: int
) -> None:
    newsroom.once(scenario.signs_in)
    with Role(newsroom.deployed, "APIHandler").without(action):
        answered = drive(newsroom)
    assert (answered.status, denied(newsroom)) == (status, {("APIHandler", action)})


def test_the_export_without_the_index(newsroom: DeployedNewsroom) -> None:
    """Half of what is held about somebody is not handed over as if it were all."""
    reader = newsroom.once(house.is_known)
    with Role(newsroom.deployed, "APIHandler").without("dynamodb:Query", "/index/"):
        assert reader.get("/v1/me/export").status == 503
    assert denied(newsroom) == {("APIHandler", "dynamodb:Query")}
    assert reader.get("/v1/me/export").status == 200


def test_the_sweep_without_the_index(newsroom: DeployedNewsroom) -> None:
    """It cannot even see what waits: the run fails, and its alarm with it."""
    with Role(newsroom.deployed, "Sweep").without("dynamodb:Query"), pytest.raises(FunctionFailed):
        newsroom.fire("Sweep")
    assert denied(newsroom) == {("Sweep", "dynamodb:Query")}


@pytest.mark.parametrize(
    ("ring", "function", "actions"),
    [
        ("undelivered", "ReconcileUndelivered", ("GetItem", "PutItem", "UpdateItem")),
        ("events", "ReconcileEvents", ("GetItem", "PutItem", "UpdateItem")),
        ("recurring", "ReconcileMoney", ("Query",)),
    ],
)
def test_a_ring_of_reconcile_without_one_action(
    newsroom: DeployedNewsroom, ring: str, function: str, actions: tuple[str, ...]
) -> None:
    """A ring that cannot go on says so in its answer, and by an alarm."""
    newsroom.once(scenario.gives_monthly)
    scenario.gives_while_deliveries_are_lost(newsroom)
    for action in actions:
        with Role(newsroom.deployed, function).without(f"dynamodb:{action}"):
            found = newsroom.fire(function)
        assert found[ring]["failed"], (action, found)
        assert denied(newsroom) == {(function, f"dynamodb:{action}")}


def test_the_sweep_without_one_action(newsroom: DeployedNewsroom) -> None:
    """An event that waits, stored by a ring that could not go on, stays one that waits."""
    scenario.gives_while_deliveries_are_lost(newsroom)
    with Role(newsroom.deployed, "ReconcileUndelivered").without("dynamodb:UpdateItem"):
        newsroom.fire("ReconcileUndelivered")
    denied(newsroom)
    for action in ("UpdateItem", "GetItem", "PutItem"):
        newsroom.a_minute_passes()
        with Role(newsroom.deployed, "Sweep").without(f"dynamodb:{action}"):
            newsroom.fire("Sweep")
        assert denied(newsroom) == {("Sweep", f"dynamodb:{action}")}
        assert newsroom.waiting()
    newsroom.a_minute_passes()
    newsroom.fire("Sweep")
    assert not newsroom.waiting(), "with its whole role it applies what is left"


@pytest.mark.parametrize("action", ["dynamodb:GetItem", "dynamodb:UpdateItem"])
def test_mail_feedback_without_one_action(newsroom: DeployedNewsroom, action: str) -> None:
    refused: set[tuple[str, str]] = set()

    def noticed() -> bool:
        refused.update(denied(newsroom))
        return bool(refused)

    with Role(newsroom.deployed, "MailFeedback").without(action):
        scenario.ses_tells_of_a_bounce(newsroom, "somebody@reader.example")
        until(noticed, "the function to be refused")
    assert refused == {("MailFeedback", action)}


_seen: set[int] = set()


def denied(newsroom: DeployedNewsroom) -> set[tuple[str, str]]:
    """Who was refused what since the last look."""
    names = {physical: name for name, physical in newsroom.deployed.functions.items()}
    questions = newsroom.deployed.cloud.questions()
    fresh = [one for at, one in enumerate(questions) if at not in _seen]
    _seen.update(range(len(questions)))
    return {(names[one.who.rpartition("/")[2]], one.action) for one in fresh if not one.allowed}


def test_a_zip_without_pydantic_fails(clouds: Callable[[], AbstractContextManager[Cloud]]) -> None:
    """It is in no other place that a function could find it: neither local AWS's packages nor ours leak in."""
    with clouds() as cloud:
        deployed = deploy(cloud, package("dev"), "dev", without="pydantic")
        reader = visitor(deployed.api)
        assert reader.get("/v1/health").status == 200, "which needs no pydantic"
        answered = reader.post("/v1/checkouts", a_wish())
        assert answered.status == 500
        assert any("ModuleNotFoundError" in line for line in deployed.log("APIHandler"))


def test_prod_is_deployed_too(clouds: Callable[[], AbstractContextManager[Cloud]]) -> None:
    """From its own template, with a live key; nothing is sold here, as nothing stands in for Stripe's live mode."""
    with clouds() as cloud:
        prod = package("prod")
        deployed = deploy(cloud, prod, "prod")
        reader = visitor(deployed.api)
        assert reader.get("/v1/health").json["version"] == prod.manifest["version"]
        assert reader.get("/v1/newsroom").json["livemode"] is True
        table = cloud.client("dynamodb").describe_table(TableName="spilno-prod")["Table"]
        assert table["DeletionProtectionEnabled"] is True


def test_ops_deploy_puts_it_into_effect(clouds: Callable[[], AbstractContextManager[Cloud]], tmp_path: Path) -> None:
    """The same package by the operator's own command, twice: the second time nothing would change."""
    # `deploy` refuses a package of other code than lies there, so this is about the code of this very moment.
    dev = package.__wrapped__("dev")
    template = dev.template()
    (tmp_path / "template.json").write_text(json.dumps(template))
    arguments = ("deploy", "--yes", "--directory", str(dev.directory), "--template", str(tmp_path / "template.json"))
    with clouds() as cloud:
        set_up(cloud, "dev")
        operator = Operator(cloud, tmp_path)
        assert "Deployed." in operator.run("dev", *arguments)
        reader = visitor(Deployment(cloud, "dev").api)
        assert reader.get("/v1/health").json["version"] == dev.manifest["version"]
        assert "Nothing would change" in operator.run("dev", *arguments)


@pytest.mark.parametrize(
    ("does", "told"),
    [
        ("open('/var/task/a file', 'w')", "/var/task/a file"),
        ("import os; os.mkdir('/var/task/a folder')", "/var/task/a folder"),
        ("import socket; socket.socket().connect(('192.0.2.1', 443))", "192.0.2.1"),
    ],
)
def test_the_runtime_refuses_to_write_and_to_leave(lambda_python: Path, does: str, told: str) -> None:
    done = subprocess.run([lambda_python, "-c", does], capture_output=True, text=True, env={}, check=False)
    assert done.returncode == 1
    assert sandbox.TOLD in done.stderr
    assert told in done.stderr


def test_the_runtime_has_boto3_and_nothing_of_ours_or_of_local_awss(lambda_python: Path) -> None:
    environment = {"HOME": "/root", "TMPDIR": "/root", "STATE_DIR": "/root", "PATH": os.defpath, "LANG": "C.UTF-8"}
    asked = (
        "import os, importlib.util as look; import boto3\n"
        "print(sorted(os.environ), [n for n in ('pydantic', 'ministack', 'yaml', 'pytest', 'pip', 'chalice') "
        "if look.find_spec(n)])"
    )
    done = subprocess.run([lambda_python, "-c", asked], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.strip() == "['LANG', 'PATH'] []"
