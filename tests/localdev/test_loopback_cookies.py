"""WebKit takes no Secure cookie over plain http: the local gateway gives it ones that it takes, and nobody else."""

import json
from collections.abc import Iterator

import pytest

from localdev.gateway.loopback_cookies import incoming, needed, outgoing
from tests.localdev.gateway_server import Gateway, running_gateway

HTTP = "http://127.0.0.1:8000"
APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
WEBKIT = (
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {APPLE} Version/26.1 Safari/605.1.15",
    f"Mozilla/5.0 (X11; Linux x86_64) {APPLE} Version/60.5 Safari/605.1.15",
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) {APPLE} CriOS/142.0 Mobile/15E148 Safari/604.1",
)
OTHERS = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
    "curl/8.14.1",
    "python-requests/2.34.2",
    "",
)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        yield running


def test_only_webkit_over_http_needs_it() -> None:
    assert [agent for agent in WEBKIT if not needed(HTTP, agent)] == []
    assert [agent for agent in OTHERS if needed(HTTP, agent)] == []
    assert [agent for agent in WEBKIT if needed("https://127.0.0.1:8443", agent)] == []


@pytest.mark.parametrize(
    ("sent", "handed"),
    [
        ("spilno-session-8000=a", "__Host-spilno-session-8000=a"),
        ("one=1; spilno-pass-8000=a.b=; two=2", "one=1; __Host-spilno-pass-8000=a.b=; two=2"),
        ("__Host-spilno-session-8000=a", "__Host-spilno-session-8000=a"),
        # Under both names it is handed on once: twice would count as absent.
        ("spilno-session-8000=a; __Host-spilno-session-8000=b", "__Host-spilno-session-8000=b"),
        (
            "spilno-session-8000=a; __Host-spilno-pass-8000=b",
            "__Host-spilno-session-8000=a; __Host-spilno-pass-8000=b",
        ),
        # What comes twice stays twice, and what is not ours stays as it is.
        ("spilno-pass=a; spilno-pass=b", "__Host-spilno-pass=a; __Host-spilno-pass=b"),
        ("\xa0spilno-pass=a", "\xa0spilno-pass=a"),
        ("spilnost=a; x=spilno-pass", "spilnost=a; x=spilno-pass"),
        ("", ""),
    ],
)
def test_what_comes_is_handed_on_under_the_apps_own_names(sent: str, handed: str) -> None:
    assert incoming((("Cookie", sent), ("Accept", "spilno-a=1"))) == (("Cookie", handed), ("Accept", "spilno-a=1"))


def test_what_goes_out_keeps_all_but_the_prefix_and_secure() -> None:
    ours = "__Host-spilno-session-8000=a; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=9"
    plain = "spilno-session-8000=a; Path=/; HttpOnly; SameSite=Lax; Max-Age=9"
    theirs = "__Host-other=a; Path=/; Secure"
    sent = (("Set-Cookie", ours), ("Location", ours), ("set-cookie", theirs))
    assert outgoing(sent) == (("Set-Cookie", plain), ("Location", ours), ("set-cookie", theirs))


@pytest.mark.parametrize("agent", [*WEBKIT, *OTHERS])
def test_it_stands_before_the_app_for_webkit_alone(gateway: Gateway, agent: str) -> None:
    reply = gateway.call("GET", "/cookies", headers={"User-Agent": agent, "Cookie": "spilno-session=mine"})
    plain = "spilno-session=s; Path=/; HttpOnly"
    secure = "__Host-spilno-session=s; Path=/; Secure; HttpOnly"
    assert reply.headers.get_all("Set-Cookie") == ["a=1", "b=2", plain if agent in WEBKIT else secure]
    seen = json.loads(gateway.call("GET", "/", headers={"User-Agent": agent, "Cookie": "spilno-session=mine"}).body)
    name = "__Host-spilno-session" if agent in WEBKIT else "spilno-session"
    assert seen["event"]["headers"]["Cookie"] == f"{name}=mine"
