"""Reads the addresses, politely: one at a time, with a pause, each once, on the newsroom's own hosts only."""

import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit

import requests

from ops.doctor import web
from ops.doctor.leaks.variants import PAGES_NAMED, Visit, linked
from ops.doctor.obstacles import obstacle

PAUSE = 0.05  # seconds between two requests
_HOPS = 4
_OK = range(200, 300)
_MOVED = (301, 302, 303, 307, 308)


@dataclass
class Crawl:
    """One run. `hosts` are the only ones asked; `budget` the requests that may still be made."""

    hosts: frozenset[str]
    budget: int
    read: int = 0
    left_out: int = 0
    unread: dict[str, str] = field(default_factory=dict)
    pause: float = PAUSE

    def answers(self, visits: Iterable[Visit]) -> Iterator[tuple[Visit, web.Reply]]:
        """Every answer that has something to read, and those that it leads to."""
        queues, known = (deque(visits), deque[Visit]()), set[tuple[str, str, str]]()
        turn = 0
        while any(queues):
            # In turn, or a large sitemap would use up the requests, or many articles leave none for its pages.
            turn = 1 - turn if queues[1 - turn] else turn
            visit = queues[turn].popleft()
            name = (urldefrag(visit.url).url, visit.agent, visit.referer)
            if name in known or not self._ours(visit.url):
                continue
            known.add(name)
            if self.budget <= 0:
                self.left_out += 1
                continue
            reply = self._ask(visit)
            if reply is None:
                continue
            self.read += 1
            yield visit, reply
            for other in linked(visit.url, reply.text):
                queues[other.how in PAGES_NAMED].append(other)

    def _ours(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and parts.netloc.lower() in self.hosts

    def _ask(self, visit: Visit) -> web.Reply | None:
        """The answer with its redirects followed on our hosts; None for none, or for an error page."""
        headers = {"User-Agent": visit.agent} if visit.agent else {}
        if visit.referer:
            headers["Referer"] = visit.referer
        url = visit.url
        try:
            for _ in range(_HOPS):
                self.budget -= 1
                time.sleep(self.pause)
                reply = web.fetch(url, headers=headers)
                if reply.status not in _MOVED:
                    break
                url = urljoin(url, reply.header("location"))
                if not self._ours(url) or self.budget <= 0:
                    return None
        except requests.RequestException as error:
            self.unread[visit.url] = obstacle(error).says
            return None
        # An error page may hold the text all the same, and is read; one that says it is none of ours is not an error.
        if reply.status not in _OK and visit.how == "the page":
            self.unread[visit.url] = f"status {reply.status}"
        return reply if reply.text.strip() else None


def hosts_of(urls: Iterable[str]) -> frozenset[str]:
    """The hosts of these addresses, each with and without `www.`."""
    found = {urlsplit(url).netloc.lower() for url in urls}
    return frozenset(found | {f"www.{host}" for host in found} | {host.removeprefix("www.") for host in found}) - {""}
