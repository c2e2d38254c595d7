"""What a newsroom that is full of made-up words gave away: in its log, and in answers to who asked in vain."""

import re
from collections.abc import Iterable

from chalicelib import wiring
from testkit.calls import Reply
from tests.observing.log_capture import LogCapture
from tests.observing.newsroom import ProbedNewsroom
from tests.observing.secrets_probe import SecretsProbe

# The account page says to its owner whose it is, also when Stripe did not answer and the page stays in place.
_OWNERS = re.compile(r'<p class="hint">Ви ввійшли з адресою [^<]*</p>')


def listened(replies: Iterable[Reply], newsroom: ProbedNewsroom, log_capture: LogCapture) -> None:
    """Nothing was given away, neither in the log nor to who asked in vain."""
    refused = [reply for reply in replies if reply.status >= 400]
    newsroom.learn_mails()
    written = log_capture.all()
    heard = newsroom.secrets_probe.heard_in(written)
    assert heard == [], f"{heard} in {written}"
    for reply in refused:
        typed = ("the query's", "the body's") if "text/html" in reply.headers.get("content-type", "") else ()
        headers = {name: value for name, value in reply.headers.items() if name != "set-cookie"}
        answer = f"{headers} {_OWNERS.sub('', reply.text)}"
        heard = newsroom.secrets_probe.heard_in(answer, but=typed)
        assert heard == [], f"{heard} in {answer[-2000:]}"


def newsroom(secrets_probe: SecretsProbe) -> ProbedNewsroom:
    made = ProbedNewsroom(secrets_probe)
    wiring.install(made.wiring)
    return made
