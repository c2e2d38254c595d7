"""`ops articles`: links that give an article to the readers of a newsletter."""

import json

import pytest

from chalicelib.kernel.errors import Conflict, NotFound
from testkit.clock import NOW
from testkit.gift_links import CANARY, DAY, follows, put, reads, reason, token_of
from testkit.harness import Harness
from testkit.visitor import Visitor
from tests.ops.conftest import Run


def made(run: Run, *words: str) -> dict[str, object]:
    """A link by the command, as JSON."""
    done = run("articles", "link", "mist", *words, "--json")
    assert done.exit_code == 0, done.output
    told: dict[str, object] = json.loads(done.stdout)
    return told


def test_a_link_of_the_newsrooms_opens_to_so_many_for_so_long(harness: Harness, run: Run) -> None:
    put(harness, "tier:patron")
    told = made(run, "--days", "30", "--readers", "3")
    assert told["expires_at"] == "2026-10-21T14:13:20Z"
    assert told["readers"] == 3
    token = token_of(str(told["url"]))
    assert [reason(reads(token)) for _ in range(4)] == ["gift", "gift", "gift", "sign_in"]
    reader = Visitor()
    again = made(run, "--days", "1")
    assert CANARY in follows(f"/read/mist?gift={token_of(str(again['url']))}", reader).text
    harness.pass_time(DAY)
    assert CANARY not in reader.navigate("/read/mist").text
    assert harness.now() == NOW + DAY


def test_they_are_listed_and_ended(harness: Harness, run: Run) -> None:
    assert "There are no links." in run("articles", "links").output
    put(harness)
    told = made(run)
    token = token_of(str(told["url"]))
    reads(token)
    (listed,) = [json.loads(line) for line in run("articles", "links", "--json").stdout.splitlines()]
    assert (listed["id"], listed["url"], listed["status"]) == (told["id"], told["url"], "lives")
    assert (listed["readers"], listed["most_readers"]) == (1, 50)
    assert "mist" in run("articles", "links").output
    assert run("articles", "unlink", str(told["id"])).exit_code == 0
    assert reads(token).json["decision"]["gift"] == "over"
    (listed,) = [json.loads(line) for line in run("articles", "links", "--json").stdout.splitlines()]
    assert (listed["status"], listed["url"]) == ("revoked", None)


def test_a_supporters_link_is_not_the_newsrooms(harness: Harness, run: Run) -> None:
    from testkit.gift_links import given

    giver, token = given(harness)
    assert "There are no links." in run("articles", "links").output
    (link,) = giver.get("/v1/me/gift-links").json
    with pytest.raises(NotFound):
        run("articles", "unlink", link["id"])
    assert reason(reads(token)) == "gift"


def test_an_identifier_may_begin_with_a_dash(harness: Harness, run: Run) -> None:
    put(harness, "members", "-mist")
    assert "articles unlink" in run("articles", "link", "-mist").output
    with pytest.raises(NotFound):
        run("articles", "unlink", "-AbCdEfGhIjKlMnO")


def test_what_cannot_be_given_is_refused_in_a_sentence(harness: Harness, run: Run) -> None:
    with pytest.raises(NotFound):
        run("articles", "link", "never")
    put(harness, "open")
    with pytest.raises(Conflict, match="open to everybody"):
        run("articles", "link", "mist")
    put(harness, url="https://other.example/x", body_html=None)
    with pytest.raises(Conflict, match="shares no cookies"):
        run("articles", "link", "mist")
    with pytest.raises(NotFound):
        run("articles", "unlink", "never")
    for wrong in (("--days", "0"), ("--days", "367"), ("--readers", "0"), ("--readers", "-1"), ("--days", "x")):
        assert run("articles", "link", "mist", *wrong).exit_code == 2
