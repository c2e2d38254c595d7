"""The licence, held against the structure that RSL 1.0 documents (https://rslstandard.org/rsl)."""

from itertools import product

import pytest

from chalicelib.machines.rules.licence import licence
from chalicelib.newsroom.rules import Machines, Taken
from tests.machines.rsl_reader import NAMESPACE, parsed, parts, usages

USAGES = {"search": {"search"}, "ai_answers": {"ai-input", "ai-index"}, "ai_training": {"ai-train"}}
PLACES = ["https://news.example/", "https://support.news.example/read/"]
WORDS: tuple[Taken, ...] = ("teaser", "nothing")


@pytest.mark.parametrize("words", list(product(WORDS, repeat=5)), ids="-".join)
def test_each_usage_is_permitted_or_prohibited_as_the_table_says(words: tuple[Taken, ...]) -> None:
    policy = Machines(*words)
    root = parsed(licence(dict.fromkeys(PLACES, policy), owner="Вісті"))
    assert root.tag == f"{NAMESPACE}rsl"
    assert [content.get("url") for content in parts(root, "content")] == PLACES
    for content in parts(root, "content"):
        assert {child.tag for child in content} == {f"{NAMESPACE}license", f"{NAMESPACE}copyright"}
        [terms], [owner] = parts(content, "license"), parts(content, "copyright")
        assert (owner.get("type"), owner.text) == ("organization", "Вісті")
        for kind, taken in (("permits", "teaser"), ("prohibits", "nothing")):
            found = parts(terms, kind)
            assert len(found) <= 1, "At most one of a type (3.5)."
            assert all(one.get("type") == "usage" and one.text for one in found)
            wanted = {word for row, said in USAGES.items() for word in said if getattr(policy, row) == taken}
            assert usages(terms, kind) == wanted
        assert not usages(terms, "permits") & usages(terms, "prohibits")


def test_no_name_and_no_address_ends_its_element() -> None:
    awkward = "Вісті & «Ко» <rsl> \"х\" 'у' ]]>"
    root = parsed(licence({"https://n.example/?a=1&b=\"'<": Machines()}, owner=awkward))
    [content] = parts(root, "content")
    assert content.get("url") == "https://n.example/?a=1&b=\"'<"
    assert parts(content, "copyright")[0].text == awkward
