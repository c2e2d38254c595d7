"""What readers cost in units: the gate, signing in, the account, articles, starting to give and coming back."""

from collections.abc import Iterator

from bench.desk import Desk, Measured
from tests.support.calls import Visitor
from tests.support.till import Till

ARTICLE = {
    "title": "Міст через Надру відкриють у травні",
    "url": "http://127.0.0.1:8080/bridge",
    "access": "members",
    "teaser_html": "<p>Рада проголосувала.</p>",
}
_PARAGRAPHS = 60  # of a long read


def readers(desk: Desk) -> Iterator[Measured]:
    """Every operation that a reader, or the newsroom's CMS, begins."""
    visitor, email = Visitor(), "reader@reader.example"
    yield from _giving(desk, visitor, email)
    yield from _signing_in(desk, visitor, email)
    yield from _reading(desk, visitor)


def _giving(desk: Desk, visitor: Visitor, email: str) -> Iterator[Measured]:
    till, found = desk.till, dict[str, str]()
    gift = {"amount": 1000, "currency": "eur", "interval": "month", "attempt": "bench-0123456789ab", "email": email}
    yield desk.measure("checkout started", lambda: found.update(visitor.post("/v1/checkouts", gift).json))
    session = found["id"]
    till.double.pay(session, email)
    back = f"/v1/checkouts/return?session_id={session}"
    yield desk.measure("return page, the first to tell", lambda: _answered(303, visitor.get(back).status))
    yield desk.measure("return page again", lambda: _answered(303, visitor.get(back).status))


def _signing_in(desk: Desk, visitor: Visitor, email: str) -> Iterator[Measured]:
    till = desk.till
    ask = {"email": email}
    yield desk.measure("sign-in asked", lambda: _answered(202, visitor.post("/v1/sign-in", ask).status))
    code = {"code": till.post.last.code}
    confirm = "/v1/sign-in/confirm"
    yield desk.measure("sign-in confirmed", lambda: _answered(200, visitor.post(confirm, code).status))
    yield desk.measure("session read", lambda: _answered(200, visitor.get("/v1/session").status))
    yield desk.measure("own account, /v1/me", lambda: _answered(200, visitor.get("/v1/me").status))
    yield desk.measure("account page", lambda: _answered(200, visitor.navigate("/account").status))


def _reading(desk: Desk, visitor: Visitor) -> Iterator[Measured]:
    till = desk.till
    gate = "/v1/access?needs=members"
    yield desk.measure("gate check, valid pass", lambda: _opened(visitor, gate))
    till.pass_time(400)
    yield desk.measure("gate check, pass expired", lambda: _opened(visitor, gate))
    till.pass_time(2 * 86_400)
    yield desk.measure("gate check, first of a day", lambda: _opened(visitor, gate))
    yield desk.measure("gate check, stranger", lambda: Visitor().get(gate))

    cms, key = Visitor(origin=None), till.cms_key()
    article = {**ARTICLE, "body_html": _body(till)}
    path = "/v1/articles/bench"
    yield desk.measure("article put", lambda: _answered(200, cms.put(path, article, **key).status))
    yield desk.measure("article read, valid pass", lambda: _answered(200, visitor.get(path).status))
    yield desk.measure("article read again within seconds", lambda: _answered(200, visitor.get(path).status))


def _body(till: Till) -> str:
    """A long read's worth of text that does not compress better than prose does."""
    words = sorted({word for text in till.newsroom.texts.values() for line in text.values() for word in line.split()})
    lines = (
        " ".join(words[(7 * line + 3 * word * line) % len(words)] for word in range(60))
        for line in range(_PARAGRAPHS)
    )
    return "".join(f"<p>{line}</p>" for line in lines)


def _opened(visitor: Visitor, url: str) -> None:
    assert visitor.get(url).json["open"]


def _answered(wanted: int, status: int) -> None:
    assert status == wanted, status
