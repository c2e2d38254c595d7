"""P13: no secret, token, address, name or payload is in the log or in an error's body, whatever fails.

Every route and every job is driven with made-up words in every place that takes any; every call to the table, to
Stripe and to the post fails once, in a way we know and in a way that nobody thought of, with such a word in its own
message. Then all that was written is searched for the words, however they may be written.
"""

import logging
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.aws.secrets import SecretsUnavailable
from chalicelib.http.routes import ROUTES
from chalicelib.kernel.table import TableUnavailable
from chalicelib.mail.port import MailUnavailable
from chalicelib.observing.log import log
from chalicelib.rails.stripe import paced
from chalicelib.rails.stripe.port import StripeUnavailable
from testkit.calls import Reply
from testkit.tables import Around
from tests.observing.log_capture import LogCapture
from tests.observing.newsroom import ProbedNewsroom
from tests.observing.secrets_probe import SecretsProbe, written_otherwise
from tests.observing.visits import VISITS, Act, stranger

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


# The account page says to its owner whose it is, also when Stripe did not answer and the page stays in place.
_OWNERS = re.compile(r'<p class="hint">Ви ввійшли з адресою [^<]*</p>')


def listened(replies: Iterable[Reply], newsroom: ProbedNewsroom, log_capture: LogCapture) -> None:
    """Nothing was given away, neither in the log nor to who asked in vain."""
    refused = [reply for reply in replies if reply.status >= 400]
    newsroom.learn_mails()
    written = log_capture.all()
    assert newsroom.secrets_probe.heard_in(written) == [], written
    for reply in refused:
        typed = ("the query's", "the body's") if "text/html" in reply.headers.get("content-type", "") else ()
        headers = {name: value for name, value in reply.headers.items() if name != "set-cookie"}
        answer = f"{headers} {_OWNERS.sub('', reply.text)}"
        assert newsroom.secrets_probe.heard_in(answer, but=typed) == [], answer[-2000:]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paced, "SWEEP", 1_000_000)
    monkeypatch.setattr(paced, "RING", 1_000_000)


def newsroom(secrets_probe: SecretsProbe) -> ProbedNewsroom:
    made = ProbedNewsroom(secrets_probe)
    wiring.install(made.wiring)
    return made


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_stranger_is_not_quoted(route: Any, log_capture: LogCapture) -> None:
    """Every route, with words in its path, query, headers, cookies and body: right, broken, and of a wrong kind."""
    here = newsroom(SecretsProbe())
    replies = list(stranger(here, route.method, route.path)())
    assert len(replies) == 8
    listened(replies, here, log_capture)


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
    assert met
    record_property("figures", f"{visit.__name__}, {failing.__name__}: {len(met)} calls failed, each once")


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.__name__)
def test_nor_does_an_outage_of_everything(visit: Callable[[ProbedNewsroom], Act], log_capture: LogCapture) -> None:
    """The table, Stripe, the post and the parameter store are away from the first call to the last."""

    class Nothing:
        def __getitem__(self, name: str) -> str:
            raise SecretsUnavailable("ThrottlingException")

    here = newsroom(SecretsProbe())
    act = visit(here)
    here.table = Around(here.memory, _away)
    here.stripe.down = here.mails.down = True
    here.wiring.secrets = Nothing()  # type: ignore[assignment] # a test's own
    listened(list(act()), here, log_capture)


def _away(_call: str, _what: Any) -> None:
    raise TableUnavailable("ThrottlingException")


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.__name__)
def test_nor_does_a_day_without_any_failure(visit: Callable[[ProbedNewsroom], Act], log_capture: LogCapture) -> None:
    here = newsroom(SecretsProbe())
    replies = list(visit(here)())
    listened(replies, here, log_capture)


def test_a_word_is_found_however_it_is_written() -> None:
    """The negative control of the search."""
    secrets_probe = SecretsProbe()
    word = secrets_probe.new("a word")
    for form in written_otherwise(word):
        assert secrets_probe.heard_in(f"before {form} after"), form
    assert secrets_probe.heard_in("before kanarka0000000000000000 after") == []


def test_a_line_that_quotes_somebody_is_noticed(log_capture: LogCapture) -> None:
    """The negative control of the whole: one careless line, a library's words, an error's words."""
    here = newsroom(SecretsProbe())
    log.info("mail sent", to=here.email)
    with pytest.raises(AssertionError, match="an address"):
        listened([], here, log_capture)
    print(here.email)  # noqa: T201 - what a forgotten print would do
    with pytest.raises(AssertionError, match="an address"):
        listened([], here, log_capture)
    with pytest.raises(AssertionError, match="an address"):
        listened([Reply(400, {}, (), f"No mail goes to {here.email}.")], here, log_capture)


def test_another_library_is_named_and_not_quoted(log_capture: LogCapture) -> None:
    secrets_probe = SecretsProbe()
    word = secrets_probe.new("a library's word")
    library = logging.getLogger("a_dependency")
    library.warning("retrying %s", word)
    library.error(f"sent {word}")
    try:
        int(word)
    except ValueError:
        library.exception("failed")
    logging.getLogger("spilno").error("Caught exception for path %s", f"/v1/articles/{word}")  # as Chalice does
    written = log_capture.all()
    assert secrets_probe.heard_in(written) == []
    assert written.count("said by a library") == 4
    assert '"error": "ValueError"' in written
    assert '"logger": "a_dependency"' in written
