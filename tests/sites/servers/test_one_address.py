"""One machine does not close the API for everybody: each recipe holds one address below what all share."""

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chalicelib.newsroom.rules import Limits
from infra.template import firewall
from infra.template.throttles import ALL
from localdev.ports import ROOT
from tests.sites.servers.upstream import Answer, Upstream, upstream
from tests.sites.servers.websites import Ask, apache, apache_module, cloudflare, files_of_the_site, nginx, recipe

PATH = "/support/v1/session"
A_SECOND = 25  # calls of one address, which each recipe lets through for as long as it likes


@pytest.fixture(scope="module")
def api() -> Iterator[Upstream]:
    """The API."""
    with upstream() as server:
        yield server


@pytest.fixture
def folder() -> Iterator[Path]:
    """The website's folder."""
    with tempfile.TemporaryDirectory(prefix="website-") as made:
        yield Path(made)


def asked(website: Ask, times: int, path: str = PATH, **headers: str | Sequence[str]) -> list[Answer]:
    """So many calls, sixteen at a time; of several values of a header each call takes the next."""

    def sent(number: int) -> dict[str, str]:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return {name: value if isinstance(value, str) else value[number % len(value)] for name, value in told.items()}

    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(lambda number: website("GET", path, sent(number)), range(times)))


def refused(answers: list[Answer]) -> list[Answer]:
    assert {answer.status for answer in answers} <= {200, 404, 429}
    return [answer for answer in answers if answer.status == 429]


def assert_in_our_words(answer: Answer) -> None:
    assert json.loads(answer.body)["code"] == "too_many_requests"
    assert answer.header("Content-Type") == ["application/problem+json"]
    assert answer.header("Cache-Control") == ["private, no-store"]
    assert int(answer.header("Retry-After")[0]) > 0


class TestNginx:
    @pytest.fixture
    def website(self, api: Upstream, folder: Path) -> Iterator[Ask]:
        # Nothing comes back to a bucket while a test runs, however slow this machine is.
        with nginx(api, files_of_the_site(folder), rate="1r/m") as made:
            yield made

    def test_one_address_is_held_and_the_next_one_is_not(self, website: Ask) -> None:
        over = refused(asked(website, 600, X_Test_Address="203.0.113.1"))
        assert len(over) == 99  # one, and 500 at once
        assert_in_our_words(over[0])
        assert not refused(asked(website, 20, X_Test_Address="203.0.113.2"))

    def test_what_the_code_allows_is_never_refused(self, website: Ask) -> None:
        everything = Limits().checkouts + Limits().sign_ins
        assert not refused(asked(website, 4 * everything, X_Test_Address="203.0.113.3"))

    def test_a_household_of_ipv6_is_one(self, website: Ask) -> None:
        assert refused(asked(website, 600, X_Test_Address=[f"2001:db8:1:2::{n:x}" for n in range(600)]))
        assert not refused(asked(website, 20, X_Test_Address="2001:db8:1:3::1"))

    def test_ipv4_written_as_ipv6_is_not_one_household(self, website: Ask) -> None:
        assert refused(asked(website, 600, X_Test_Address="::ffff:198.51.100.1"))
        assert not refused(asked(website, 20, X_Test_Address="::ffff:198.51.100.9"))

    def test_the_website_itself_has_no_such_limit_and_no_log_holds_a_path(self, website: Ask, folder: Path) -> None:
        over = refused(asked(website, 600, "/support/v1/sign-in-token", X_Test_Address="203.0.113.4"))
        assert over
        assert not refused(asked(website, 20, "/supporters", X_Test_Address="203.0.113.4"))
        written = "".join(file.read_text() for file in folder.glob("*.log"))
        assert "sign-in-token" not in written


class TestApache:
    @pytest.fixture
    def website(self, api: Upstream, folder: Path) -> Iterator[Ask]:
        module = apache_module("qos")
        # As the page says of Debian 12, whose module was built for an older library than its Apache.
        library = next(Path("/usr/lib").glob("*/libpcre.so.3"), None)
        before = f"LoadFile {library}\n" if library and b"pcre_free" in module.read_bytes() else ""
        limit = f"{before}LoadModule qos_module {module}\n{recipe('apache limit')}"
        with apache(api, files_of_the_site(folder), limit) as made:
            yield made

    def test_one_address_is_held_and_the_website_goes_on(self, website: Ask) -> None:
        over = refused(asked(website, 1800))
        assert 250 < len(over) <= 301
        assert not refused(asked(website, 20, "/supporters"))


class TestCloudflare:
    @pytest.fixture
    def website(self, api: Upstream, folder: Path) -> Iterator[Ask]:
        with cloudflare(api, files_of_the_site(folder)) as made:
            yield made

    def test_one_address_is_held_and_the_next_one_is_not(self, website: Ask) -> None:
        over = refused(asked(website, 300, CF_Connecting_IP="203.0.113.1"))
        assert len(over) == 50
        assert_in_our_words(over[0])
        assert not refused(asked(website, 20, CF_Connecting_IP="203.0.113.2"))

    def test_a_household_of_ipv6_is_one(self, website: Ask) -> None:
        ways = ("2001:db8:1:2::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2:ffff::")
        assert len(refused(asked(website, 300, CF_Connecting_IP=ways))) == 50
        for other in ("2001:db8:1:3::1", "2001:db8::1", "::1"):
            assert website("GET", PATH, {"CF-Connecting-IP": other}).status == 200


# Of each recipe: calls, the seconds that they are for, and calls at once.
WRITTEN = {
    "nginx": r"rate=(?P<calls>\d+)r/(?P<seconds>s);.*zone=spilno burst=(?P<at_once>\d+)",
    "apache": r"QS_CondClientEventLimitCount (?P<calls>\d+) (?P<seconds>\d+) spilno",
    "netlify": r"windowSize: (?P<seconds>\d+), windowLimit: (?P<calls>\d+)",
    "cloudflare": r"limit = (?P<calls>\d+), period = (?P<seconds>\d+)",
}


def rate(name: str) -> tuple[float, int]:
    """Calls a second for as long as one likes, and calls at once."""
    found = re.search(WRITTEN[name], (ROOT / "docs" / "same-origin.md").read_text(encoding="utf-8"), re.DOTALL)
    assert found
    told = found.groupdict()
    seconds = 1 if told["seconds"] == "s" else int(told["seconds"])
    return int(told["calls"]) / seconds, int(told.get("at_once", told["calls"]))


@pytest.mark.parametrize("name", WRITTEN)
def test_each_is_looser_than_the_code_and_tighter_than_what_all_share(name: str) -> None:
    each_second, at_once = rate(name)
    assert each_second == A_SECOND == firewall.LIMIT / firewall.WINDOW
    assert 8 * each_second <= ALL.rate
    # All that the code allows in ten minutes fits in at once, twice.
    assert at_once >= 2 * (Limits().checkouts + Limits().sign_ins)
    assert 600 * each_second > 100 * (Limits().checkouts + Limits().sign_ins)


def test_the_words_are_those_of_the_api() -> None:
    throttled = firewall.throttled_body()
    for language in ("nginx", "js cloudflare"):
        assert throttled["title"] in recipe(language)
        assert f'"{throttled["type"]}"' in recipe(language)
