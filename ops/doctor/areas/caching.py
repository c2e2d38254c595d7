"""Caches and proxies between readers and the API: whether they store nothing private, and pass on what they must."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from ops.doctor import web
from ops.doctor.areas.api import as_json, ours
from ops.doctor.findings import Finding, listing, note, ok, problem, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject

# Paths that any cache may keep, and for how long, in seconds; those that answer alike everywhere are asked for.
KEPT = {"/v1/newsroom": 60, "/widget.js": 300}
_PUBLIC = (
    "/widget.js, /widget/*, /v1/newsroom, /v1/articles/*/seal, /v1/articles/*/sealed/*, /v1/machines, /robots.txt "
    "and /license.xml"
)
# The key of no article: refused to everybody, and a cache that keeps this answer would keep a key.
PRIVATE = ("/v1/session", "/v1/access?needs=members", "/v1/articles/spilno-doctor/key", "/donate", "/account")
_RECIPE = "docs/same-origin.md has the settings for each kind of host."
_MAX_AGE = re.compile(r"max-age=(\d+)")
_HIT = re.compile(r"\bhit\b", re.IGNORECASE)


@dataclass(frozen=True)
class Seen:
    """One path asked twice; the second answer counts."""

    path: str
    reply: web.Reply

    @property
    def from_cache(self) -> bool:
        """Whether a cache answered: it has an age, or the CDN says so."""
        said = " ".join(
            self.reply.header(name) for name in ("x-cache", "cf-cache-status", "x-nf-cache", "cache-status")
        )
        return (
            int(self.reply.header("age") or 0) > 0 if self.reply.header("age").isdigit() else bool(_HIT.search(said))
        )


@dataclass(frozen=True)
class Facts:
    """The answers at private paths, and at two that may be cached."""

    private: tuple[Seen, ...]
    kept: tuple[Seen, ...]


def gather(subject: Subject) -> Facts:
    """Ask for each path twice: the second time a cache would answer."""
    assert ours(subject)

    def twice(path: str) -> Seen:
        web.fetch(f"{subject.public_url}{path}")
        return Seen(path, web.fetch(f"{subject.public_url}{path}"))

    return Facts(tuple(twice(path) for path in PRIVATE), tuple(twice(path) for path in KEPT))


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Report private answers that a cache stored: it would show one reader's session to another."""
    found = []
    if hits := [one.path for one in facts.private if one.from_cache]:
        says = f"A cache answers {listing(hits)}: one reader gets another's answer."
        found.append(problem("cache_private", says, f"Turn caching off for all but {_PUBLIC}. {_RECIPE}"))
    bare = [one.path for one in facts.private if "no-store" not in one.reply.header("cache-control").lower()]
    if bare:
        says = f"{listing(bare)} arrive without our 'no-store': something on the way replaces Cache-Control."
        found.append(problem("cache_header", says, f"Pass our Cache-Control on unchanged. {_RECIPE}"))
    for one in facts.kept:
        found += _kept(one, KEPT[one.path])
    yield from found or [ok("caches", "Nothing private is kept on the way; the two public files are.")]


def _kept(one: Seen, seconds: int) -> Iterable[Finding]:
    wanted = "text/javascript" if one.path.endswith(".js") else "application/json"
    if one.reply.status != 200 or one.reply.media_type != wanted:  # noqa: PLR2004 - OK
        says = f"{one.path} answers {one.reply.status} {one.reply.media_type}."
        yield problem("public_missing", f"{says} Donate buttons and walls do not work without it.", _RECIPE)
        return
    age = one.reply.header("age")
    match = _MAX_AGE.search(one.reply.header("cache-control"))
    if age.isdigit() and int(age) > seconds:
        says = f"A cache keeps {one.path} for {age} seconds and more; {seconds} are meant."
        yield warning(
            "cache_too_long", says, f"Let the CDN keep our own max-age: no minimum time of its own. {_RECIPE}"
        )
    elif match is None or int(match[1]) > seconds:
        says = f"{one.path} arrives with 'Cache-Control: {one.reply.header('cache-control')}'."
        yield note("cache_public_header", says, f"Pass our Cache-Control on unchanged. {_RECIPE}")


@dataclass(frozen=True)
class Passed:
    """Answers that show what was passed on: the Authorization header, the query, a POST, a cookie, HEAD."""

    authorization: web.Reply
    query: web.Reply
    post: web.Reply
    cookie: web.Reply
    proxied: bool | None
    has_secret: bool
    local: bool


def gather_passed(subject: Subject, cookie_suffix: str | None = None) -> Passed:
    """Make calls that change nothing: each is refused with a certain code when it arrives whole.

    :param cookie_suffix: what cookie names end in; None: as the app ends them, in the port on the local stack.
    """
    base = subject.public_url
    bearer = {"Authorization": "Bearer spilno-doctor"}
    json_type = {"Content-Type": "application/json"}
    name = "__Host-spilno-session"
    if cookie_suffix is None and subject.local:
        cookie_suffix = f"-{urlsplit(base).port or 80}"
    name += cookie_suffix or ""
    told = as_json(ours(subject)).get("proxied")
    has_secret = not subject.local and _has_proxy_secret(subject)
    return Passed(
        authorization=web.fetch(f"{base}/v1/articles/spilno-doctor", headers=bearer),
        query=web.fetch(f"{base}/v1/access?needs=spilno-doctor"),
        post=web.fetch(f"{base}/v1/checkouts", method="POST", headers=json_type, body="{}"),
        cookie=web.fetch(f"{base}/v1/session", headers={"Cookie": f"{name}=spilno-doctor"}),
        proxied=told if isinstance(told, bool) else None,
        has_secret=has_secret,
        local=subject.local,
    )


def _has_proxy_secret(subject: Subject) -> bool:
    try:
        return bool(subject.secrets.get("SPILNO_PROXY_SECRET"))
    except (ClientError, BotoCoreError):
        return False  # the secrets' own check reports that; what is passed on can be seen without them


def check_passed(facts: Passed, _now: int) -> Iterable[Finding]:
    """Report what is not passed on, by the harm that a newsroom would notice."""
    lost = []
    if as_json(facts.authorization).get("code") != "unknown_key":
        lost.append("the Authorization header (the CMS cannot put articles)")
    if as_json(facts.query).get("code") != "bad_needs":
        lost.append("the query (?needs=…)")
    if as_json(facts.post).get("status") != 400:  # noqa: PLR2004 - refused as it is empty
        lost.append("POST with a body (nobody can give)")
    # The API removes the cookie of an unknown session.
    if "__host-spilno-session" not in facts.cookie.header("set-cookie").lower():
        lost.append("cookies (nobody stays signed in)")
    if lost:
        says = f"On the way to the API gets lost: {listing(lost)}."
        yield problem(
            "passing", says, f"Let the CDN or proxy pass all methods, headers, cookies and queries. {_RECIPE}"
        )
    else:
        yield ok("passing", "Methods, headers, cookies and queries arrive at the API.")
    yield from _proxy(facts)


def _proxy(facts: Passed) -> Iterable[Finding]:
    if facts.local or not facts.has_secret:
        return
    if facts.proxied is False:
        yield problem(
            "proxy_secret",
            "The proxy or CDN does not present its secret: all readers count as one and share its limits.",
            "Let it send X-Spilno-Proxy with the value of /spilno/<stage>/SPILNO_PROXY_SECRET. " + _RECIPE,
        )
    elif facts.proxied is None:
        yield note("proxy_unseen", "Whether the proxy presents its secret cannot be seen from outside.")


PROBES = (
    Probe("site", "caches on the way", gather, check),
    Probe("site", "what is passed on to the API", gather_passed, check_passed),
)
