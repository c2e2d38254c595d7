"""The ways out of a contract: whether each website leads to them, and what waits for a person too long."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests

from chalicelib.kernel.law import WAYS_OUT, WayOut, labels_in
from chalicelib.leaving.rows import statements
from ops.doctor import web
from ops.doctor.areas.newsroom import read_newsroom
from ops.doctor.findings import Finding, listing, note, ok, problem, warning
from ops.doctor.leaks.markup import pieces
from ops.doctor.obstacles import obstacle
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject

_HOPS = 3  # redirects of a front page that are followed, on the newsroom's own websites
_REDIRECTS = range(300, 400)


@dataclass(frozen=True)
class Site:
    """One website: the addresses that its front page links to. `silent`: why it could not be read."""

    origin: str
    links: tuple[str, ...] = ()
    silent: str = ""


@dataclass(frozen=True)
class Facts:
    """The listed websites. `lang`: the newsroom's first language, for the words that are missing."""

    public_url: str
    lang: str
    sites: tuple[Site, ...]


def gather(subject: Subject) -> Facts:
    """Read the front page of each website as a stranger."""
    newsroom = read_newsroom(subject).newsroom
    lang = newsroom.languages[0] if newsroom else "en"
    listed = tuple(origin.lower() for origin in subject.site_origins)
    return Facts(subject.public_url, lang, tuple(_read(origin, listed) for origin in subject.site_origins))


def _read(origin: str, listed: tuple[str, ...]) -> Site:
    url = f"{origin}/"
    for _ in range(_HOPS):
        try:
            page = web.fetch(url)
        except requests.RequestException as error:
            return Site(origin, silent=obstacle(error).says)
        if page.status not in _REDIRECTS:
            break
        url = urljoin(url, page.header("location"))
        target = urlsplit(url)
        if f"{target.scheme}://{target.netloc}".lower() not in listed:
            return Site(origin, silent=f"it sends its readers to {target.netloc}")
    if page.media_type != "text/html" or not page.text:
        return Site(origin, silent=f"it answers {page.status} {page.media_type}")
    return Site(origin, tuple(_links(page.text, url)))


def _links(html: str, url: str) -> Iterator[str]:
    for piece in pieces(html):
        if piece.kind == "start" and piece.name == "a" and (href := piece.attribute("href")):
            yield urljoin(url, href.strip())


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Say which website leads to which way out, and with which words to mend it."""
    found: list[Finding] = []
    for site in facts.sites:
        if site.silent:
            found.append(
                note("ways_out_unseen", f"Whether {site.origin} links to the ways out is not known: {site.silent}.")
            )
            continue
        missing = [way for way in WAYS_OUT if not _leads(site, facts.public_url, way)]
        if missing:
            says = f"The front page of {site.origin} does not link to {listing([f'/{way}' for way in missing])}: "
            says += "some laws want that where the contract is made (docs/leaving.md)."
            found.append(warning("ways_out_missing", says, _mend(facts, missing)))
    yield from found
    if facts.sites and not found:
        yield ok("ways_out", f"{listing([site.origin for site in facts.sites])}: both ways out are linked.")


def _leads(site: Site, public_url: str, way: WayOut) -> bool:
    wanted = urlsplit(f"{public_url}/{way}")
    return any(
        (seen.netloc.lower(), seen.path.rstrip("/")) == (wanted.netloc.lower(), wanted.path)
        for seen in map(urlsplit, site.links)
    )


def _mend(facts: Facts, missing: Iterable[WayOut]) -> str:
    labels = labels_in(facts.lang)
    lines = [f'<a href="{facts.public_url}/{way}">{labels.entry[way]}</a>' for way in missing]
    return "\n".join(["Add to the foot of every page, with nothing else in the link:", *lines])


@dataclass(frozen=True)
class Waiting:
    """The statements that wait for a person: how many, and how many of them past their deadline."""

    waiting: int
    late: int
    stage: str


def gather_waiting(subject: Subject) -> Waiting:
    """Read what is not settled yet."""
    now = subject.now()
    found = [one for one in statements.open_statements(subject.table) if one.status == "waiting"]
    meant = [one for one in found if one.supporter or not one.many]
    return Waiting(len(meant), sum(one.deadline is not None and one.deadline < now for one in meant), subject.stage)


def check_waiting(facts: Waiting, _now: int) -> Iterable[Finding]:
    """A deadline that passed is a law's, or a payment that should not have been taken."""
    mend = f"python -m ops --stage {facts.stage} statements list"
    if facts.late:
        says = f"{facts.late} of {facts.waiting} cancellations and withdrawals wait for a person past their deadline."
        yield problem("statements_late", says, mend)
    elif facts.waiting:
        yield note("statements_waiting", f"{facts.waiting} cancellations and withdrawals wait for a person.", mend)
    else:
        yield ok("statements", "No cancellation and no withdrawal waits for a person.")


PROBES = (
    Probe("site", "links to the ways out", gather, check),
    Probe("books", "statements of leaving", gather_waiting, check_waiting),
)
