"""Requests that are not quite the two calls: cookies, methods, headers, paths, parameters, names of a prototype."""

from collections.abc import Iterator
from typing import Any

from tests.edge.asking import ACCESS, Case, access, key, with_pass
from tests.edge.derivation import signed
from tests.edge.material import ARTICLE, COOKIE, MEMBER, PASS_KEY, PATRON, minted, sealed, written

LOCAL = "http://127.0.0.1:8090"
PROTOTYPE = ("__proto__", "constructor", "hasOwnProperty", "toString", "prototype", "length")


def every() -> Iterator[Case]:
    """All of these cases."""
    yield from _cookies()
    yield from _requests()
    yield from _parameters()
    yield from _prototypes()


def _cookies() -> Iterator[Case]:
    def sent(name: str, *lines: str, **more: Any) -> Case:
        return Case(f"cookie: {name}", ACCESS, "needs=members", tuple(("Cookie", line) for line in lines), **more)

    held = f"{COOKIE}={MEMBER}"
    yield sent("among others", f"a=b; {held}; __Host-spilno-session=x; c", opens=True)
    marks = "; ".join(f"__Host-spilno-m-{number:05}=AbCdEfGhIjKlMnOpQrStUv" for number in range(100))
    yield sent(
        "among a hundred marks of the meter", f"{marks}; {held}; {marks.replace('m-', 'g-')[:1000]}", opens=True
    )
    yield sent("without a space between", f"a=b;{held}", opens=True)
    yield sent("with a tab", f"a=b;\t{held}\t; c=d", opens=True)
    yield sent("with spaces around the sign", f"a=b; {COOKIE} = {MEMBER} ; c=d", opens=True)
    yield sent("twice", f"{held}; {held}", looks=False)
    yield sent("twice, one of them without a value", f"{held}; {COOKIE}", looks=False)
    yield sent("twice, one of them empty", f"{held}; {COOKIE}=", looks=False)
    yield sent("twice, on two lines", held, held, looks=False)
    yield sent("in quotes", f'{COOKIE}="{MEMBER}"')
    yield sent("of a name written in another case", f"__host-spilno-pass={MEMBER}", looks=False)
    yield sent("of a port", f"{COOKIE}-8000={MEMBER}")
    # A developer's machine: cookies do not keep ports apart, so each stack's has its own name.
    local, held_there = {"issuer": LOCAL}, minted(iss=LOCAL)
    yield sent("of the local stack", f"{COOKIE}-8090={held_there}", told=local, opens=True)
    yield sent("of another local stack", f"{COOKIE}-8091={held_there}", told=local)
    yield sent("without a port on the local stack", f"{COOKIE}={held_there}", told=local)
    yield sent("of a name that ends alike", f"x{COOKIE}={MEMBER}", looks=False)
    yield sent("empty", f"{COOKIE}=")
    yield sent("without a value", COOKIE)
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
            yield whole._replace(
                name=f"{whole.name}{name} {value[:6]}", headers=with_pass(MEMBER, (name, value)), looks=False
            )
        for method in ("HEAD", "POST", "OPTIONS", "DELETE"):
            yield whole._replace(name=f"{whole.name}{method}", method=method, looks=False)
        yield whole._replace(
            name=f"{whole.name}with a body",
            headers=with_pass(MEMBER, ("Content-Length", "2")),
            body="{}",
            looks=False,
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
            headers=with_pass(
                MEMBER, ("Accept", "text/html"), ("Sec-Fetch-Site", "same-origin"), ("Sec-Purpose", "prefetch")
            ),
            opens=True,
        )
    for path in ("/v1/access/", "/v1//access", "/v1/acces%73", "/V1/access", "/v1/access;x", "/v1/session", "/"):
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
    yield asked("broken percent in another", "needs=tier:member&x=%zz")
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
