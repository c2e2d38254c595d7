"""What is asked of the gate at the edge, and whether it opens: each case is what somebody may send.

`opens` False: the request goes on to the API as it came. `looks` False: so early that not even the keys are read.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from testkit.clock import NOW
from tests.edge.derivation import b64url, signed
from tests.edge.material import (
    ARTICLE,
    COOKIE,
    MEMBER,
    OLD_PASS_KEY,
    OLD_ROOT,
    PASS_KEY,
    PATRON,
    ROOT,
    UNTIL,
    issued,
    minted,
    sealed,
    ticket,
    written,
)

Headers = tuple[tuple[str, str], ...]
ACCESS, KEY = "/v1/access", f"/v1/articles/{ARTICLE}/key"
PROTOTYPE = ("__proto__", "constructor", "hasOwnProperty", "toString", "prototype", "length")


class Case(NamedTuple):
    """One request at one moment, and what becomes of it. `told`: keys other than the table's own."""

    name: str
    path: str
    query: str
    headers: Headers
    opens: bool = False
    looks: bool = True
    method: str = "GET"
    body: str = ""
    now: int = NOW
    told: Mapping[str, str] = {}


def with_pass(token: str, *more: tuple[str, str]) -> Headers:
    """The headers of a browser that holds a pass."""
    return (("Cookie", f"{COOKIE}={token}"), *more)


def access(name: str, token: str = MEMBER, needs: str = "members", **more: Any) -> Case:
    """The gate, asked with a pass."""
    return Case(f"access: {name}", ACCESS, urlencode({"needs": needs}), with_pass(token), **more)


def key(name: str, token: str = MEMBER, needs: str = "members", **more: Any) -> Case:
    """The key call; `v`, `t` other than the right ones."""
    query = {"v": more.pop("v", sealed(needs)), "needs": needs, "t": more.pop("t", ticket(needs))}
    return Case(f"key: {name}", more.pop("path", KEY), urlencode(query), with_pass(token), **more)


def every() -> Iterator[Case]:
    """All cases."""
    yield from _opened()
    yield from _passes()
    yield from _keys_that_the_edge_was_told()
    yield from _cookies()
    yield from _requests()
    yield from _parameters()
    yield from _tickets()
    yield from _prototypes()


def _opened() -> Iterator[Case]:
    yield access("a member for members", opens=True)
    yield access("a member for their tier", needs="tier:member", opens=True)
    yield access("a patron for a lower tier", PATRON, "tier:friend", opens=True)
    yield access("the last second of a pass", issued("member", exp=NOW + 1), opens=True)
    yield access("signed with the key before", issued("member", old=True), opens=True)
    yield access("paid until the year 9999", issued("member", until=253402300799), opens=True)
    yield access("a pass with spaces between its claims", written(',"tier"', ', "tier"'), opens=True)
    yield key("a member", opens=True)
    yield key("a patron for their tier", PATRON, "tier:patron", opens=True)
    yield key("sealed with the key before", v=sealed(old=True), t=ticket(old=True), opens=True)
    yield key("the last second of a ticket", t=ticket(exp=NOW + 1), opens=True)
    yield key("a ticket of a clock that is ahead", t=ticket(exp=NOW + 660), opens=True)
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
        yield call("a signature altered", MEMBER[:-1] + ("A" if MEMBER[-1] != "A" else "Q"))
        yield call("claims altered", MEMBER.replace(".eyJ", ".eyK", 1))
        yield call("another key's signature", minted(key=OLD_PASS_KEY))
        yield call("signed with the seal's root", minted({"alg": "HS256", "kid": "k2"}, ROOT))
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
    yield access("longer than a pass is", minted(more="x" * 1500))
    yield access("with padding", _padded())
    yield access("four parts", f"{MEMBER}.x")
    yield access("dots only", "..")


def _padded() -> str:
    """A pass whose claims end in base64's padding, which Python reads."""
    from tests.edge.derivation import hmac_sha256

    head, body, _ = minted(more="x").split(".")
    padded = next(f"{body}{pad}" for pad in ("=", "==") if len(body + pad) % 4 == 0)
    signature = hmac_sha256(PASS_KEY.encode(), f"{head}.{padded}".encode())
    return f"{head}.{padded}.{b64url(signature)}"


def _keys_that_the_edge_was_told() -> Iterator[Case]:
    """The edge is set up by hand: what stands there may be wrong, old or not there yet."""
    for what in ("pass_keys", "issuer", "audience"):
        yield access(f"without {what}", told={what: ""})
    yield access("no issuer, and a pass of none", minted(iss=""), told={"issuer": ""})
    yield access("no audience, and a pass of none", minted(aud=""), told={"audience": ""})
    yield access("keys with spaces between", told={"pass_keys": f" b:{PASS_KEY} , a:{OLD_PASS_KEY}"}, opens=True)
    yield access("an empty key", minted(key=""), told={"pass_keys": "b:"})
    yield access("a short key", minted(key="x" * 31), told={"pass_keys": "b:" + "x" * 31})
    yield access("a key without a name", minted({"alg": "HS256", "kid": ""}), told={"pass_keys": f":{PASS_KEY}"})
    yield access("one name twice", told={"pass_keys": f"b:{PASS_KEY},b:{OLD_PASS_KEY}"})
    yield key("without seal keys", told={"seal_keys": ""})
    yield key("a root that is over", told={"seal_keys": f"k1:{OLD_ROOT}"})
    short = ROOT[:42]
    yield key("a short root", told={"seal_keys": f"k2:{short}"}, **_sealed_with(short))


def _sealed_with(root: str) -> dict[str, str]:
    from tests.edge import derivation
    from tests.edge.material import BODY

    version = derivation.version(ARTICLE, "members", BODY, "k2", root)
    return {"v": version, "t": derivation.ticket(ARTICLE, version, "members", NOW + 600, root)}


def _cookies() -> Iterator[Case]:
    def sent(name: str, *lines: str, **more: Any) -> Case:
        return Case(f"cookie: {name}", ACCESS, "needs=members", tuple(("Cookie", line) for line in lines), **more)

    held = f"{COOKIE}={MEMBER}"
    yield sent("among others", f"a=b; {held}; __Host-spilno-session=x; c", opens=True)
    yield sent("without a space between", f"a=b;{held}", opens=True)
    yield sent("with a tab", f"a=b;\t{held}\t; c=d", opens=True)
    yield sent("twice", f"{held}; {held}", looks=False)
    yield sent("twice, one of them empty", f"{held}; {COOKIE}=", looks=False)
    yield sent("twice, on two lines", held, held, looks=False)
    yield sent("in quotes", f'{COOKIE}="{MEMBER}"')
    yield sent("of a name written in another case", f"__host-spilno-pass={MEMBER}", looks=False)
    yield sent("of a port", f"{COOKIE}-8000={MEMBER}", looks=False)
    yield sent("of a name that ends alike", f"x{COOKIE}={MEMBER}", looks=False)
    yield sent("empty", f"{COOKIE}=")
    yield sent("without a value", COOKIE, looks=False)
    yield sent("encoded", f"{COOKIE}={MEMBER.replace('.', '%2E')}")
    yield sent("behind a comma", f"a=b, {held}", looks=False)


def _requests() -> Iterator[Case]:
    for call in (access, key):
        whole = call("")
        for name, value in (
            ("Origin", "https://news.example"),
            ("Origin", "null"),
            ("Authorization", f"Bearer {PATRON}"),
            ("Authorization", "Basic dTpw"),
        ):
            yield whole._replace(name=f"{whole.name}{name} {value[:6]}", headers=with_pass(MEMBER, (name, value)), looks=False)
        for method in ("HEAD", "POST", "OPTIONS", "DELETE"):
            yield whole._replace(name=f"{whole.name}{method}", method=method, looks=False)
        yield whole._replace(
            name=f"{whole.name}with a body", headers=with_pass(MEMBER, ("Content-Length", "2")), body="{}", looks=False
        )
        yield whole._replace(
            name=f"{whole.name}with a body in pieces",
            headers=with_pass(MEMBER, ("Transfer-Encoding", "chunked")),
            body="2\r\n{}\r\n0\r\n\r\n",
            looks=False,
        )
        yield whole._replace(
            name=f"{whole.name}of no length", headers=with_pass(MEMBER, ("Content-Length", "0")), opens=True
        )
        yield whole._replace(
            name=f"{whole.name}a browser's other headers",
            headers=with_pass(MEMBER, ("Accept", "text/html"), ("Sec-Fetch-Site", "same-origin"), ("Sec-Purpose", "prefetch")),
            opens=True,
        )
    for path in (
        "/v1/access/", "/v1//access", "/v1/acces%73", "/V1/access", "/v1/access;x", "/v1/session", "/", "/v1/newsroom",
    ):  # fmt: skip
        yield access(f"at {path}", looks=False)._replace(path=path)
    for article in ("", "a/b", "a%2Fb", "bridge%2D2026.7", "x" * 129, "a b".replace(" ", "%20"), "%0A", "..%2f"):
        yield key(f"of {article[:9]!r}", path=f"/v1/articles/{article}/key", looks=False)
    yield key("at another end", path=f"/v1/articles/{ARTICLE}/keys", looks=False)
    yield key("of the article itself", path=f"/v1/articles/{ARTICLE}", looks=False)


def _parameters() -> Iterator[Case]:
    def asked(name: str, query: str, *, opens: bool = False) -> Case:
        return Case(f"query: {name}", ACCESS, query, with_pass(MEMBER), opens=opens)

    yield asked("none", "")
    yield asked("no needs", "v=1")
    yield asked("another one beside", "a=1&needs=members&b", opens=True)
    yield asked("encoded", "needs=%6Dembers", opens=True)
    yield asked("a tier, not encoded", "needs=tier:member", opens=True)
    yield asked("twice the same", "needs=members&needs=members")
    yield asked("twice", "needs=members&needs=tier:patron")
    yield asked("twice, one name encoded", "needs=members&n%65eds=tier:patron")
    yield asked("a name with a plus", "needs=members&+needs=x")
    yield asked("an encoded name", "n%65eds=members")
    yield asked("a list", "needs[]=members")
    yield asked("empty", "needs=")
    yield asked("without a sign", "needs")
    yield asked("broken percent", "needs=members%")
    yield asked("broken percent in another", "needs=tier:member&x=%zz", opens=True)
    yield asked("bytes that are no UTF-8", "needs=members%ff")
    yield asked("a newline behind", "needs=members%0A")
    yield asked("a newline before", "needs=%0Amembers")
    yield asked("a nul", "needs=members%00")
    yield asked("a plus", "needs=+members")
    yield asked("a space", "needs=members%20")
    yield asked("encoded twice", "needs=%256Dembers")
    yield asked("another case", "needs=Members")
    yield asked("an empty tier", "needs=tier:")
    yield asked("a tier behind other five letters", "needs=TIER:member")
    yield asked("a long tier", "needs=tier:" + "x" * 129)
    yield asked("a semicolon", "needs=members;v=1")
    for audience in ("open", "metered", "all", "tier:nobody"):
        yield asked(audience, f"needs={audience}")


def _tickets() -> Iterator[Case]:
    yield key("no ticket", t="")
    yield key("a ticket that is over", t=ticket(exp=NOW))
    yield key("a ticket of yesterday", t=ticket(exp=NOW - 86_400))
    yield key("a ticket that lives too long", t=ticket(exp=NOW + 661))
    yield key("a ticket of a higher tier", t=ticket("tier:patron"))
    yield key("a ticket of another article", t=ticket(article="other"))
    yield key("a ticket of another version", t=ticket(old=True))
    yield key("a later time on a ticket", t=f"{NOW + 601}.{ticket().partition('.')[2]}")
    yield key("a time with a zero before", t="0" + ticket())
    yield key("a time with a sign", t="+" + ticket())
    yield key("a ticket altered", t=ticket()[:-1] + ("A" if ticket()[-1] != "A" else "Q"))
    yield key("a ticket cut short", t=ticket()[:-1])
    yield key("a ticket doubled", t=ticket() + ticket())
    yield key("a ticket and a newline", t=ticket() + "\n")
    yield key("another version with this ticket", v=sealed(old=True))
    yield key("a version cut short", v=sealed()[:-1])
    yield key("a version and a newline", v=sealed() + "\n")
    yield key("a version of an unknown kid", v="k9" + sealed()[2:])
    yield key("a version of the pass's kid", v="b" + sealed()[2:])
    yield key("no version", v="")
    yield key("a lower tier for a higher text", needs="members", v=sealed("tier:patron"), t=ticket("tier:patron"))
    yield key("of another article", path="/v1/articles/other/key")
    whole = key("")
    for name in ("v", "needs", "t"):
        pairs = [pair for pair in whole.query.split("&") if not pair.startswith(f"{name}=")]
        own = next(pair for pair in whole.query.split("&") if pair.startswith(f"{name}="))
        yield whole._replace(name=f"key: without {name}", query="&".join(pairs))
        yield whole._replace(name=f"key: {name} twice", query=f"{whole.query}&{own}")
        yield whole._replace(name=f"key: {name} empty and whole", query=f"{name}=&{whole.query}")
        yield whole._replace(name=f"key: {name} with a broken percent", query=f"{whole.query}%")
        yield whole._replace(name=f"key: {name} with a newline", query=whole.query.replace(own, f"{own}%0A"))
    # `a\nb` in one part must not be the same as `a` and `b` in two.
    yield key("a part that holds two", v=f"{sealed()}\nmembers", needs="members")


def _prototypes() -> Iterator[Case]:
    for name in PROTOTYPE:
        yield access(f"kid {name}", minted({"alg": "HS256", "kid": name}))
        yield access(f"needs tier:{name}", needs=f"tier:{name}")
        yield key(f"kid {name}", v=name + sealed()[2:])
        yield Case(f"query: {name}", ACCESS, f"{name}=members", with_pass(MEMBER))
        yield Case(f"cookie: {name}", ACCESS, "needs=members", (("Cookie", f"{name}={MEMBER}"),), looks=False)
        yield key(f"of the article {name}", path=f"/v1/articles/{name}/key")
    yield access("a tier of this name", minted(tier="__proto__", tiers=["__proto__"]), "tier:__proto__", opens=True)
    yield access("claims with __proto__", written('{"iss"', '{"__proto__":{"x":1},"iss"'), opens=True)
    yield access("a head with __proto__", signed('{"__proto__":{"alg":"HS256","kid":"b"}}', "{}", PASS_KEY))
