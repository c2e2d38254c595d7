"""What readers cost in units: the gate, signing in, the account, articles, starting to give and coming back."""

from collections.abc import Iterator

from bench.workbench import Measured, Workbench
from testkit.harness import Harness
from testkit.visitor import Visitor

ARTICLE = {
    "title": "Міст через Надру відкриють у травні",
    "url": "http://127.0.0.1:8080/bridge",
    "access": "members",
    "teaser_html": "<p>Рада проголосувала.</p>",
}
_PARAGRAPHS = 60  # of a long read
_A_PAGE = 100  # of the list of articles
_LISTED = {
    "author": "Олена Коваль",
    "section": "Місто",
    "tags": ["мости", "гроші"],
    "origin": "hugo",
    "revision": "3f9c",
}


def readers(workbench: Workbench) -> Iterator[Measured]:
    """Every operation that a reader, or the newsroom's CMS, begins."""
    visitor, email = Visitor(), "reader@reader.example"
    yield from _giving(workbench, visitor, email)
    yield from _signing_in(workbench, visitor, email)
    yield from _reading(workbench, visitor)


def _giving(workbench: Workbench, visitor: Visitor, email: str) -> Iterator[Measured]:
    harness, found = workbench.harness, dict[str, str]()
    gift = {"amount": 1000, "currency": "eur", "interval": "month", "attempt": "bench-0123456789ab", "email": email}
    yield workbench.measure("checkout started", lambda: found.update(visitor.post("/v1/checkouts", gift).json))
    session = found["id"]
    harness.stripe.pay(session, email)
    back = f"/v1/checkouts/return?session_id={session}"
    yield workbench.measure("return page, the first to tell", lambda: _answered(303, visitor.get(back).status))
    yield workbench.measure("return page again", lambda: _answered(303, visitor.get(back).status))


def _signing_in(workbench: Workbench, visitor: Visitor, email: str) -> Iterator[Measured]:
    harness = workbench.harness
    ask = {"email": email}
    yield workbench.measure("sign-in asked", lambda: _answered(202, visitor.post("/v1/sign-in", ask).status))
    code = {"code": harness.mails.last.code}
    confirm = "/v1/sign-in/confirm"
    yield workbench.measure("sign-in confirmed", lambda: _answered(200, visitor.post(confirm, code).status))
    yield workbench.measure("session read", lambda: _answered(200, visitor.get("/v1/session").status))
    yield workbench.measure("own account, /v1/me", lambda: _answered(200, visitor.get("/v1/me").status))
    yield workbench.measure("account page", lambda: _answered(200, visitor.navigate("/account").status))


def _reading(workbench: Workbench, visitor: Visitor) -> Iterator[Measured]:
    harness = workbench.harness
    gate = "/v1/access?needs=members"
    yield workbench.measure("gate check, valid pass", lambda: _opened(visitor, gate))
    harness.pass_time(400)
    yield workbench.measure("gate check, pass expired", lambda: _opened(visitor, gate))
    harness.pass_time(2 * 86_400)
    yield workbench.measure("gate check, first of a day", lambda: _opened(visitor, gate))
    yield workbench.measure("gate check, stranger", lambda: Visitor().get(gate))

    cms, key = Visitor(origin=None), harness.cms_key()
    article = {**ARTICLE, "body_html": _body(harness)}
    path = "/v1/articles/bench"
    told: dict[str, str] = {}
    yield workbench.measure("article put", lambda: told.update(cms.put(path, article, **key).json["seal"]))
    again = {**article, **_LISTED}
    yield workbench.measure("article put again", lambda: _answered(200, cms.put(path, again, **key).status))
    for number in range(_A_PAGE):
        cms.put(f"/v1/articles/a-bridge-2026-{number}", {**ARTICLE, **_LISTED, "body_html": "<p>…</p>"}, **key)
    listed = "/v1/articles"
    yield workbench.measure(
        "list of articles, a page of 100", lambda: _answered(_A_PAGE, len(cms.get(listed, **key).json["items"]))
    )
    visitor.get(gate)  # a pass that lives as long as the ticket will
    by_ticket = f"{path}/key?v={told['version']}&needs=members&t={told['ticket']}"
    yield workbench.measure("key of a sealed text, valid pass", lambda: _answered(200, visitor.get(by_ticket).status))
    sealed = told["sealed"].removeprefix(harness.settings.public_url)
    yield workbench.measure("sealed text read", lambda: _answered(200, visitor.get(sealed).status))
    harness.pass_time(60)  # longer than a process remembers the article
    yield workbench.measure("article read, valid pass", lambda: _answered(200, visitor.get(path).status))
    yield workbench.measure("article read again within seconds", lambda: _answered(200, visitor.get(path).status))


def _body(harness: Harness) -> str:
    """A long read's worth of text that does not compress better than prose does."""
    words = sorted(
        {word for text in harness.newsroom.texts.values() for line in text.values() for word in line.split()}
    )
    lines = (
        " ".join(words[(7 * line + 3 * word * line) % len(words)] for word in range(60))
        for line in range(_PARAGRAPHS)
    )
    return "".join(f"<p>{line}</p>" for line in lines)


def _opened(visitor: Visitor, url: str) -> None:
    assert visitor.get(url).json["open"]


def _answered(wanted: int, status: int) -> None:
    assert status == wanted, status
