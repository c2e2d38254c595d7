"""A sealed text through what becomes of an article: corrected, raised, lowered, deleted, by date, under new keys.

P10: what is taken away bites within eleven minutes. `walk` reads as a supporter does all that time.
"""

from collections.abc import Callable, Iterator

import pytest

from chalicelib.kernel.keys import moment
from testkit.calls import Reply
from testkit.clock import NOW
from testkit.harness import Harness
from testkit.people import member
from testkit.tables import Around
from testkit.visitor import Visitor
from tests.articles.sealing import keys_in, unsealed
from tests.reading.metered import newsroom
from tests.reading.sealed import K1, K2, Manifest, asked, file_at, manifest, reads, seals_with
from tests.reading.test_articles import BODY, put

LIBEL = "<p>Наклеп-5c1d</p>"
ELEVEN_MINUTES, STEP = 660, 10


@pytest.fixture
def supporter(harness: Harness) -> Visitor:
    """Somebody of the tier `member`, signed in."""
    visitor = Visitor()
    member(harness, visitor)
    return visitor


def walk(harness: Harness, supporter: Visitor, old: Manifest) -> Iterator[tuple[int, Reply]]:
    """Asks for the key of the old version for eleven minutes and a bit, with a pass that never grows old.

    The manifest may lie in a cache for a minute more than it says: whoever keeps the last one has its ticket.
    """
    for after in range(STEP, ELEVEN_MINUTES + 2 * STEP, STEP):
        harness.pass_time(STEP)
        supporter.get("/v1/access?needs=tier:patron")  # looks at the session: the pass is new again
        yield after, asked(supporter, old)


def raise_it(harness: Harness) -> None:
    put(harness, "tier:patron")


def delete_it(harness: Harness) -> None:
    assert Visitor(origin=None).delete("/v1/articles/mist", **harness.cms_key()).status == 204


def correct_it(harness: Harness) -> None:
    put(harness)


@pytest.mark.parametrize(
    ("change", "then"),
    [(raise_it, (200, "higher_tier")), (delete_it, (404, "unknown_article")), (correct_it, (409, "stale_version"))],
    ids=["raised", "deleted", "corrected"],
)
def test_it_bites_within_eleven_minutes(
    harness: Harness, supporter: Visitor, change: Callable[[Harness], None], then: tuple[int, str]
) -> None:
    put(harness, body_html=LIBEL)
    old, file = manifest(), file_at(manifest()).text
    change(harness)
    assert unsealed(file, asked(supporter, old).json["key"]) == LIBEL, "the negative control: the ticket still lives"
    for after, reply in walk(harness, supporter, old):
        opened = reply.status == 200 and unsealed(file, reply.json.get("key", "")) == LIBEL
        assert not opened or after < ELEVEN_MINUTES, f"open {after} seconds after the change"
    told = reply.json["decision"]["reason"] if reply.status == 200 else reply.code
    assert (reply.status, told) == then


def test_of_a_corrected_text_only_the_new_file_is_there(harness: Harness, supporter: Visitor) -> None:
    put(harness, body_html=LIBEL)
    old = manifest()
    correct_it(harness)
    assert (file_at(old).status, file_at(old).code) == (404, "unknown_version")
    assert manifest()["version"] != old["version"]
    assert reads(supporter, manifest()) == BODY
    stale = asked(supporter, old, t="")
    assert (stale.status, stale.code, stale.json["seal"]) == (409, "stale_version", manifest())
    assert LIBEL not in stale.text
    put(harness, body_html=LIBEL)
    assert manifest() == old, "put again as it was, it is what it was"


def test_what_is_put_is_there_for_a_function_that_remembers_the_text_before(
    harness: Harness, supporter: Visitor
) -> None:
    """A CMS publishes a page with the new version at once; its readers come to functions that read it before."""
    put(harness, body_html=LIBEL)
    assert file_at(manifest()).status == 200
    here = harness.table
    harness.table = Around(here, lambda *_: None)  # as another function, which has a memory of its own
    new = put(harness).json["seal"]
    harness.table = here
    harness.clock.real += 1
    assert manifest()["version"] != new["version"], "it is remembered"
    assert reads(supporter, new, t="") == BODY
    assert manifest() == new


def test_raised_the_same_text_is_another_version_and_its_old_file_is_gone(
    harness: Harness, supporter: Visitor
) -> None:
    put(harness)
    old, file = manifest(), file_at(manifest()).text
    raise_it(harness)
    assert (file_at(old).status, file_at(old).code) == (404, "unknown_version")
    new = manifest()
    assert (new["needs"], new["version"] != old["version"]) == ("tier:patron", True)
    assert asked(supporter, new).json["decision"] == {"open": False, "reason": "higher_tier"}
    assert asked(supporter, new, needs="members").json["decision"]["open"] is False, "whatever they claim"
    assert "key" not in asked(supporter, old, t="").json
    assert unsealed(file, asked(supporter, old).json["key"]) == BODY, "with the last ticket of before, P10"


def test_opened_to_all_it_is_the_same_file_and_closed_again_a_kept_key_still_opens_it(harness: Harness) -> None:
    put(harness)
    closed, file = manifest(), file_at(manifest()).text
    put(harness, "open")
    told = manifest()
    assert (told["version"], told["needs"], told["sealed"]) == (closed["version"], "members", closed["sealed"])
    assert "ticket" not in told
    assert unsealed(file, told["key"]) == BODY
    for needs in ("members", "tier:patron", "open", ""):
        assert asked(Visitor(), told, needs=needs).json["key"] == told["key"]
    put(harness)
    assert unsealed(file, told["key"]) == BODY, "as a copied text would: said in docs/promises.md"
    assert asked(Visitor(), manifest()).json["decision"]["open"] is False, "who comes now is asked"


@pytest.mark.parametrize("needs", ["members", "metered"])
def test_dates_and_the_meter_change_neither_version_nor_file(
    harness: Harness, supporter: Visitor, needs: str
) -> None:
    newsroom(harness, meter=None)
    put(harness, needs, opens_at=moment(NOW + 90), closes_at=moment(NOW + 150))
    told, file = manifest(), file_at(manifest()).text
    assert reads(Visitor(), told) is None
    seen = []
    for _ in range(7):
        now = manifest()
        assert (now["version"], file_at(now).text) == (told["version"], file)
        seen.append((reads(Visitor(), now) == BODY, reads(supporter, now) == BODY))
        harness.clock.business += 30
    assert seen == [(opened, True) for opened in (False, False, False, True, True, False, False)]


@pytest.mark.parametrize(
    ("access", "dates"), [("open", {"closes_at": NOW + 60}), ("members", {"opens_at": NOW + 60})]
)
def test_the_key_stands_in_the_manifest_while_it_is_open_and_not_a_second_longer(
    harness: Harness, access: str, dates: dict[str, int]
) -> None:
    put(harness, access, **{name: moment(at) for name, at in dates.items()})
    for open_now in (access == "open", access != "open"):
        told = manifest()
        assert ("key" in told, "ticket" in told) == (open_now, not open_now)
        found = {unsealed(file_at(told).text, key) for key in keys_in(str(told))} - {None}
        assert found == ({BODY} if open_now else set())
        harness.clock.business += 60


def test_what_is_open_forever_is_never_asked_for_an_older_text(harness: Harness) -> None:
    """An article that is open now must not open what it was before."""
    put(harness, "tier:patron", body_html=LIBEL)
    old, file = manifest(), file_at(manifest()).text
    put(harness, "open")
    for told in (old, {**old, "ticket": ""}, {**old, "needs": "members"}):
        reply = asked(Visitor(), told)
        assert (reply.status, reply.code) == (409, "stale_version")
        assert unsealed(file, reply.json["seal"]["key"]) is None


def test_rotating_the_keys_leaves_what_was_copied_open_until_the_old_one_is_dropped(
    harness: Harness, supporter: Visitor
) -> None:
    seals_with(harness, K1)
    put(harness)
    old, file = manifest(), file_at(manifest()).text
    assert old["version"].startswith("k1.")

    seals_with(harness, K2, K1)
    new = manifest()
    assert new["version"].startswith("k2.")
    assert file_at(old).text == file, "byte for byte"
    for told in (old, new, {**old, "ticket": ""}, {**new, "ticket": ""}):
        assert reads(supporter, told) == BODY
    assert unsealed(file, asked(supporter, new).json["key"]) is None, "each has its own key"

    seals_with(harness, K2)
    assert (file_at(old).status, file_at(old).code) == (404, "unknown_version")
    gone = asked(supporter, old)
    assert (gone.status, gone.code, gone.json["seal"]["version"]) == (409, "stale_version", new["version"])
    assert reads(supporter, manifest()) == BODY

    seals_with(harness, ("k1", K2[1]), K2)
    assert asked(supporter, old).code == "stale_version", "another key under the old name opens nothing of it"
