"""`kill -9` of the engine under concurrent webhooks: what was answered 2xx is there, and counts once (P2, P4).

Eight workers deliver every event twice while the engine, on disk, is killed at a random moment and started again on
the same file and port. In every second round the app's client does not try again by itself, so that requests are cut
off for good; in the others boto3 repeats them to an engine that may have done them already.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from random import Random

import boto3
import pytest
from botocore.config import Config

from chalicelib.aws.dynamodb import DynamoTable
from chalicelib.ledger.rows import sums as ledger_sums
from chalicelib.rails.stripe.understand import HANDLED
from localdev import aws
from localdev.stripe.books import books
from testkit.dynoxide import Dynoxide, running_dynoxide
from testkit.engine import make_table
from testkit.harness import Harness
from testkit.webhooks import Json
from tests.proofs.engines.power_cut import LATER, Marking, Optimist, Webhooks, killed_meanwhile, missing
from tests.proofs.engines.unguarded import leave_out_the_guard

pytestmark = pytest.mark.engine

ROUNDS, GIFTS, TABLE = 8, 8, "killed"
MOVEMENTS = GIFTS + 3 + 2 + 1  # of a round: gifts, refunds, what disputes took, what they gave back
random = Random()  # noqa: S311 - other moments and orders in every run, on purpose


@pytest.fixture
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where engines are started and killed. Not ministack: it writes only when it ends by itself."""
    if request.config.getoption("engine") != "dynoxide":
        pytest.skip("`--engine dynoxide` runs it: ministack keeps everything in memory until it ends by itself")
    return tmp_path


def started(directory: Path, *, on_disk: bool) -> AbstractContextManager[Dynoxide]:
    """An engine with its data below `directory`."""
    directory.mkdir()
    return running_dynoxide(directory, on_disk=on_disk)


@pytest.fixture
def disk(ground: Path) -> Iterator[Dynoxide]:
    """An engine that writes to disk, with our table."""
    with started(ground / "disk", on_disk=True) as engine:
        make_table(engine.engine.client("dynamodb"), TABLE)
        yield engine


def gifts(harness: Harness, label: str = "ada", *, some_go_back: bool = True) -> list[Json]:
    """Readers give, once or monthly, and some of it goes back; every event that somebody handles, shuffled."""
    told = []
    for number in range(GIFTS):
        told += harness.gives(1000 + number, "month" if number % 2 else "once", f"{label}{number}@reader.example")
        payment = harness.stripe.of("payment_intent")[-1]["id"]
        if some_go_back and number % 3 == 0:
            told += harness.stripe.gives_back(payment, 400)
        if some_go_back and number % 4 == 1:
            told += harness.stripe.bank_disputes(payment)
            told += harness.stripe.bank_decides(harness.stripe.of("dispute")[-1]["id"], won=number % 8 == 1)
    told = [event for event in told if event["type"] in HANDLED]
    return random.sample(told, len(told))


def hasty(engine: Dynoxide) -> DynamoTable:
    """The table through a client that never tries again."""
    config = Config(connect_timeout=2, read_timeout=4, retries={"total_max_attempts": 1})
    return DynamoTable(
        boto3.client("dynamodb", endpoint_url=engine.engine.endpoint, config=config, **aws.CREDENTIALS), TABLE
    )


def assert_whole(harness: Harness) -> None:
    """Sums, entries and guards tell of the same money: no transaction is there in part."""
    net, payments = Counter[str](), Counter[str]()
    for entry in harness.books.entries:
        net[entry["currency"]] += entry["amount"]
        payments[entry["currency"]] += entry["kind"] == "gift"
    sums = ledger_sums.totals(harness.table)
    assert net == {currency: told.net for currency, told in sums.items()}
    assert payments == {currency: told.payments for currency, told in sums.items()}
    assert len(harness.books.entries) == harness.books.guards


def assert_stripe_agrees(harness: Harness) -> None:
    """Our sums are what Stripe says was paid, refunded and lost."""
    ours = {
        currency: {
            "paid": told.gross,
            "refunded": told.refunded,
            "lost": told.dispute_lost,
            "payments": told.payments,
        }
        for currency, told in ledger_sums.totals(harness.table).items()
    }
    theirs = books(harness.stripe.account)
    assert ours == {currency: {name: told[name] for name in ours["eur"]} for currency, told in theirs.items()}


def catch_up(harness: Harness, webhooks: Webhooks, events: list[Json]) -> None:
    """Stripe delivers again what was never answered 2xx, and only that; the sweep runs until nothing is due."""
    webhooks.all_at_once([event for event in events if event["id"] not in webhooks.answered])
    assert set(webhooks.answered) >= {event["id"] for event in events}
    for _ in range(5):
        harness.pass_time(LATER)
        done = harness.sweeps()
        if not done["events"] and not done["mails"]:
            return
    raise AssertionError(f"the sweep never came to an end: {done}")


@pytest.mark.slow
def test_what_was_answered_before_a_kill_is_there_and_counts_once(
    disk: Dynoxide, ground: Path, record_property: Callable[[str, object], None]
) -> None:
    harness = Harness(disk.engine.table(TABLE))
    patient = harness.table
    seen: Counter[str] = Counter()
    unmarked: set[str] = set()
    everything: list[Json] = []
    for number in range(ROUNDS):
        events = gifts(harness, f"round{number}-")
        marking = Marking(hasty(disk) if number % 2 else patient)
        harness.table, webhooks = marking, Webhooks(harness)
        left = ground / f"left{number}"
        left.mkdir()
        away = random.randrange(12) if number % 2 else 0  # who waits for the engine cannot keep it waiting
        with killed_meanwhile(disk, webhooks, random.randrange(3, len(events)), left, away=away) as answered:
            webhooks.all_at_once(random.sample(events * 2, len(events) * 2))
        with running_dynoxide(left, on_disk=True) as as_left:
            remains = Harness(as_left.engine.table(TABLE))
            assert missing(remains.table, answered) == [], "answered 2xx, and lost"
            assert_whole(remains)
        assert missing(patient, webhooks.answered) == [], "answered 2xx while the engine was away, and not stored"
        seen += Counter(answered=len(answered), applied=sum(answered.values()), refused=webhooks.refused)
        harness.table = patient
        catch_up(harness, webhooks, events)
        unmarked |= marking.unmarked
        everything += events

    Webhooks(harness).all_at_once(everything)  # and Stripe may tell all of it once more
    assert_whole(harness)
    assert_stripe_agrees(harness)
    movements, mails = len(harness.books.entries), harness.books.mails
    assert movements == ROUNDS * MOVEMENTS, "each movement once"
    assert len([mail for mail in mails if mail.endswith(":thanks")]) == ROUNDS * GIFTS, "one mail each"
    sent = Counter(mail.message_id for mail in harness.mails.sent)
    again = {name for name, times in sent.items() if times > 1}
    assert set(sent) == {name_of(mail) for mail in mails}
    assert again <= {name_of(mail) for mail in unmarked}, "a letter goes twice only where nobody could know"
    record_property(
        "figures",
        f"{ROUNDS} kills; answered 2xx before one: {seen['answered']} events, "
        f"{seen['applied']} of them as applied, lost 0; answered 503: {seen['refused']}; "
        f"movements {movements}, doubled 0; letters {len(sent)}, "
        f"of which went again under their own name {len(again)}",
    )


def name_of(mail: str) -> str:
    """The name that a letter goes under."""
    return mail.replace(":", ".")


# ---- the negative controls ----


def test_an_engine_that_forgets_is_found_out(ground: Path) -> None:
    """The same without a file: what was answered is gone, and the proof notices."""
    with started(ground / "memory", on_disk=False) as memory:
        make_table(memory.engine.client("dynamodb"), TABLE)
        harness = Harness(memory.engine.table(TABLE))
        events = gifts(harness)
        harness.table = hasty(memory)
        webhooks = Webhooks(harness)
        with killed_meanwhile(memory, webhooks, len(events) // 2, ground) as answered:
            webhooks.all_at_once(events)
        make_table(memory.engine.client("dynamodb"), TABLE)
        assert len(missing(harness.table, answered)) == len(answered) >= len(events) // 2


def test_a_webhook_that_only_hopes_to_have_stored_is_found_out(disk: Dynoxide, ground: Path) -> None:
    """The same, but a failed put counts as stored: 2xx, and Stripe never tells of it again."""
    harness = Harness(disk.engine.table(TABLE))
    patient, events = harness.table, gifts(harness)
    harness.table = Optimist(hasty(disk))
    webhooks = Webhooks(harness)
    with killed_meanwhile(disk, webhooks, len(events) // 2, ground, away=10):
        webhooks.all_at_once(events)
    assert webhooks.refused == 0
    assert missing(patient, webhooks.answered) != []


def test_without_the_guard_money_counts_twice(disk: Dynoxide, ground: Path) -> None:
    """The same without the movements: each telling of a gift counts, and the proof notices."""
    harness = Harness(disk.engine.table(TABLE))
    events = gifts(harness, some_go_back=False)
    leave_out_the_guard(harness)
    webhooks = Webhooks(harness)
    with killed_meanwhile(disk, webhooks, len(events) // 2, ground):
        webhooks.all_at_once(events)
    catch_up(harness, webhooks, events)
    assert harness.totals()["eur"][1] > GIFTS
