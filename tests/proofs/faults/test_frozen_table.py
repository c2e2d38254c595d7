"""P15 where the table is not away but silent: it takes connections and never answers, which no error tells."""

import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet

import pytest

from chalicelib.aws import dynamodb
from chalicelib.aws.dynamodb import DynamoTable
from chalicelib.kernel.table import TableUnavailable
from chalicelib.wiring import Wiring
from testkit.faults import Wire, answered, no_answer, throttled
from testkit.harness import Harness
from testkit.people import member
from testkit.ports import HOST
from testkit.visitor import Visitor
from tests.articles.sealing import unsealed
from tests.reading.sealed import asked, file_at, manifest
from tests.reading.test_articles import BODY, put

SOON = 3.0  # seconds that a reader waits, for the seal and the key together
KEY = ("A", "1")


class Frozen:
    """The system takes the connections; nobody ever reads from them."""

    def __init__(self) -> None:
        self._listening = socket.create_server((HOST, 0))
        self.address = f"http://{HOST}:{self._listening.getsockname()[1]}"

    def ends(self) -> None:
        """Whoever waits learns that nobody is there."""
        self._listening.close()


@pytest.fixture
def frozen() -> Iterator[Frozen]:
    """See above."""
    made = Frozen()
    yield made
    made.ends()


def test_a_supporter_with_an_old_ticket_reads_within_three_seconds(harness: Harness, frozen: Frozen) -> None:
    put(harness)
    supporter, told = Visitor(), manifest()
    file = file_at(told).text
    member(harness, supporter)
    harness.pass_time(3600)
    supporter.get("/v1/access?needs=members")  # a new pass
    # The table as the app makes it for itself.
    harness.table = Wiring(harness.settings._replace(aws_endpoint=frozen.address)).table
    begun = time.monotonic()
    assert Visitor().get("/v1/articles/mist/seal").code == "table_down"
    key = asked(supporter, told).json["key"]
    assert time.monotonic() - begun < SOON
    assert unsealed(file, key) == BODY


def test_asked_without_hurry_they_would_wait(frozen: Frozen) -> None:
    """The negative control: the same read, as all else reads."""
    table = DynamoTable(dynamodb.client(frozen.address, local=True), "any")
    with ThreadPoolExecutor() as threads:
        waits = threads.submit(table.get, KEY, hurried=True)
        with pytest.raises(NotYet):
            waits.result(timeout=SOON)
        frozen.ends()
        assert isinstance(waits.exception(), TableUnavailable)


def test_only_silence_is_hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that answers, if only that it is busy, is waited for as by everybody else."""
    sleep = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: sleep(min(seconds, 0.001)))
    clients = [dynamodb.client("http://nobody.invalid", local=True, hurried=hurried) for hurried in (False, True)]
    patient, hurried = map(Wire, clients)
    table = DynamoTable(clients[0], "any", lambda: clients[1])
    item = json.dumps({"Item": {"pk": {"S": "A"}, "sk": {"S": "1"}}})
    hurried.always("GetItem", throttled())
    patient.next("GetItem", throttled(), throttled(), answered(item))
    assert table.get(KEY, hurried=True) == {"pk": "A", "sk": "1"}
    assert (hurried.requests["GetItem"], patient.requests["GetItem"]) == (1, 3)
    hurried.always("GetItem", no_answer)
    with pytest.raises(TableUnavailable):
        table.get(KEY, hurried=True)
    assert (hurried.requests["GetItem"], patient.requests["GetItem"]) == (3, 3)
