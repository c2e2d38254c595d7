"""What the meter keeps of who is signed in: handed over, and erased."""

from testkit.erasing import is_erased
from testkit.harness import Harness
from testkit.visitor import Visitor
from tests.reading.metered import newsroom, read

READER = "clara@reader.example"


def test_an_export_has_the_marks_of_the_account_and_an_erasure_leaves_none(upgraded: Harness) -> None:
    harness = upgraded
    newsroom(harness, *"ab")
    supporter = harness.supporter(READER)
    reader = Visitor()
    harness.sign_in(reader, READER)
    read(reader, *"ab")
    (row,) = [one for one in harness.items() if str(one["sk"]).startswith("METER#")]
    told = str(reader.get("/v1/me/export").json["data"]["articles that the meter opened"])
    names = [name for name in row if name.startswith("m-")]
    assert len(names) == 2
    assert all(name in told for name in names)
    is_erased(harness, supporter)
    assert not [one for one in harness.items() if str(one["sk"]).startswith("METER#")]
