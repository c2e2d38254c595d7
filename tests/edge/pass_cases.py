"""Passes: those that open, and all others."""

from collections.abc import Iterator
from urllib.parse import urlencode

from testkit.clock import NOW
from tests.edge.asking import ACCESS, KEY, Case, access, altered, key, of_article
from tests.edge.derivation import b64url, hmac_sha256, signed
from tests.edge.material import (
    MEMBER,
    OLD_PASS_KEY,
    PASS_KEY,
    PATRON,
    ROOT,
    UNTIL,
    fresh_ticket,
    issued,
    minted,
    sealed,
    ticket,
    written,
)


def every() -> Iterator[Case]:
    """All of these cases."""
    yield from _opened()
    yield from _passes()
    yield from _strange()


def _opened() -> Iterator[Case]:
    yield access("a member for members", opens=True)
    yield access("a member for their tier", needs="tier:member", opens=True)
    yield access("a patron for a lower tier", PATRON, "tier:friend", opens=True)
    yield access("the last second of a pass", issued("member", exp=NOW + 1), opens=True)
    yield access("signed with the key before", issued("member", old=True), opens=True)
    yield access("paid until the year 9999", issued("member", until=253402300799), opens=True)
    yield access("a pass with spaces between its claims", written(',"tier"', ', "tier"'), opens=True)
    every_letter = "Az09._~-" * 16
    yield access("names with every letter", issued(every_letter), f"tier:{every_letter}", opens=True)
    yield key("names with every letter", issued(every_letter), f"tier:{every_letter}", opens=True)
    yield key("an article's name with every letter", **of_article(every_letter), opens=True)
    yield access("a name of one letter", issued("t"), "tier:t", opens=True)
    yield key("names of one letter", issued("t"), "tier:t", opens=True)
    yield key("an article's name of one letter", **of_article("a"), opens=True)
    yield key("a member", opens=True)
    yield key("a patron for their tier", PATRON, "tier:patron", opens=True)
    yield key("sealed with the key before", v=sealed(old=True), t=ticket(old=True), opens=True)
    yield key("the last second of a ticket", t=ticket(exp=NOW + 1), opens=True)
    yield key("a ticket as the API makes it", t=fresh_ticket(), opens=True)
    yield key("a ticket of this minute's first second", t=ticket(exp=NOW + 600), opens=True)
    yield key("with a gift link that a supporter does not need", opens=True)._replace(
        query=urlencode({"gift": "g1.x", "v": sealed(), "needs": "members", "t": ticket()})
    )


def _passes() -> Iterator[Case]:
    yield Case("access: no pass", ACCESS, "needs=members", (), looks=False)
    yield Case("key: no pass", KEY, key("").query, (), looks=False)
    for call in (access, key):
        yield call("a pass that is over", issued("member", exp=NOW))
        yield call("a pass of a signer whose clock is ahead", issued("member", exp=NOW + 301))
        yield call("a pass that lives for a year", issued("member", exp=NOW + 86_400))
        yield call("access that is over", minted(until=NOW))
        yield call("too low", needs="tier:patron")
        yield call("another audience", minted(aud="other"))
        yield call("several audiences", minted(aud=["herald"]))
        yield call("another issuer", minted(iss="https://other.example/support"))
        yield call("an unknown kid", minted({"alg": "HS256", "kid": "c"}))
        yield call("no kid", minted({"alg": "HS256"}))
        yield call("a number as kid", minted({"alg": "HS256", "kid": 0}))
        yield call("another algorithm", minted({"alg": "HS512", "kid": "b"}))
        yield call("no algorithm", minted({"alg": "none", "kid": "b"}))
        yield call("no signature", MEMBER.rpartition(".")[0] + ".")
        yield call("a signature cut short", MEMBER[:-1])
        yield call("a signature whose last character is altered", altered(MEMBER, -1))
        yield call("a signature whose first character is altered", altered(MEMBER, MEMBER.rindex(".") + 1))
        yield call("claims altered", MEMBER.replace(".eyJ", ".eyK", 1))
        yield call("another key's signature", minted(key=OLD_PASS_KEY))
        yield call("signed with the seal's root", minted({"alg": "HS256", "kid": "k2"}, ROOT))


def _strange() -> Iterator[Case]:
    yield access("the pass of a tier that begins alike", minted(tier="members", tiers=["members"]), "tier:member")
    yield access("no subject", minted(without="sub"))
    yield access("no tier", minted(without="tier"))
    yield access("a tier that is no name", minted(tier='m"'))
    yield access("no tiers", minted(tiers=[]))
    yield access("tiers as a text", minted(tiers="members"))
    yield access("exp as a fraction", written(f'"exp":{NOW + 300}', f'"exp":{NOW + 300}.0'))
    yield access("exp as a power", written(f'"exp":{NOW + 300}', f'"exp":{(NOW + 300) // 10}e1'))
    yield access("exp as a text", minted(exp=str(NOW + 300)))
    yield access("exp twice", written('"exp"', f'"exp":{NOW + 300},"exp"'))
    yield access("exp in another claim only", minted(without="exp", more={"exp": NOW + 300}))
    yield access("until as a fraction", written(f'"until":{UNTIL}', f'"until":{UNTIL}.0'))
    yield access("until as true", minted(until=True))
    yield access("paid until the year 10000", minted(until=253402300800))
    yield access("claims beyond ASCII", written("sup_4f", "é"))
    yield access("claims that are no object", signed('{"alg":"HS256","kid":"b"}', "null", PASS_KEY))
    yield access("claims that are no JSON", signed('{"alg":"HS256","kid":"b"}', "{", PASS_KEY))
    yield access("a head that is no object", signed("null", "{}", PASS_KEY))
    yield access("as long as a pass may be", _as_long_as(2048), opens=True)
    yield access("a character longer", _as_long_as(2049))
    yield access("a space within", f"{MEMBER[:50]} {MEMBER[50:]} ; a=b")
    yield access("a tier with a long name", minted(tier="t" * 129, tiers=["t" * 129]))
    yield access("a long name asked for", minted(tiers=["t" * 129]), "tier:" + "t" * 129)
    yield access("with padding", _padded())
    yield access("four parts", f"{MEMBER}.x")
    yield access("dots only", "..")


def _as_long_as(length: int) -> str:
    """A good pass of so many characters."""
    heads = ({"alg": "HS256", "kid": "b", "typ": "J" * more} for more in range(1, 4))
    wanted = (minted(head, more="x" * more) for head in heads for more in range(1_150, 1_350))
    return next(token for token in wanted if len(token) == length)


def _padded() -> str:
    """A pass whose claims end in base64's padding, which Python reads."""
    head, body, _ = next(
        token for token in (minted(more="x" * n) for n in range(3)) if len(token.split(".")[1]) % 4
    ).split(".")
    padded = body + "=" * (-len(body) % 4)
    signature = hmac_sha256(PASS_KEY.encode(), f"{head}.{padded}".encode())
    return f"{head}.{padded}.{b64url(signature)}"
