"""P13 where something fails: every call to the table, to Stripe and to the post fails once.

In a way we know and in a way that nobody thought of, with a made-up word in its own message.
"""

from collections.abc import Callable
from functools import partial

import pytest

from chalicelib.kernel.table import TableUnavailable
from chalicelib.mail.port import MailUnavailable
from chalicelib.rails.stripe import paced
from chalicelib.rails.stripe.port import StripeUnavailable
from testkit.tables import Around
from tests.observing.log_capture import LogCapture
from tests.observing.newsroom import ProbedNewsroom
from tests.observing.overheard import listened, newsroom
from tests.observing.secrets_probe import SecretsProbe
from tests.observing.visits import VISITS, Act

Failing = Callable[[str, str], Exception]
_KNOWN: dict[str, Callable[[str], Exception]] = {
    "table": TableUnavailable,
    "stripe": StripeUnavailable,
    "post": MailUnavailable,
}


def known(where: str, _word: str) -> Exception:
    """As the gateways tell of it: a kind, no words."""
    return _KNOWN[where]("ThrottlingException")


def unthought_of(_where: str, word: str) -> Exception:
    """With the words of whatever was being done."""
    return RuntimeError(f"could not handle {word}")


class Failure:
    """The chosen call to anything outside fails, once; `met` says which it was."""

    def __init__(self, newsroom: ProbedNewsroom, chosen: int, failing: Failing) -> None:
        self._left, self._failing, self._newsroom, self.met = chosen, failing, newsroom, ""
        newsroom.table = Around(newsroom.memory, lambda call, _what: self.call("table", call))
        newsroom.stripe.on_call = partial(self.call, "stripe")
        newsroom.mails.on_send = lambda _mail: self.call("post", "send")

    def call(self, where: str, name: str) -> None:
        """One call."""
        self._left -= 1
        if self._left == 0:
            self.met = f"{where} {name}"
            raise self._failing(where, self._newsroom.secrets_probe.new("what an error says"))


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paced, "SWEEP", 1_000_000)
    monkeypatch.setattr(paced, "RING", 1_000_000)


@pytest.mark.parametrize("failing", [known, unthought_of], ids=lambda failing: failing.__name__)
@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.__name__)
def test_no_failure_gives_anything_away(
    visit: Callable[[ProbedNewsroom], Act],
    failing: Failing,
    log_capture: LogCapture,
    record_property: Callable[[str, object], None],
) -> None:
    """Each single call fails once. The last run is the one in which there was no more call to fail."""
    met: list[str] = []
    for chosen in range(1, 400):
        here = newsroom(SecretsProbe())
        act = visit(here)
        failure = Failure(here, chosen, failing)
        listened(list(act()), here, log_capture)
        if not failure.met:
            break
        met.append(failure.met)
    else:
        pytest.fail("There are more calls than are broken here.")
    assert met
    record_property("figures", f"{visit.__name__}, {failing.__name__}: {len(met)} calls failed, each once")
