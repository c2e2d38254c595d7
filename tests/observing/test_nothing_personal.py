"""P13: no secret, token, address, name or payload is in the log or in an error's body, whatever fails.

Every route and every job is driven with made-up words in every place that takes any, on a good day and while all of
the outside is away. Then all that was written is searched for the words, however they may be written. What a single
call gives away when it fails is tried in tests/proofs/faults.
"""

import logging
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.aws.secrets import SecretsUnavailable
from chalicelib.http.routes import ROUTES
from chalicelib.kernel.table import TableUnavailable
from chalicelib.observing.log import log
from chalicelib.rails.stripe import paced
from testkit.calls import Reply
from testkit.tables import Around
from tests.observing.log_capture import LogCapture
from tests.observing.newsroom import ProbedNewsroom
from tests.observing.overheard import listened, newsroom
from tests.observing.secrets_probe import SecretsProbe, written_otherwise
from tests.observing.visits import VISITS, Act, stranger


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paced, "SWEEP", 1_000_000)
    monkeypatch.setattr(paced, "RING", 1_000_000)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_stranger_is_not_quoted(route: Any, log_capture: LogCapture) -> None:
    """Every route, with words in its path, query, headers, cookies and body: right, broken, and of a wrong kind."""
    here = newsroom(SecretsProbe())
    replies = list(stranger(here, route.method, route.path)())
    assert len(replies) == 8
    listened(replies, here, log_capture)


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.__name__)
def test_an_outage_of_everything_gives_nothing_away(
    visit: Callable[[ProbedNewsroom], Act], log_capture: LogCapture
) -> None:
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
