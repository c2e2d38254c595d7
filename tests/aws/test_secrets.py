"""Secrets are decrypted once, by their exact names, again when they changed, and outlive the store's bad minutes."""

from collections.abc import Iterator, Sequence

import boto3
import pytest

from chalicelib.aws import clients
from chalicelib.aws.secrets import ASKED_AGAIN_AFTER, KEPT_FOR, Parameter, Secrets, SecretsUnavailable
from chalicelib.settings import SECRETS, Settings, SettingsWrong, from_environment
from chalicelib.wiring import Wiring
from testkit.engine import Engine

PATH = "/spilno/dev/"
DEPLOYED = {
    "SPILNO_STAGE": "dev",
    "SPILNO_SITE_ID": "herald",
    "SPILNO_PUBLIC_URL": "https://news.example/support",
    "SPILNO_TABLE": "spilno-dev",
    "SPILNO_PASS_KEYS": "a:3f9c1e7ab2d04856c7e1f0a9b8d2463e",
}


class Clock:
    """Seconds that a test moves."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Store(Secrets):
    """Secrets of a store that a test holds; notes what it is asked for, and what of that it has to decrypt."""

    def __init__(self, clock: Clock, **stored: str) -> None:
        super().__init__(from_environment(DEPLOYED), clock)
        self.stored = stored
        self.versions: dict[str, str] = {}
        self.writes = 0
        self.asked: list[tuple[str, ...]] = []
        self.decrypted: list[str] = []
        self.down = False

    def put(self, name: str, value: str) -> None:
        self.stored[name] = value
        self.writes += 1
        self.versions[name] = f"written {self.writes}"

    def _from_ssm(self, names: Sequence[str], *, decrypted: bool) -> dict[str, Parameter]:
        self.asked.append(tuple(names))
        if self.down:
            raise SecretsUnavailable("EndpointConnectionError")
        there = [name for name in names if name in self.stored]
        if decrypted:
            self.decrypted += there
        return {
            name: Parameter(self.stored[name] if decrypted else "AQICAH…", self.versions.get(name, "first"))
            for name in there
        }


def test_a_rotated_secret_is_seen_after_five_minutes_and_the_store_is_asked_no_oftener() -> None:
    clock = Clock()
    store = Store(clock, STRIPE_SECRET_KEY="sk_test_old")
    assert [store["STRIPE_SECRET_KEY"] for _ in range(3)] == ["sk_test_old"] * 3
    store.put("STRIPE_SECRET_KEY", "sk_test_new")
    clock.seconds = KEPT_FOR
    assert (store["STRIPE_SECRET_KEY"], len(store.asked)) == ("sk_test_old", 1)
    clock.seconds = KEPT_FOR + 1
    assert [store["STRIPE_SECRET_KEY"] for _ in range(3)] == ["sk_test_new"] * 3
    assert len(store.asked) == 3, "whether it changed, and then what it is"


def test_what_did_not_change_is_not_decrypted_again() -> None:
    """Each decryption is one that the account pays for; asking for a version is none."""
    clock = Clock()
    store = Store(clock, **{name: f"sk_test_{name}" for name in SECRETS})
    for _ in range(12):
        assert [store[name] for name in SECRETS] == [f"sk_test_{name}" for name in SECRETS]
        clock.seconds += KEPT_FOR + 1
    assert sorted(store.decrypted) == sorted(SECRETS), "an hour: once each"
    assert len(store.asked) == len(SECRETS) + 11, "and one question in five minutes"
    store.put("STRIPE_WEBHOOK_SECRET", "whsec_new")
    assert [store[name] for name in SECRETS][1] == "whsec_new"
    assert store.decrypted[len(SECRETS) :] == ["STRIPE_WEBHOOK_SECRET"], "that one alone"


def test_one_that_was_deleted_and_written_anew_is_another_whatever_its_number() -> None:
    """Its number begins with one again; when it was written does not."""
    clock = Clock()
    store = Store(clock, STRIPE_SECRET_KEY="sk_test_old")
    assert store["STRIPE_SECRET_KEY"] == "sk_test_old"
    store.put("STRIPE_SECRET_KEY", "sk_test_new")
    clock.seconds = KEPT_FOR + 1
    assert store["STRIPE_SECRET_KEY"] == "sk_test_new"
    del store.stored["STRIPE_SECRET_KEY"]
    clock.seconds += KEPT_FOR + 1
    assert store.get("STRIPE_SECRET_KEY") == "", "what is taken away is no longer used"
    store.put("STRIPE_SECRET_KEY", "sk_test_newest")
    clock.seconds += KEPT_FOR + 1
    assert store["STRIPE_SECRET_KEY"] == "sk_test_newest"


def test_a_value_that_does_not_fit_the_stage_is_refused_and_the_one_before_never_comes_back() -> None:
    clock = Clock()
    store = Store(clock, STRIPE_SECRET_KEY="sk_test_old")
    assert store["STRIPE_SECRET_KEY"] == "sk_test_old"
    store.put("STRIPE_SECRET_KEY", "sk_live_here")
    for _ in range(2):
        clock.seconds += KEPT_FOR + 1
        with pytest.raises(SettingsWrong, match="live key"):
            _ = store["STRIPE_SECRET_KEY"]
    store.put("STRIPE_SECRET_KEY", "sk_test_right")
    assert store["STRIPE_SECRET_KEY"] == "sk_test_right", "at once"


def test_what_was_read_before_is_used_while_the_store_does_not_answer() -> None:
    clock = Clock()
    store = Store(clock, STRIPE_SECRET_KEY="sk_test_old")
    assert store["STRIPE_SECRET_KEY"] == "sk_test_old"
    store.down = True
    clock.seconds = KEPT_FOR + 1
    assert [store["STRIPE_SECRET_KEY"] for _ in range(3)] == ["sk_test_old"] * 3
    assert len(store.asked) == 2, "one question, then a pause"
    store.down = False
    store.put("STRIPE_SECRET_KEY", "sk_test_new")
    clock.seconds += ASKED_AGAIN_AFTER + 1
    assert store["STRIPE_SECRET_KEY"] == "sk_test_new"


def test_a_process_that_has_read_nothing_says_so_and_asks_again_at_once() -> None:
    store = Store(Clock(), STRIPE_SECRET_KEY="sk_test_x")
    store.down = True
    with pytest.raises(SecretsUnavailable):
        _ = store["STRIPE_SECRET_KEY"]
    store.down = False
    assert store["STRIPE_SECRET_KEY"] == "sk_test_x"


def test_only_what_is_used_is_asked_for_and_later_all_of_it_together() -> None:
    clock = Clock()
    store = Store(clock, STRIPE_SECRET_KEY="sk_test_x", SPILNO_EMAIL_KEY="an email key")
    assert store["SPILNO_EMAIL_KEY"] == "an email key"
    assert store["STRIPE_SECRET_KEY"] == "sk_test_x"
    assert store["SPILNO_EMAIL_KEY"] == "an email key"
    assert store.asked == [("SPILNO_EMAIL_KEY",), ("STRIPE_SECRET_KEY",)]
    clock.seconds = KEPT_FOR + 1
    assert store["SPILNO_EMAIL_KEY"] == "an email key"
    assert store.asked[2:] == [("SPILNO_EMAIL_KEY", "STRIPE_SECRET_KEY")]


def test_one_that_was_never_read_is_not_made_up_while_the_store_is_away() -> None:
    store = Store(Clock(), STRIPE_SECRET_KEY="sk_test_x", SPILNO_EMAIL_KEY="an email key")
    assert store["SPILNO_EMAIL_KEY"]
    store.down = True
    with pytest.raises(SecretsUnavailable):
        _ = store["STRIPE_SECRET_KEY"]
    assert store["SPILNO_EMAIL_KEY"] == "an email key", "and what is there stays"


def test_what_may_be_missing_is_empty_and_what_may_not_is_named() -> None:
    store = Store(Clock(), STRIPE_SECRET_KEY="sk_test_x")
    assert store.get("SPILNO_PROXY_SECRET") == ""
    with pytest.raises(SettingsWrong, match="SPILNO_EMAIL_KEY is not set"):
        _ = store["SPILNO_EMAIL_KEY"]


def test_stripe_is_called_with_the_key_of_today() -> None:
    clock = Clock()
    wiring = Wiring(from_environment(DEPLOYED))
    store = Store(clock, STRIPE_SECRET_KEY="sk_test_old")
    wiring.secrets = store
    before = wiring.stripe
    assert wiring.stripe is before, "one client for one key"
    store.put("STRIPE_SECRET_KEY", "sk_test_new")
    clock.seconds = KEPT_FOR + 1
    assert wiring.stripe is not before


@pytest.fixture
def deployed(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A deployed stage whose AWS is the local one, which must know parameters."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    # Both remember whose account they began with, in an earlier test maybe.
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    clients.session.cache_clear()
    ssm = boto3.client("ssm", endpoint_url=engine.endpoint)
    ssm.put_parameter(Name=f"{PATH}STRIPE_SECRET_KEY", Value="sk_test_stored", Type="SecureString")
    ssm.put_parameter(Name=f"{PATH}SPILNO_EMAIL_KEY", Value="an email key", Type="SecureString")
    ssm.put_parameter(Name=f"{PATH}SPILNO_PASS_KEYS", Value="the operator's copy", Type="SecureString")
    yield from_environment({**DEPLOYED, "AWS_ENDPOINT_URL": engine.endpoint})
    ssm.delete_parameters(Names=[PATH + name for name in (*SECRETS, "SPILNO_PASS_KEYS")])
    clients.session.cache_clear()


def test_the_real_store_gives_what_is_asked_for_decrypted(deployed: Settings) -> None:
    clock = Clock()
    secrets = Secrets(deployed, clock)
    assert secrets["STRIPE_SECRET_KEY"] == "sk_test_stored"
    assert secrets["SPILNO_EMAIL_KEY"] == "an email key"
    assert secrets.get("SPILNO_PROXY_SECRET") == ""
    ssm = boto3.client("ssm", endpoint_url=deployed.aws_endpoint)
    stripe, address = (
        {"Name": f"{PATH}{name}", "Type": "SecureString"} for name in ("STRIPE_SECRET_KEY", "SPILNO_EMAIL_KEY")
    )
    ssm.put_parameter(**stripe, Value="sk_test_rotated", Overwrite=True)
    clock.seconds = KEPT_FOR + 1
    assert secrets["STRIPE_SECRET_KEY"] == "sk_test_rotated"
    ssm.delete_parameters(Names=[address["Name"]])
    ssm.put_parameter(**address, Value="an email key, put back")
    clock.seconds += KEPT_FOR + 1
    assert secrets["SPILNO_EMAIL_KEY"] == "an email key, put back", "the first version again, and another value"


@pytest.mark.usefixtures("deployed")
def test_a_store_that_is_away_is_told_by_its_kind_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    away = Secrets(from_environment({**DEPLOYED, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}))
    with pytest.raises(SecretsUnavailable, match=r"^EndpointConnectionError$"):
        _ = away["STRIPE_SECRET_KEY"]
