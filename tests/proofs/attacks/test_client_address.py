"""Whose limit a call counts against: nobody chooses that for themselves, and a proxy's readers are counted apart."""

import pytest

from chalicelib import wiring
from testkit.harness import Harness
from testkit.visitor import Visitor

SECRET = "proxy-secret"
LIMIT = 30  # sign-ins in ten minutes, the newsroom's default
PROXY = "198.51.100.10"  # what API Gateway sees


@pytest.fixture
def behind_proxy(harness: Harness) -> Harness:
    """The same newsroom, which expects its calls through a proxy."""
    proxied = Harness(harness.stored, {"SPILNO_PROXY_SECRET": SECRET})
    wiring.install(proxied.wiring)
    return proxied


def ask(number: int, trail: str, **headers: str) -> int:
    """One sign-in request, as API Gateway hands it on: what the caller forwarded, then the address it saw."""
    sent = {"X-Forwarded-For": trail, **headers}
    return Visitor(client=PROXY).post("/v1/sign-in", {"email": f"reader-{number}@news.example"}, **sent).status


def answers(trails: list[str], **headers: str) -> list[int]:
    """The answers to one request for each trail."""
    return [ask(number, trail, **headers) for number, trail in enumerate(trails)]


@pytest.mark.usefixtures("behind_proxy")
def test_the_readers_of_a_proxy_are_counted_apart() -> None:
    trails = [f"203.0.113.{number}, {PROXY}" for number in range(LIMIT + 5)]
    assert set(answers(trails, **{"X-Spilno-Proxy": SECRET})) == {202}


def test_two_secrets_are_believed_while_one_is_rotated(harness: Harness) -> None:
    both = {"SPILNO_PROXY_SECRET": f"the-new-one, {SECRET}"}
    wiring.install(Harness(harness.table, both).wiring)
    for secret in (SECRET, "the-new-one"):
        trails = [f"203.0.113.{number}, {PROXY}" for number in range(LIMIT + 5)]
        assert set(answers(trails, **{"X-Spilno-Proxy": secret})) == {202}, secret
    trails = [f"198.51.99.{number}, {PROXY}" for number in range(LIMIT + 5)]
    assert answers(trails, **{"X-Spilno-Proxy": both["SPILNO_PROXY_SECRET"]}).count(202) == LIMIT


@pytest.mark.parametrize("behind", ["", ", 192.0.2.77"], ids=["regional", "edge-optimized"])
@pytest.mark.usefixtures("behind_proxy")
def test_one_reader_behind_a_proxy_stays_one_whatever_they_claim(behind: str) -> None:
    trails = [f"203.0.113.{number}, 203.0.113.200, {PROXY}{behind}" for number in range(LIMIT + 5)]
    assert answers(trails, **{"X-Spilno-Proxy": SECRET}).count(202) == LIMIT


@pytest.mark.parametrize("presented", ["", "wrong", "proxy-secreT", "ї", "\ud800"])
@pytest.mark.usefixtures("behind_proxy")
def test_without_the_secret_nothing_forwarded_is_believed(presented: str) -> None:
    trails = [f"203.0.113.{number}, {PROXY}" for number in range(LIMIT + 5)]
    assert answers(trails, **{"X-Spilno-Proxy": presented}).count(202) == LIMIT


@pytest.mark.usefixtures("harness")
def test_without_a_proxy_setting_no_empty_secret_fits() -> None:
    trails = [f"203.0.113.{number}, {PROXY}" for number in range(LIMIT + 5)]
    assert answers(trails, **{"X-Spilno-Proxy": ""}).count(202) == LIMIT


@pytest.mark.usefixtures("behind_proxy")
def test_a_proxy_that_forwards_nothing_is_the_client_itself() -> None:
    assert answers(["", PROXY, " , "] * 12, **{"X-Spilno-Proxy": SECRET}).count(202) == LIMIT


@pytest.mark.parametrize(("presented", "seen"), [(SECRET, True), ("wrong", False), ("", False), ("\ud800", False)])
@pytest.mark.usefixtures("behind_proxy")
def test_health_says_whether_the_proxy_presented_its_secret(presented: str, seen: bool) -> None:
    answer = Visitor(client=PROXY).get("/v1/health", **{"X-Spilno-Proxy": presented})
    assert (answer.status, answer.json["proxied"]) == (200, seen)
    assert SECRET not in str(answer)
