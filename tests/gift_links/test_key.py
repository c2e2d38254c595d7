"""The key of a sealed text by a gift link: the same act as its text, counted together."""

import pytest

from testkit.gift_links import CANARY, given, readers, reads, reason
from testkit.harness import Harness
from testkit.visitor import Visitor
from tests.articles.sealing import keys_in, unsealed
from tests.reading.sealed import asked, file_at, manifest
from tests.reading.test_articles import everything


def test_text_and_key_are_one_reader(harness: Harness) -> None:
    giver, token = given(harness)
    reader, told = Visitor(), manifest()
    reply = asked(reader, told, gift=token)
    assert reply.json["decision"] == {"open": True, "reason": "gift"}
    assert CANARY in (unsealed(file_at(told).text, reply.json["key"]) or "")
    assert reply.headers["cache-control"] == "private, no-store"
    assert reader.cookies["spilno-ask-8000"] == "1-gift", (
        "the next visit is worth asking for, or the mark opens nothing"
    )
    assert asked(reader, told).json["decision"]["reason"] == "gift", "the mark alone, after a reload"
    assert reason(reads(reader=reader)) == "gift"
    assert CANARY in reader.navigate("/read/mist").text
    assert readers(giver) == 1


def test_who_comes_too_late_gets_no_key(harness: Harness) -> None:
    """P7: neither text nor a key that opens one, by whatever is sent."""
    _, token = given(harness)
    for _ in range(50):
        reads(token)
    late = asked(Visitor(), manifest(), gift=token)
    assert late.json["decision"] == {"open": False, "reason": "sign_in", "gift": "used_up"}
    refused = [late, *(asked(Visitor(), manifest(), gift=sent) for sent in ("g1.x", "__proto__", "%0a", token[:-1]))]
    file = file_at(manifest()).text
    for reply in refused:
        assert not [key for key in keys_in(everything(reply)) if unsealed(file, key)]
        assert CANARY not in everything(reply)
        assert "key" not in reply.json


@pytest.mark.parametrize("purpose", ["prefetch", "prefetch;prerender"])
def test_what_is_fetched_in_advance_gets_no_key(harness: Harness, purpose: str) -> None:
    giver, token = given(harness)
    told = manifest()
    query = f"v={told['version']}&needs={told['needs']}&gift={token}"
    reply = Visitor().get(f"/v1/articles/mist/key?{query}", **{"Sec-Purpose": purpose})
    assert "key" not in reply.json
    assert readers(giver) == 0
