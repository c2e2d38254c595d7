"""Fetches what local AWS's SES has sent, again and again, into the box."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from email.utils import getaddresses
from typing import Any

import requests

from localdev import aws
from localdev.mailbox.box import Box, Mail

SECONDS = 1.0


class Collector:
    """One source of mails: `endpoint` is local AWS's address; `on_new` hears of what is new, once it is kept."""

    def __init__(
        self, endpoint: str, box: Box, on_new: Callable[[Sequence[Mail]], None] = lambda _mails: None
    ) -> None:
        self._url, self._box, self._on_new = endpoint + aws.MESSAGES, box, on_new
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy set for the world is not for us
        self._one_at_a_time = threading.Lock()
        self._seen: set[str] = set()

    def collect(self) -> bool:
        """Fetch what is new; False when local AWS does not answer (it may just be ending)."""
        with self._one_at_a_time:
            try:
                answer = self._session.get(self._url, timeout=5)
                answer.raise_for_status()
                found = [mail for mail in _mails(answer.json()) if mail.id not in self._seen]
            except (requests.RequestException, ValueError):
                return False
            if found:
                self._box.add(found)
                self._seen.update(mail.id for mail in found)
        if found:
            self._on_new(found)
        return True

    def forever(self) -> None:
        """Fetch every second, on a thread of its own."""
        pause = threading.Event()

        def loop() -> None:
            while not pause.wait(SECONDS):
                if not self.collect():
                    logging.getLogger(__name__).debug("local AWS does not answer")

        threading.Thread(target=loop, daemon=True).start()


def _mails(answer: Any) -> Iterator[Mail]:
    for account in answer["messages"].values():
        for message in account:
            addresses = getaddresses([*message["To"], *message["CC"], *message["BCC"]])
            yield Mail(
                id=message["MessageId"].partition("@")[0],
                recipients=tuple(address.lower() for _, address in addresses if address),
                subject=message["Subject"] or "",
                text=message["BodyText"] or "",
                html=message["BodyHtml"] or "",
                sent_at=float(message["Timestamp"]),
            )
