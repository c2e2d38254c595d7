"""Money ring with lines that cannot be looked at: each is counted and named, the others are booked and compared."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chalicelib.kernel.table import Put
from chalicelib.rails.stripe.port import StripeRefused, StripeUnavailable
from chalicelib.reconciling.run import BadLine, MoneyTally
from chalicelib.upkeep.reconcile import Reconciled
from ops import reconcile as reconcile_command
from ops.__main__ import main
from testkit.harness import BEN, Harness
from testkit.reconciling import Hours, reconciles, scheduled, without
from testkit.webhooks import Json

CLEO, DORA = "cleo@reader.example", "dora@reader.example"
NOTHING = "No money of ours has moved"


@pytest.fixture(autouse=True)
def connected(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command works on this harness."""
    monkeypatch.setattr(reconcile_command, "connect", lambda: harness)


def ops(*arguments: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(main, ("reconcile", "--ring", "money", *arguments))


def money(done: Reconciled) -> MoneyTally:
    """What the money part found."""
    part = done.parts["money"]
    assert isinstance(part, MoneyTally)
    return part


def sums(found: MoneyTally) -> dict[str, tuple[int, int, int, int]]:
    """(stripe, ledger, missing, unexplained) by currency."""
    sides = found.currencies.items()
    return {code: (one.provider, one.ledger, one.missing, one.unexplained) for code, one in sides}


def raised(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]


def lines_of(harness: Harness) -> list[Json]:
    """Stripe's books, oldest first."""
    return harness.stripe.of("balance_transaction")


def spoil(harness: Harness, line: str, how: Callable[[Json], Any]) -> None:
    """What Stripe lists in the place of this line; `how` may answer anything, or a source that is to be fetched."""

    def listed(name: str, answer: Any) -> Any:
        if name != "balance_transactions":
            return answer
        return answer | {"data": [how(one) if one["id"] == line else one for one in answer["data"]]}

    harness.stripe.on_answer = listed


def less(*names: str) -> Callable[[Json], Json]:
    """Without these names of the line's own."""
    return lambda line: {name: value for name, value in line.items() if name not in names}


def source(**changes: Any) -> Callable[[Json], Json]:
    """With something else in its source; None takes a name away."""
    return lambda line: (
        line | {"source": {k: v for k, v in (line["source"] | changes).items() if v is not None or k not in changes}}
    )


SPOILT: dict[str, tuple[Callable[[Json], Any], str]] = {
    "its source answers 404": (lambda line: line | {"source": "ch_gone"}, "StripeRefused: resource_missing"),
    "a refund that is gone": (lambda line: line | {"source": "re_gone"}, "StripeRefused: resource_missing"),
    "a dispute that is gone": (lambda line: line | {"source": "du_gone"}, "StripeRefused: resource_missing"),
    "its source has no kind": (source(object=None), "KeyError"),
    "its source is of a kind that we do not know": (source(object="source_v3"), "SourceMissing"),
    "its source has no state": (source(status=None), "KeyError"),
    "its source has no currency": (source(currency=None), "KeyError"),
    "its source is a list": (lambda line: line | {"source": [line["source"]]}, "SourceMissing"),
    "no source at all": (lambda line: line | {"source": None}, "SourceMissing"),
    "a source of a name that we do not know": (lambda line: line | {"source": "xyz_1"}, "SourceMissing"),
    "no source's name": (less("source"), "SourceMissing"),
    "no amount": (less("amount"), "KeyError"),
    "no currency": (less("currency"), "KeyError"),
    "no fee": (less("fee"), "KeyError"),
    "no type": (less("type"), "KeyError"),
    "an amount as text": (lambda line: line | {"amount": "1000"}, "TypeError"),
    "half a cent": (lambda line: line | {"amount": 1000.5}, "TypeError"),
    "metadata of another shape": (source(metadata="ada@reader.example"), "AttributeError"),
}


@pytest.mark.parametrize(("how", "why"), SPOILT.values(), ids=SPOILT)
def test_one_bad_line_is_told_and_the_others_are_booked_and_compared(
    harness: Harness, caplog: pytest.LogCaptureFixture, how: Callable[[Json], Any], why: str
) -> None:
    harness.tell(harness.gives(1000))
    harness.gives(500, email=BEN)
    bad = str(lines_of(harness)[-1]["id"])
    harness.gives(700, email=CLEO)
    spoil(harness, bad, how)
    done = scheduled(harness, ["money"])
    found = money(done)
    assert (found.seen, found.applied, found.faults, found.failed) == (3, 1, 1, None)
    assert found.bad_lines == [BadLine(bad, why)]
    assert sums(found) == {"eur": (1700, 1700, 0, 0)}
    assert harness.books.totals == {"eur": (1700, 2)}
    assert not done.differs
    assert raised(caplog) == [f"alarm reconcile_faults ring=money faults=1 first={bad}"]
    assert "reader.example" not in caplog.text


def test_the_command_names_it_says_what_the_sums_leave_out_and_ends_with_1(harness: Harness) -> None:
    harness.tell(harness.gives(1000))
    harness.gives(500, email=BEN)
    bad = str(lines_of(harness)[-1]["id"])
    spoil(harness, bad, lambda line: line | {"source": "ch_gone"})
    done = ops()
    assert done.exit_code == 1
    assert f"{bad}  StripeRefused: resource_missing" in done.output
    assert "these sums are of what was. Left out, as it settled: 5.00 eur." in done.output
    assert "money: 1 could not be looked at or applied" in done.stderr
    told = json.loads(ops("--json").stdout.splitlines()[0])["money"]
    assert told["bad_lines"] == [{"id": bad, "why": "StripeRefused: resource_missing"}]
    assert (told["faults"], told["left_out"]) == (1, {"eur": 500})
    assert told["currencies"]["eur"]["unexplained"] == 0
    harness.stripe.on_answer = lambda _name, answer: answer
    again = ops()
    assert again.exit_code == 0, again.output
    assert harness.books.totals == {"eur": (1500, 2)}


def test_where_all_there_is_cannot_be_read_nobody_says_that_nothing_moved(harness: Harness) -> None:
    harness.gives(500)
    spoil(harness, lines_of(harness)[0]["id"], lambda line: line | {"source": "ch_gone"})
    done = ops()
    assert done.exit_code == 1
    assert NOTHING not in done.output
    harness.stripe.on_answer = lambda _name, answer: answer | {"data": []} if "data" in answer else answer
    assert NOTHING in ops().output, "the negative control: everything was looked at, and there was nothing"


def test_a_line_that_is_no_object_at_all_has_no_name_and_is_counted(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness.tell(harness.gives(500))
    whole = harness.stripe.balance_transactions

    def listed(*, since: int, until: int) -> Any:
        odd = ("ada@reader.example", None, {"id": "ada@reader.example"}) if until >= harness.now() else ()
        yield from (*odd, *whole(since=since, until=until))

    monkeypatch.setattr(harness.stripe, "balance_transactions", listed)
    found = money(reconciles(harness, ["money"]))
    assert {bad.id for bad in found.bad_lines} == {"without a name"}
    assert (found.faults, found.left_out, sums(found)) == (3, {}, {"eur": (500, 500, 0, 0)})


def test_a_source_that_stripe_could_not_say_just_now_leaves_the_ring_unfinished(
    harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    harness.gives(500)
    harness.gives(700, email=BEN)
    spoil(harness, lines_of(harness)[0]["id"], lambda line: line | {"source": line["source"]["id"]})

    def ill(name: str) -> None:
        if name == "charge":
            raise StripeUnavailable("status 500")

    harness.stripe.on_call = ill
    done = scheduled(harness, ["money"])
    assert done.failed["money"] == "outage"
    assert harness.books.totals == {"eur": (700, 1)}
    assert "alarm reconcile_unfinished ring=money why=outage" in raised(caplog)


# ---- entries of the ledger, and lines that cannot be booked ----


def test_an_entry_that_cannot_be_asked_about_is_named_and_the_others_are_held_against_stripe(
    harness: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    harness.tell([*harness.gives(1000), *harness.gives(500, email=BEN)])
    entry = harness.books.entries[0]
    made_up = dict(entry) | {"id": "pi_made_up", "amount": 700, "gsi1sk": entry["gsi1sk"] + "x"}
    harness.table.write(Put(made_up | {"sk": f"{entry['sk']}x"}))
    harness.stripe.on_answer = lambda name, answer: (
        answer | {"data": []} if name == "balance_transactions" else answer
    )

    def denied(name: str) -> None:
        if name == "payment_intent" and harness.stripe.calls[name] == 1:
            raise StripeRefused("more_permissions_required")

    harness.stripe.calls.clear()
    harness.stripe.on_call = denied
    found = money(scheduled(harness, ["money"]))
    (bad,) = found.bad_lines
    assert bad.id in {row["id"] for row in harness.books.entries}
    assert bad.why == "StripeRefused: more_permissions_required"
    assert found.differences == ["pi_made_up"]
    assert sums(found) == {"eur": (0, 700, 700, -700)}
    assert f"alarm reconcile_faults ring=money faults=1 first={bad.id}" in raised(caplog)


def test_an_entry_that_is_broken_is_a_fault_and_the_others_are_compared(harness: Harness) -> None:
    harness.tell([*harness.gives(1000), *harness.gives(500, email=BEN)])
    (entry,) = (one for one in harness.books.entries if one["amount"] == 1000)
    harness.table.write(Put({name: value for name, value in entry.items() if name != "amount"}))
    found = money(reconciles(harness, ["money"]))
    (line,) = (one["id"] for one in lines_of(harness) if one["amount"] == 1000)
    assert found.bad_lines == [BadLine(line, "EntryUnreadable")]
    assert sums(found) == {"eur": (500, 500, 0, 0)}
    assert found.left_out == {"eur": 1000}


def test_a_refund_of_what_was_never_captured_moved_nothing_and_is_told(harness: Harness) -> None:
    """Of the rest of a partial capture Stripe makes a refund (https://github.com/solidusio/solidus_stripe/pull/268)."""
    harness.tell(harness.gives(1000))
    harness.tell(harness.stripe.gives_back(harness.stripe.of("payment_intent")[0]["id"], 300))
    (refund,) = harness.stripe.of("refund")
    harness.stripe.account.put(refund | {"balance_transaction": None})
    harness.stripe.on_answer = without(refund["balance_transaction"], lists=("balance_transactions",))
    assert money(reconciles(harness, ["money"])).differences == [], "a moment later it may have its line"
    harness.pass_time(2 * 86_400)
    found = money(reconciles(harness, ["money"]))
    assert found.differences == [refund["id"]]
    assert sums(found) == {"eur": (1000, 700, -300, 300)}


def test_a_payment_that_is_gone_when_it_is_to_be_booked_is_a_fault_and_a_difference(harness: Harness) -> None:
    harness.gives(500)
    harness.gives(700, email=BEN)
    gone = str(harness.stripe.of("payment_intent")[0]["id"])

    def ill(name: str, answer: Any) -> Any:
        if name == "payment_intent" and answer["id"] == gone:
            raise StripeRefused("resource_missing", missing=True)
        return answer

    harness.stripe.on_answer = ill
    done = reconciles(harness, ["money"])
    assert money(done).bad_lines == [BadLine(gone, "StripeRefused: resource_missing")]
    assert sums(money(done)) == {"eur": (1200, 700, 0, 500)}
    assert money(done).differences == [gone]


# ---- a list that breaks off ----


class Refused(Exception):
    """As if a page could not be read."""


@pytest.mark.parametrize(
    ("error", "failed"),
    [
        (StripeRefused("permission_error"), "StripeRefused: permission_error"),
        (StripeUnavailable("status 500"), "StripeUnavailable"),
        (Refused(), "Refused"),
    ],
)
def test_what_was_seen_before_the_list_broke_off_is_booked_all_the_same(
    harness: Harness, monkeypatch: pytest.MonkeyPatch, error: Exception, failed: str
) -> None:
    harness.tell(harness.gives(1000))
    harness.gives(500, email=BEN)
    whole = harness.stripe.balance_transactions

    def broken(*, since: int, until: int) -> Any:
        found = whole(since=since, until=until)
        if until < harness.now():
            yield from found
            return
        yield next(found)
        raise error

    monkeypatch.setattr(harness.stripe, "balance_transactions", broken)
    done = reconciles(harness, ["money"], kept=Hours().limits())
    assert done.failed["money"] == failed
    assert harness.books.totals == {"eur": (1500, 2)}
    assert (sums(money(done)), money(done).differences) == ({"eur": (500, 500, 0, 0)}, []), "and nothing unseen"
    assert ops().exit_code == 1
