"""Who is in a hurry for an article: only a call whose reader has a way to the text without it (decision 0091)."""

import pytest

from chalicelib.kernel.table import Item, Key
from testkit.harness import Harness
from testkit.people import member
from testkit.tables import Around
from testkit.visitor import Visitor
from tests.reading.sealed import asked, manifest
from tests.reading.test_articles import put


class Noting(Around):
    """A table that notes how articles are read: whether in a hurry."""

    noted: tuple[bool, ...] = ()

    def get(self, key: Key, *, hurried: bool = False, eventual: bool = False) -> Item | None:
        """See the port."""
        if key[0].startswith("ARTICLE#"):
            self.noted += (hurried,)
        return super().get(key, hurried=hurried, eventual=eventual)


def noting(harness: Harness) -> Noting:
    """From now on the app's table notes; what this process remembered of articles is forgotten."""
    table = Noting(harness.table)
    harness.table = table
    return table


@pytest.mark.parametrize("path", ["/v1/articles/mist", "/read/mist"])
def test_the_text_itself_is_waited_for(harness: Harness, path: str) -> None:
    """A table that is silent for some seconds must shut out no supporter: there is no other way to the text."""
    put(harness)
    supporter = Visitor()
    member(harness, supporter)
    table = noting(harness)
    for visitor in (Visitor(), supporter):
        harness.pass_time(60)
        assert visitor.get(path).status == 200
    assert table.noted == (False, False)


def test_manifest_file_and_key_are_not(harness: Harness) -> None:
    """The negative control: pages carry the seal, copies the file, and a pass opens by an old ticket."""
    put(harness)
    told = manifest()
    table = noting(harness)
    paths = ["/v1/articles/mist/seal", f"/v1/articles/mist/sealed/{told['version']}"]
    for path in paths:
        harness.pass_time(60)
        assert Visitor().get(path).status == 200
    harness.pass_time(60)
    assert asked(Visitor(), told).json["decision"]["open"] is False
    assert table.noted == (True, True, True)
