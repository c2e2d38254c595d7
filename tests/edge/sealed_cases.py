"""Tickets and versions, and keys that the edge was told."""

from collections.abc import Iterator

from testkit.clock import NOW
from tests.edge import derivation
from tests.edge.asking import Case, access, altered, key
from tests.edge.material import ARTICLE, BODY, OLD_PASS_KEY, OLD_ROOT, PASS_KEY, ROOT, minted, sealed, ticket


def every() -> Iterator[Case]:
    """All of these cases."""
    yield from _keys_that_the_edge_was_told()
    yield from _tickets()


def _keys_that_the_edge_was_told() -> Iterator[Case]:
    """The edge is set up by hand: what stands there may be wrong, old or not there yet."""
    for what in ("pass_keys", "issuer", "audience"):
        yield access(f"without {what}", told={what: ""})
    yield access("no issuer, and a pass of none", minted(iss=""), told={"issuer": ""})
    yield access("no audience, and a pass of none", minted(aud=""), told={"audience": ""})
    yield access("keys with spaces between", told={"pass_keys": f" b:{PASS_KEY} , a:{OLD_PASS_KEY}"}, opens=True)
    yield access("an empty key", minted(key=""), told={"pass_keys": "b:"})
    least, less = PASS_KEY[-32:], PASS_KEY[-31:]
    yield access("a key of 32 letters", minted(key=least), told={"pass_keys": f"b:{least}"}, opens=True)
    yield access("a short key", minted(key=less), told={"pass_keys": f"b:{less}"})
    yield access("a key without a name", minted({"alg": "HS256", "kid": ""}), told={"pass_keys": f":{PASS_KEY}"})
    yield access("one name twice", told={"pass_keys": f"b:{PASS_KEY},b:{OLD_PASS_KEY}"})
    yield key("without seal keys", told={"seal_keys": ""})
    yield key("a root that is over", told={"seal_keys": f"k1:{OLD_ROOT}"})
    short = ROOT[:42]
    long = "k" * 16
    yield key("a root with a long name", told={"seal_keys": f"{long}:{ROOT}"}, **_sealed_with(ROOT, long), opens=True)
    yield key(
        "a root with a name of one letter", told={"seal_keys": f"k:{ROOT}"}, **_sealed_with(ROOT, "k"), opens=True
    )
    yield key("a root with too long a name", told={"seal_keys": f"{long}k:{ROOT}"}, **_sealed_with(ROOT, long + "k"))
    yield key("a short root", told={"seal_keys": f"k2:{short}"}, **_sealed_with(short))


def _sealed_with(root: str, kid: str = "k2") -> dict[str, str]:
    version = derivation.version(ARTICLE, "members", BODY, kid, root)
    return {"v": version, "t": derivation.ticket(ARTICLE, version, "members", NOW + 600, root)}


def _tickets() -> Iterator[Case]:
    yield key("no ticket", t="")
    yield key("a ticket that is over", t=ticket(exp=NOW))
    yield key("a ticket of yesterday", t=ticket(exp=NOW - 86_400))
    yield key("a ticket that lives too long", t=ticket(exp=NOW + 601))
    yield key("a ticket of a higher tier", t=ticket("tier:patron"))
    yield key("a ticket of another article", t=ticket(article="other"))
    yield key("a ticket of another version", t=ticket(old=True))
    yield key("a later time on a ticket", t=f"{NOW + 600}.{ticket(exp=NOW + 60).partition('.')[2]}")
    yield key("a time with a zero before", t="0" + ticket())
    yield key("a time with a sign", t="+" + ticket())
    yield key("a ticket whose last character is altered", t=altered(ticket(), -1))
    yield key("a ticket whose first character is altered", t=altered(ticket(), ticket().index(".") + 1))
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
