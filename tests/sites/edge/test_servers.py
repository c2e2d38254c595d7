"""The table of cases, sent over the wire to real servers: what opens is the API's answer, all else goes on to it."""

from collections.abc import Iterator

import pytest

from tests.edge import table
from tests.edge.asking import ACCESS
from tests.edge.material import MEMBER
from tests.edge.table import Json
from tests.sites.edge import servers
from tests.sites.edge.origin import Origin, origin, sent

PREFIX = "/support"
# Each server refuses by itself what is no HTTP to it, before any script: those requests reach nobody.
REFUSED_BY_ITSELF = 12


@pytest.fixture(scope="module")
def api() -> Iterator[Origin]:
    """The API behind."""
    with origin() as server:
        yield server


@pytest.fixture(scope="module")
def cases() -> list[Json]:
    """Those that are told what the servers here are told."""
    return [case for case in table.read()["cases"] if "told" not in case]


def hold(port: int, cases: list[Json], api: Origin) -> None:
    """Each case comes out as the table says."""
    alone = 0
    for case in cases:
        before = len(api.seen)
        assert sent(port, case, PREFIX) == case["answer"], case["name"]
        reached = len(api.seen) - before
        assert reached == 0 or case["answer"] is None, case["name"]
        alone += reached == 0 and case["answer"] is None
    assert sum(case["answer"] is not None for case in cases) > 20
    assert alone <= REFUSED_BY_ITSELF


class TestNginx:
    def test_it_does_what_the_table_says(self, cases: list[Json], api: Origin) -> None:
        with servers.nginx(api.server_port) as (port, _):
            hold(port, cases, api)

    def test_what_goes_on_arrives_as_it_was_sent(self, api: Origin) -> None:
        asked = {"method": "GET", "path": ACCESS, "query": "needs=%6Dembers&a=%zz&b", "headers": []}
        with servers.nginx(api.server_port) as (port, _):
            assert sent(port, {"asked": asked, "now": 0}, PREFIX) is None
        assert api.seen[-1] == ("GET", f"{ACCESS}?needs=%6Dembers&a=%zz&b")

    def test_pages_of_files_open_by_a_pass_and_by_nothing_else(self, api: Origin) -> None:
        """Found on the way: /open/bridge.html by its own address was the whole text for everybody."""
        (opening,) = (case for case in table.read()["cases"] if case["name"] == "access: a member for members")

        def page(port: int, path: str, headers: list[list[str]]) -> str | None:
            asked = {"method": "GET", "path": path, "query": "", "headers": headers}
            answer = sent(port, {"asked": asked, "now": opening["now"]}, "")
            return str(answer["body"]) if answer else None

        with servers.nginx(api.server_port) as (port, site):
            for folder in ("open", "closed"):
                (site / folder).mkdir(mode=0o755)
                (site / folder / "bridge.html").write_text(folder)
            held = opening["asked"]["headers"]
            assert page(port, "/articles/bridge.html", held) == "open"
            assert page(port, "/articles/bridge.html", []) == "closed"
            assert (
                page(port, "/articles/bridge.html", [["Cookie", f"__Host-spilno-pass={MEMBER[:-2]}AA"]]) == "closed"
            )
            for address in (
                "/open/bridge.html",
                "/articles/../open/bridge.html",
                "//open/bridge.html",
                "/%6Fpen/bridge.html",
            ):
                assert page(port, address, []) is None, address
                assert page(port, address, held) is None, address


class TestWorkers:
    def test_it_does_what_the_table_says(self, cases: list[Json], api: Origin) -> None:
        with servers.worker(api.server_port) as port:
            hold(port, cases, api)
