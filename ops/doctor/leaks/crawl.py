"""Reads addresses one at a time, with a pause between, each once, on the newsroom's own hosts only."""

import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urlsplit

from ops.doctor.leaks.keys import KeyLeak
from ops.doctor.leaks.leads import NAMED, is_ours, joined
from ops.doctor.leaks.reader import Ask, Reader, Seen, Unread
from ops.doctor.leaks.search import Leak
from ops.doctor.leaks.variants import Visit

PAUSE = 0.05  # seconds between two requests
_HOPS = 4
_OK = range(200, 300)
_MOVED = (301, 302, 303, 307, 308)


@dataclass
class Crawl:
    """One run of reading. `hosts` are the only ones asked; `budget`: the requests that may still be made."""

    hosts: frozenset[str]
    budget: int
    read: int = 0
    left_out: int = 0
    unread: dict[str, str] = field(default_factory=dict)
    pause: float = PAUSE
    _known: set[tuple[str, str, str]] = field(default_factory=set)
    _queues: tuple[deque[Visit], deque[Visit]] = field(default_factory=lambda: (deque(), deque()))

    def leaks(self, visits: Iterable[Visit], reader: Reader) -> Iterator[Leak | KeyLeak]:
        """Find leaks at these addresses, and at those that they lead to."""
        self._add(visits)
        turn = 0
        while any(self._queues):
            # In turn: else a large sitemap would use up the requests, or many articles leave none for its pages.
            turn = 1 - turn if self._queues[1 - turn] else turn
            visit = self._queues[turn].popleft()
            if self.budget <= 0:
                self.left_out += 1
                continue
            try:
                seen = self._seen(visit, reader)
            except Unread as why:
                self.unread[visit.url] = str(why)
                continue
            if seen is not None:
                self.read += 1
                self.left_out += seen.more
                self._add(seen.leads)
                yield from seen.leaks

    def _add(self, visits: Iterable[Visit]) -> None:
        """Puts the new ones into their queue, at most as many as may still be asked for."""
        for visit in visits:
            if not is_ours(visit.url, self.hosts):
                continue
            name = (urldefrag(visit.url).url, visit.agent, visit.referer)
            if name in self._known:
                continue
            queue = self._queues[visit.how in NAMED]
            if len(queue) >= self.budget:
                self.left_out += 1
                continue
            self._known.add(name)
            queue.append(visit)

    def _seen(self, visit: Visit, reader: Reader) -> Seen | None:
        """The answer with its redirects followed on our hosts; None for one with nothing to read.

        :raises Unread: there is none, or it cannot be read.
        """
        url = visit.url
        for _ in range(_HOPS):
            self.budget -= 1
            time.sleep(self.pause)
            seen = reader.read(Ask(url, visit, most=max(0, self.budget)))
            if seen.status not in _MOVED:
                break
            target = joined(url, seen.location)
            if target is None:
                raise Unread("it sends readers on to an address that is none")
            if not is_ours(target, self.hosts) or self.budget <= 0:
                return None
            url = target
        # An error page is read too, as it may hold the text. That another version does not exist is no error.
        if seen.status not in _OK and visit.how == "the page":
            self.unread[visit.url] = f"status {seen.status}"
        return seen if seen.text else None


def hosts_of(urls: Iterable[str]) -> frozenset[str]:
    """The hosts of these addresses, each with and without `www.`."""
    found = {urlsplit(url).netloc.lower() for url in urls}
    return frozenset(found | {f"www.{host}" for host in found} | {host.removeprefix("www.") for host in found}) - {""}
