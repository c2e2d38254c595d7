"""What the newsroom's websites tell machines: the lines of robots.txt, and what gated pages say of themselves."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import requests

from chalicelib.articles.rows import articles
from chalicelib.articles.rules.policy import OPEN
from chalicelib.machines.rules import robots
from chalicelib.machines.views.addresses import license_url_of
from chalicelib.newsroom.rules import Machines
from ops.doctor import web
from ops.doctor.areas.newsroom import read_newsroom
from ops.doctor.findings import Finding, listing, note, ok, warning
from ops.doctor.obstacles import obstacle
from ops.doctor.probe import Probe
from ops.doctor.robots_file import may_fetch
from ops.doctor.subject import Subject

_LOOKED_THROUGH, _READ = 50, 3  # articles: so many are looked up, and the pages of so many are read
_DATA = re.compile(r"<script[^>]*\bapplication/ld\+json\b[^>]*>(.*?)</script", re.IGNORECASE | re.DOTALL)
_MISSING, _FOUND = 404, 200
_SEARCH = ("Googlebot", "Bingbot")
_MEND = "python -m ops robots prints the lines for the end of each website's robots.txt (docs/search-engines.md)."


@dataclass(frozen=True)
class RobotsFile:
    """A website's robots.txt, empty where there is none. `silent`: why it could not be read."""

    origin: str
    text: str = ""
    silent: str = ""


@dataclass(frozen=True)
class RobotsFacts:
    """The newsroom's table, None where its file has a mistake, and what the websites say."""

    policy: Machines | None
    license_url: str
    files: tuple[RobotsFile, ...]


def gather_robots(subject: Subject) -> RobotsFacts:
    """Read each website's robots.txt as a stranger."""
    newsroom = read_newsroom(subject).newsroom
    files = tuple(_robots(origin) for origin in subject.site_origins)
    return RobotsFacts(newsroom.machines if newsroom else None, license_url_of(subject.public_url), files)


def _robots(origin: str) -> RobotsFile:
    try:
        reply = web.fetch(f"{origin}/robots.txt")
    except requests.RequestException as error:
        return RobotsFile(origin, silent=obstacle(error).says)
    if reply.status not in (_FOUND, _MISSING):
        return RobotsFile(origin, silent=f"its robots.txt answers {reply.status}")
    # What answers every address with a page has no robots.txt.
    return RobotsFile(origin, "" if reply.status == _MISSING or reply.media_type == "text/html" else reply.text)


def check_robots(facts: RobotsFacts, _now: int) -> Iterable[Finding]:
    """Hold the websites' lines against the newsroom's table."""
    if facts.policy is None:
        return
    found: list[Finding] = []
    for file in facts.files:
        if file.silent:
            found.append(note("robots_unseen", f"What {file.origin} tells robots is not known: {file.silent}."))
            continue
        if shut := [name for name in _SEARCH if not may_fetch(file.text, name, "/")]:
            says = f"The robots.txt of {file.origin} shuts out {listing(shut)}: nobody finds the website."
            mend = (
                "Give each group a rule of its own: names in a row are one group until an Allow or a Disallow comes."
            )
            found.append(warning("robots_search_shut", says, mend))
        if let_in := _let_in(facts.policy, file):
            says = f"[machines] says nothing for {listing(let_in)}; the robots.txt of {file.origin} lets them in."
            found.append(warning("robots_let_in", says, _MEND))
        elif facts.license_url not in _licences(file.text):
            says = f"The robots.txt of {file.origin} does not name your licence ({facts.license_url})."
            found.append(note("robots_no_licence", says, _MEND))
    yield from found
    if facts.files and not found:
        yield ok("robots", f"{listing([file.origin for file in facts.files])}: robots.txt says what [machines] says.")


def _let_in(policy: Machines, file: RobotsFile) -> list[str]:
    """The names that our lines shut out of the whole website, and this file does not."""
    return [name for name in robots.shut_out(policy) if may_fetch(file.text, name, "/")]


def _licences(text: str) -> list[str]:
    fields = (line.partition("#")[0].partition(":") for line in text.splitlines())
    return [value.strip() for name, _, value in fields if name.strip().lower() == "license"]


@dataclass(frozen=True)
class GatedPage:
    """The page of a gated article. `told`: whether it says for search engines which part is not free."""

    url: str
    told: bool = False
    silent: str = ""


def gather_pages(subject: Subject) -> tuple[GatedPage, ...]:
    """Read the pages of a few gated articles as a stranger, on the newsroom's websites only."""
    now, places = subject.now(), tuple(f"{origin}/" for origin in subject.site_origins)
    stored = (
        articles.read(subject.table, name) for name in islice(articles.every_article(subject.table), _LOOKED_THROUGH)
    )
    gated = (one.url for one in stored if one and one.policy.needs(now) is not OPEN and one.url.startswith(places))
    return tuple(_page(url) for url in islice(dict.fromkeys(gated), _READ))


def _page(url: str) -> GatedPage:
    try:
        reply = web.fetch(url)
    except requests.RequestException as error:
        return GatedPage(url, silent=obstacle(error).says)
    if reply.status != _FOUND:
        return GatedPage(url, silent=f"it answers {reply.status}")
    return GatedPage(url, says_gated(reply.text))


def says_gated(html: str) -> bool:
    """Whether a page's JSON-LD says that something of it is not free."""
    free = (str(block.get("isAccessibleForFree", "")) for block in _blocks(html))
    return any(said.lower().rpartition("/")[2] == "false" for said in free)


def _blocks(html: str) -> Iterator[dict[str, Any]]:
    """Everything that the page's JSON-LD describes, in lists and graphs too."""
    for text in _DATA.findall(html):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            continue
        for one in found if isinstance(found, list) else [found]:
            graph = one.get("@graph") if isinstance(one, dict) else None
            yield from (part for part in (graph if isinstance(graph, list) else [one]) if isinstance(part, dict))


def check_pages(facts: tuple[GatedPage, ...], _now: int) -> Iterable[Finding]:
    """A page that shows a teaser and does not say why may be taken for a thin one."""
    seen = [page for page in facts if not page.silent]
    silent = [page.url for page in seen if not page.told]
    if unseen := [f"{page.url} ({page.silent})" for page in facts if page.silent]:
        yield note("gated_pages_unseen", f"Gated pages that could not be read: {listing(unseen)}.")
    if silent:
        yield note(
            "gated_pages_untold",
            f"Search engines are not told that a part is gated: {listing(silent)}.",
            "Print the JSON-LD into these pages: docs/search-engines.md.",
        )
    elif seen:
        yield ok("gated_pages", "Gated pages say for search engines which part is not free.")


PROBES = (
    Probe("machines", "what websites tell robots", gather_robots, check_robots),
    Probe("machines", "what gated pages say of themselves", gather_pages, check_pages),
)
