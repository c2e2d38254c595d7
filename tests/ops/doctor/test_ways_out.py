"""Doctor on the ways out: which website does not lead to them, and what waits too long."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from chalicelib.kernel.table import Table
from chalicelib.newsroom import file as newsroom_file
from ops.doctor.areas import ways_out
from ops.doctor.areas.ways_out import Facts, Site, Waiting
from ops.doctor.subject import Subject
from testkit.findings import levels
from testkit.memory_table import MemoryTable

NOW = 1_795_000_000
API = "https://news.example/support"
BOTH = (f"{API}/cancel?lang=uk", f"{API}/withdraw/")


def facts(*links: str, silent: str = "") -> Facts:
    return Facts(API, "uk", (Site("https://news.example", links, silent),))


def test_both_are_linked() -> None:
    assert levels(ways_out.check(facts(*BOTH), NOW)) == {"ways_out": "ok"}


@pytest.mark.parametrize("left", [0, 1])
def test_the_one_that_is_missing_is_named_with_its_words(left: int) -> None:
    [found] = ways_out.check(facts(BOTH[left]), NOW)
    assert (found.code, found.level) == ("ways_out_missing", "warning")
    missing, label = (("/withdraw", "Відмовитися від договору тут"), ("/cancel", "Розірвати договір тут"))[left]
    assert missing in found.says
    assert f'<a href="{API}{missing}">{label}</a>' in found.mend


@pytest.mark.parametrize(
    "wrong", ["https://evil.example/support/cancel", f"{API}/cancellations", "https://news.example/cancel"]
)
def test_another_address_is_no_way_out(wrong: str) -> None:
    assert "ways_out_missing" in levels(ways_out.check(facts(wrong, BOTH[1]), NOW))


def test_what_could_not_be_read_is_said_and_hides_nothing() -> None:
    two = replace(
        facts(silent="it does not answer"),
        sites=(Site("https://a.example", silent="gone"), Site("https://b.example")),
    )
    assert levels(ways_out.check(two, NOW)) == {"ways_out_unseen": "note", "ways_out_missing": "warning"}


def test_what_waits_and_what_waits_too_long() -> None:
    assert levels(ways_out.check_waiting(Waiting(0, 0, "prod"), NOW)) == {"statements": "ok"}
    assert levels(ways_out.check_waiting(Waiting(2, 0, "prod"), NOW)) == {"statements_waiting": "note"}
    assert levels(ways_out.check_waiting(Waiting(2, 1, "prod"), NOW)) == {"statements_late": "problem"}


@dataclass
class Website:
    """A website on a free port: what it answers, by path."""

    pages: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    origin: str = ""


@pytest.fixture
def website() -> Iterator[Website]:
    site = Website()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, where, body = site.pages.get(self.path, (404, "", ""))
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if where:
                self.send_header("Location", where)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.origin = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()


def looked_at(site: Website) -> dict[str, str]:
    subject = Subject(
        stage="dev",
        site_id="test",
        public_url=f"{site.origin}/support",
        site_origins=(site.origin,),
        table_name="t",
        newsroom_file=Path(newsroom_file.__file__).parent.parent / "newsroom.toml",
    )
    return dict(levels(ways_out.check(ways_out.gather(subject), NOW)))


def test_a_front_page_is_read_where_it_leads_with_links_however_they_are_written(website: Website) -> None:
    website.pages["/"] = (302, "/uk/", "")
    website.pages["/uk/"] = (200, "", "<A HREF='/support/cancel'>x</A><!-- <a href=/support/withdraw> -->")
    assert looked_at(website) == {"ways_out_missing": "warning"}, "a comment is no link"
    website.pages["/uk/"] = (
        200,
        "",
        f'<a href=/support/cancel>x</a><a href="{website.origin}/support/withdraw?lang=uk">y</a>',
    )
    assert looked_at(website) == {"ways_out": "ok"}


def test_a_site_that_fails_or_leads_elsewhere_is_not_judged(website: Website) -> None:
    website.pages["/"] = (302, "https://elsewhere.example/", "")
    assert looked_at(website) == {"ways_out_unseen": "note"}
    del website.pages["/"]
    assert looked_at(website) == {"ways_out_unseen": "note"}


class SubjectWithATable(Subject):
    """A stage whose table is one in memory."""

    @cached_property
    def table(self) -> Table:
        return MemoryTable()


def test_a_table_without_statements_has_none_that_wait() -> None:
    subject = SubjectWithATable("dev", "test", API, (), "t", Path("x"))
    assert ways_out.gather_waiting(subject) == Waiting(0, 0, "dev")
