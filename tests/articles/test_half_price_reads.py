"""A reader may see an article as it was a second ago, for half the price; that there is none is not said by it."""

import pytest

from chalicelib.kernel.table import Item, Key
from localdev.around import Around
from testkit.harness import Harness
from testkit.visitor import Visitor
from tests.reading.test_articles import put


class Behind(Around):
    """A table whose eventually consistent reads know nothing of the last second: there is nothing yet."""

    eventual = 0

    def get(self, key: Key, *, hurried: bool = False, eventual: bool = False) -> Item | None:
        """See the port."""
        if eventual:
            self.eventual += 1
            return None
        return super().get(key, hurried=hurried)


@pytest.mark.parametrize("path", ["/v1/articles/mist", "/read/mist", "/v1/articles/mist/seal"])
def test_an_article_that_was_put_a_second_ago_is_found(harness: Harness, path: str) -> None:
    put(harness)
    harness.table = table = Behind(harness.table)
    assert Visitor().get(path).status == 200
    assert table.eventual == 1
    assert Visitor().get(path.replace("mist", "none")).status == 404


def test_who_may_read_is_never_asked_for_half_the_price(harness: Harness) -> None:
    """A state, a session, a guard: what was written a second ago decides."""
    put(harness)
    harness.table = table = Behind(harness.table)
    harness.tell(harness.gives(1000, "month"))
    visitor = Visitor()
    harness.sign_in(visitor, "ada@reader.example")
    assert visitor.get("/v1/access?needs=members").json["open"]
    assert table.eventual == 0
