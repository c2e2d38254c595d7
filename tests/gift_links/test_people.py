"""What becomes of gift links with their giver: taken along, erased, carried into another record."""

from chalicelib.gift_links.actions.links import links_of
from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import Item, Put
from chalicelib.reading.rules import gift_links as rules
from chalicelib.upgrade import rows as upgrades
from chalicelib.upgrade.steps import STEPS
from testkit.erasing import asks, is_erased
from testkit.gift_links import DAY, given, gives, put, readers, reads, reason
from testkit.harness import ADA, EMAIL_KEY, Harness
from testkit.merging import OLD, merges
from testkit.own_address import supports
from testkit.visitor import Visitor


def rows_of_links(harness: Harness) -> list[str]:
    return [f"{row['pk']} {row['sk']}" for row in harness.rows() if "GIFTLINK#" in f"{row['pk']} {row['sk']}"]


def test_the_export_hands_over_what_was_given_and_no_reader(harness: Harness) -> None:
    giver, token = given(harness)
    reads(token)
    told = giver.get("/v1/me/export").json
    (row,) = told["data"]["gift link"]["rows"]
    assert (row["article"], row["readers"], row["most"]) == ("mist", 1, 50)
    assert row["made_at"] == keys.moment(harness.now())
    assert token.rpartition(".")[2] not in str(told)


def test_whoever_is_erased_leaves_no_link_and_it_opens_nothing(harness: Harness) -> None:
    upgrades.note(harness.table, STEPS, harness.real_now())
    _, token = given(harness)
    reader = Visitor()
    reads(token, reader)
    assert len(rows_of_links(harness)) == 2, "a row that stands nowhere proves nothing"
    giver = harness.state().id
    is_erased(harness, giver)
    assert rows_of_links(harness) == []
    assert reads(token).json["decision"]["gift"] == "over"
    assert reads(reader=reader).json["decision"]["gift"] == "over"
    assert rows_of_links(harness) == [], "a late reader brings nothing back"


def test_from_the_request_on_it_opens_nothing(harness: Harness) -> None:
    upgrades.note(harness.table, STEPS, harness.real_now())
    _, token = given(harness)
    asks(harness, harness.state().id, grace=7 * DAY)
    assert reads(token).json["decision"]["gift"] == "over"


def test_a_merged_record_takes_its_links_along(harness: Harness) -> None:
    """Both have given the same article, as the first of their month: neither link is lost, and both count."""
    put(harness)
    ada, old = supports(harness, ADA), supports(harness, OLD)
    tokens = [gives(ada), gives(old)]
    reader = Visitor()
    reads(tokens[1], reader)
    source, into = harness.state(OLD).id, harness.state(ADA).id
    merges(harness, source, into)
    harness.sign_in(ada, ADA)
    listed = {link["id"] for link in ada.get("/v1/me/gift-links").json}
    assert listed == {rules.link_of(token, EMAIL_KEY) for token in tokens}
    assert reason(reads(tokens[1], reader)) == "gift"
    assert [reason(reads(token)) for token in tokens] == ["gift", "gift"]
    assert harness.table.query(keys.supporter(source), prefix="GIFTLINK").items == []
    for article in ("b", "c", "d", "e"):
        put(harness, article=article)
    made = [ada.post("/v1/me/gift-links", {"article": article}).status for article in ("b", "c", "d", "e")]
    assert made == [201, 201, 201, 429], "the two of before count in this month"
    for one in ada.get("/v1/me/gift-links").json:
        assert ada.delete(f"/v1/me/gift-links/{one['id']}").status == 204
    assert {link.status for link in links_of(into, harness.wiring)} == {"revoked"}


def test_while_a_merge_is_cut_off_the_link_opens_by_the_one_record_there_is(harness: Harness) -> None:
    put(harness)
    supports(harness, ADA)
    old = supports(harness, OLD)
    token = gives(old)
    source, into = harness.state(OLD).id, harness.state(ADA).id
    merges(harness, source, into)
    link = rules.link_of(token, EMAIL_KEY)
    assert link
    row = harness.table.get(keys.gift_link(link))
    assert row is not None
    assert row["supporter"] == into
    harness.table.write(_named(row, source))  # as it stood between the two steps
    assert reason(reads(token)) == "gift"


def _named(row: Item, supporter: SupporterId) -> Put:
    return Put({**row, "supporter": supporter})


def test_what_is_kept_ends_by_itself(harness: Harness) -> None:
    giver, token = given(harness)
    reads(token)
    kept = [row for row in harness.rows() if "GIFTLINK#" in f"{row['pk']} {row['sk']}"]
    assert {row["expires"] for row in kept} == {harness.now() + 41 * DAY}
    assert readers(giver) == 1
