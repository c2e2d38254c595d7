"""A newcomer's afternoon: an AWS account of its own on ministack, a Stripe stand-in, and everything watched."""

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import botocore.loaders
import pytest
from click.testing import CliRunner, Result

from ops.setup.command import setup
from ops.setup.outside import Outside
from testkit.engine import Engine
from testkit.stand_in import CheckingClient, Json, StandIn, running

KEY = "rk_test_canaryOfStripesSecretKey"
REGION = "eu-central-1"
_LOADER: Any = botocore.loaders.create_loader()
_READS = ("Get", "List", "Describe", "Head")


class Died(KeyboardInterrupt):
    """Ctrl-C, at a moment that the test chose."""


@dataclass
class Watch:
    """Every call that changes something, in order: `ssm PutParameter`, `POST /v1/webhook_endpoints`.

    `die_once_at_each`: the run ends right after each such call was made, once for each name.
    """

    writes: list[str] = field(default_factory=list)
    die_once_at_each: bool = False
    died_at: set[str] = field(default_factory=set)

    def after(self, write: str) -> None:
        """Called when a write has been made, before its answer is seen."""
        self.writes.append(write)
        if self.die_once_at_each and write not in self.died_at:
            self.died_at.add(write)
            raise Died


class WatchedStripe(CheckingClient):
    """The SDK's own HTTP client; answers are held against Stripe's types, writes are watched."""

    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def request(self, method: str, url: str, *more: Any, **named: Any) -> Any:
        """One request, as the SDK makes it."""
        answered = super().request(method, url, *more, **named)
        if method != "get":
            self._watch.after(f"{method.upper()} {url.partition('/v1')[2].partition('?')[0]}")
        return answered


class WithMailFrom:
    """SES as ministack plays it, and the one call that it does not: the MAIL FROM domain."""

    def __init__(self, ses: Any, kept: dict[str, Json], watch: Watch) -> None:
        self._ses, self._kept, self._watch = ses, kept, watch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ses, name)

    def put_email_identity_mail_from_attributes(self, **asked: str) -> None:
        """https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_PutEmailIdentityMailFromAttributes.html."""
        identity = asked.pop("EmailIdentity")
        assert asked["MailFromDomain"].endswith(f".{identity}"), "SES wants a subdomain of the identity"
        assert set(asked) == {"MailFromDomain", "BehaviorOnMxFailure"}
        self._kept[identity] = {**asked, "MailFromDomainStatus": "PENDING"}
        self._watch.after("sesv2 PutEmailIdentityMailFromAttributes")

    def get_email_identity(self, **asked: str) -> Json:
        """With the MAIL FROM domain that was put."""
        found = self._ses.get_email_identity(**asked)
        kept = self._kept.get(asked["EmailIdentity"], found.get("MailFromAttributes", {}))
        return {**found, "MailFromAttributes": kept}


class WatchedOutside(Outside):
    """Clients of the test's own account and stand-in."""

    def __init__(self, session: Any, watch: Watch) -> None:
        super().__init__(session, WatchedStripe(watch))
        self._watch, self._mail_from = watch, dict[str, Json]()
        session.events.register("after-call", self._seen)

    def aws(self, service: str, region: str) -> Any:
        """A client; SES with what ministack lacks."""
        client = super().aws(service, region)
        return WithMailFrom(client, self._mail_from, self._watch) if service == "sesv2" else client

    def _seen(self, model: Any, http_response: Any, **_: Any) -> None:
        if not model.name.startswith(_READS) and http_response.status_code < 300:
            self._watch.after(f"{model.service_model.service_name} {model.name}")


@dataclass
class Newcomer:
    """Somebody at a terminal. `answers` are what they type in a fresh setup, question by question."""

    stripe: StandIn
    outside: WatchedOutside
    watch: Watch
    directory: Path
    site: str

    @property
    def url(self) -> str:
        """Their public address."""
        return f"https://{self.site}.example/support"

    @property
    def answers(self) -> list[str]:
        """A fresh setup of dev, from the region to the portal's links."""
        newsroom = ["uk,en", "Голос міста", "Town Voice", f"hi@{self.site}.example", "eur,pln", "Europe/Kyiv"]
        stage = [self.site, self.url, "", "", "n", "n"]
        return [REGION, *newsroom, *stage, KEY, "", ""]

    @property
    def answers_of_prod(self) -> list[str]:
        """The same for prod, which has alarms and asks who gets them."""
        at = self.answers.index(self.site) + 4
        return [*self.answers[:at], f"desk@{self.site}.example", *self.answers[at:]]

    @property
    def stage_file(self) -> Path:
        """stages/dev.toml."""
        return self.directory / "stages" / "dev.toml"

    def run(self, *flags: str, answers: list[str] | None = None, **environ: str) -> Result:
        """`ops setup --stage dev`; `answers` are typed, else nothing is."""
        self.watch.writes.clear()
        env = {
            "SPILNO_STAGES": str(self.directory / "stages"),
            "SPILNO_NEWSROOM": str(self.directory / "newsroom.toml"),
            "SPILNO_STAGE": "",
            "STRIPE_API_BASE": self.stripe.url,
            "STRIPE_SECRET_KEY": "",
            "STRIPE_SETUP_KEY": "",
            "AWS_REGION": "",
        } | environ
        flags = flags if "--stage" in flags else ("--stage", "dev", *flags)
        typed = "\n".join(answers or []) + "\n" if answers else ""
        return CliRunner().invoke(setup, flags, input=typed, env=env, obj=self.outside)

    def silent(self) -> Result:
        """Once more, with what is there."""
        result = self.run("--yes")
        assert result.exit_code == 0, result.output
        return result

    def aws(self, service: str) -> Any:
        """A client of the test's own, unwatched."""
        clean = self.outside.session.get_credentials()
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.endpoint,
            aws_access_key_id=clean.access_key,
            aws_secret_access_key="local",
        )

    endpoint: str = ""

    @property
    def secrets(self) -> dict[str, str]:
        """What lies in the parameter store."""
        found = self.aws("ssm").get_parameters_by_path(Path="/spilno/dev", WithDecryption=True)["Parameters"]
        assert {one["Type"] for one in found} <= {"SecureString"}
        return {one["Name"].rpartition("/")[2]: one["Value"] for one in found}

    def endpoints(self) -> list[Json]:
        """Our webhook endpoints at Stripe, newest first."""
        listed = self.stripe.client.webhook_endpoints.list({"limit": 100}).data
        found = [one.to_dict() for one in listed]
        return [one for one in found if one["metadata"].get("spilno") == self.site]


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """One Stripe account for the module; each test has a site id of its own."""
    with running(tmp_path_factory.mktemp("stripe"), KEY) as made:
        yield made


@pytest.fixture
def newcomer(
    stand_in: StandIn, ministack: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Newcomer]:
    """Nothing is there yet."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", ministack.endpoint)
    # ministack takes twelve digits as an account of its own, so tests do not see each other's parameters.
    account = str(10**11 + uuid.uuid4().int % 10**11)
    session = boto3.Session(aws_access_key_id=account, aws_secret_access_key="local")
    # Reading AWS's descriptions of its services is most of a run; one loader for all tests reads them once.
    session._session.register_component("data_loader", _LOADER)
    watch = Watch()
    site = f"voice{account}"
    made = Newcomer(stand_in, WatchedOutside(session, watch), watch, tmp_path, site, ministack.endpoint)
    yield made
    for one in made.endpoints():
        stand_in.client.webhook_endpoints.delete(one["id"])
    shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.fixture
def settled(newcomer: Newcomer) -> Newcomer:
    """Set up once, completely."""
    result = newcomer.run(answers=newcomer.answers)
    assert result.exit_code == 0, result.output
    return newcomer
