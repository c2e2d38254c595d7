"""P15 for sealed texts: while the table is away, a valid pass with a genuine ticket of the last day opens."""

import pytest

from chalicelib.kernel.table import TableUnavailable
from chalicelib.observing.log import LogLine
from chalicelib.observing.log_context import gate
from testkit.harness import Harness
from testkit.people import PASS, SESSION, Counting, member, watch
from testkit.tables import Around
from testkit.visitor import Visitor
from tests.articles.sealing import unsealed
from tests.reading.sealed import Manifest, asked, file_at, manifest
from tests.reading.test_articles import BODY, put

DAY = 86_400


class Reading:
    """A supporter who read the manifest and the file while all was well; then the table goes away."""

    def __init__(self, harness: Harness, access: str = "members") -> None:
        put(harness, access)
        self.harness, self.supporter, self.told = harness, Visitor(), manifest()
        self.file = file_at(self.told).text
        member(harness, self.supporter)

    def later(self, seconds: int) -> Counting:
        """So much later the pass is new, as it is with who reads all the time, and the table goes away."""
        self.harness.pass_time(seconds)
        self.supporter.get("/v1/access?needs=tier:patron")
        return watch(self.harness, down=True)

    def opens(self, visitor: Visitor, told: Manifest | None = None, **differing: str) -> bool:
        """Whether the answer opens the file; whatever else it is, it is that the table is down."""
        reply = asked(visitor, self.told if told is None else told, **differing)
        if reply.status == 200:
            return unsealed(self.file, reply.json["key"]) == BODY
        assert (reply.status, reply.code) == (503, "table_down")
        assert reply.headers["cache-control"] == "private, no-store"
        return False


@pytest.fixture
def reading(harness: Harness) -> Reading:
    """See above."""
    return Reading(harness)


def test_a_fresh_ticket_opens_with_no_call_of_the_table(reading: Reading) -> None:
    table = reading.later(500)
    assert reading.opens(reading.supporter)
    assert table.calls == 0


@pytest.mark.parametrize(("age", "opens"), [(601, True), (3600, True), (DAY - 30, True), (DAY + 30, False)])
def test_an_older_ticket_opens_for_a_day_while_the_table_is_away(
    reading: Reading, lines: list[LogLine], age: int, *, opens: bool
) -> None:
    reading.later(age)
    assert reading.opens(reading.supporter) is opens
    assert [line.message for line in lines].count("key handed out by an old ticket") == opens


def test_it_does_not_while_the_table_answers(reading: Reading) -> None:
    """The negative control of the rule: then the article itself is asked, and an old ticket decides nothing."""
    put(reading.harness, "tier:patron")
    reading.harness.pass_time(700)
    reading.supporter.get("/v1/access?needs=tier:patron")
    refused = asked(reading.supporter, reading.told)
    assert refused.json["decision"] == {"open": False, "reason": "higher_tier"}
    watch(reading.harness, down=True)
    assert reading.opens(reading.supporter), "and the same call in an outage"


def test_nothing_else_opens(reading: Reading) -> None:
    """Each part alone, or of something else; the whole of them opens before and after."""
    others = Manifest(put(reading.harness, "members", "other", body_html="<p>Інше</p>").json["seal"])
    reading.later(700)
    assert reading.opens(reading.supporter)
    stranger, late = Visitor(), Visitor(cookies=dict(reading.supporter.cookies))
    late.cookies[PASS] += "x"
    only_session = Visitor(cookies={SESSION: reading.supporter.cookies[SESSION]})
    for visitor in (stranger, late, only_session):
        assert not reading.opens(visitor)
    spoiled = reading.told["ticket"][:-1] + ("A" if reading.told["ticket"][-1] != "A" else "B")
    exp, _, proof = reading.told["ticket"].partition(".")
    for differing in (
        {"t": ""},
        {"t": spoiled},
        {"t": f"{int(exp) + 600}.{proof}"},
        {"t": others["ticket"]},
        {"needs": "tier:member"},
        {"needs": "open"},
        {"v": others["version"]},
    ):
        assert not reading.opens(reading.supporter, **differing), differing
    assert not reading.opens(reading.supporter, others, v=reading.told["version"])
    assert reading.opens(reading.supporter)


def test_a_pass_that_ends_in_the_outage_opens_no_more(reading: Reading) -> None:
    """What five minutes without the table bring: nobody's pass is renewed."""
    reading.later(700)
    reading.harness.pass_time(299)
    assert reading.opens(reading.supporter)
    reading.harness.pass_time(1)
    assert not reading.opens(reading.supporter)


def test_a_tier_too_low_opens_nothing(harness: Harness) -> None:
    reading = Reading(harness, "tier:patron")
    reading.later(700)
    assert not reading.opens(reading.supporter)
    assert not reading.opens(reading.supporter, needs="members")


def test_what_this_process_knows_counts_before_an_old_ticket(reading: Reading) -> None:
    """It read seconds ago that the text is for patrons; then the table goes away while the session is looked up."""
    reading.harness.pass_time(700)
    reading.supporter.get("/v1/access?needs=tier:patron")
    put(reading.harness, "tier:patron")
    table = watch(reading.harness)
    assert asked(Visitor(), reading.told).json["decision"]["open"] is False
    table.down = True
    for _ in range(2):
        assert not reading.opens(reading.supporter)
        reading.harness.pass_time(1)  # then it would look again at what is another version
    reading.harness.pass_time(8)
    assert reading.opens(reading.supporter), "the negative control: it remembers for ten seconds"


def test_what_fails_beside_the_article_is_no_outage_of_it(reading: Reading) -> None:
    """Whoever gets the table to fail for themselves, by their own session's row, opens nothing that was raised."""
    put(reading.harness, "tier:patron")
    reading.harness.pass_time(700)
    reading.supporter.get("/v1/access?needs=tier:patron")

    def fails(_call: str, what: object) -> None:
        if "ARTICLE" not in str(what):
            raise TableUnavailable("test")

    reading.harness.table = Around(reading.harness.table, fails)
    assert not reading.opens(reading.supporter)


def test_a_key_by_a_ticket_counts_as_opened_by_the_gate(reading: Reading) -> None:
    before = gate.opened
    assert reading.opens(reading.supporter)
    assert gate.opened == before + 1
