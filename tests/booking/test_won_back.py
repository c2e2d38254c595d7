"""A payment that failed and then arrived: one receipt that says all is well, and a figure that is exact."""

import json
from itertools import permutations
from typing import Any

from localdev.stripe import billing
from testkit.commands import command
from testkit.harness import Harness
from testkit.webhooks import Json

DAY = 86_400


def fails(harness: Harness) -> list[Json]:
    """Ada's next monthly payment is refused."""
    return harness.stripe.renew(harness.stripe.of("subscription")[-1]["id"], fails=True)


def arrives(harness: Harness) -> list[Json]:
    """Three days later Stripe's next try succeeds."""
    subscription = harness.stripe.of("subscription")[-1]["id"]
    harness.stripe.account.seconds += 3 * DAY

    def retry(account: Any) -> None:
        account.store.write_note(subscription, fails=False)
        billing.retry(account, subscription)

    return harness.stripe.happens(retry)


def catch_up(harness: Harness) -> None:
    harness.pass_time(harness.stripe.account.seconds - harness.clock.business)


def figure(harness: Harness) -> list[dict[str, Any]]:
    result = command(harness, "won-back", "--json")
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_the_receipt_of_a_payment_that_had_failed_says_that_all_is_well_and_is_the_one_mail(
    harness: Harness,
) -> None:
    harness.tell(harness.gives(500, "month"))
    harness.tell(fails(harness))
    assert figure(harness) == [], "it has only failed so far"
    before = len(harness.mails.sent)
    harness.tell(arrives(harness))
    (mail,) = harness.mails.sent[before:]
    assert mail.subject.replace("\N{NO-BREAK SPACE}", " ") == "Внесок пройшов, дякуємо: 5 € щомісяця"
    assert "Цього разу все вдалося" in mail.text
    assert "Робити більше нічого не треба." in mail.text
    assert "Ідентифікатор платежу" in mail.text, "it is the receipt"


def test_a_payment_that_did_not_fail_has_its_usual_receipt(harness: Harness) -> None:
    harness.tell(harness.gives(500, "month"))
    harness.tell(harness.stripe.renew(harness.stripe.of("subscription")[-1]["id"]))
    assert "Цього разу" not in harness.mails.last.text
    assert harness.mails.last.subject.startswith("Внесок отримано")
    assert figure(harness) == []


def test_the_month_after_the_one_that_was_won_back_is_an_ordinary_one(harness: Harness) -> None:
    harness.tell(harness.gives(500, "month"))
    harness.tell(fails(harness))
    harness.tell(arrives(harness))
    harness.tell(harness.stripe.renew(harness.stripe.of("subscription")[-1]["id"]))
    assert harness.mails.last.subject.startswith("Внесок отримано")


def test_the_figure_is_the_same_however_often_and_in_whatever_order_stripe_tells(harness: Harness) -> None:
    harness.tell(harness.gives(500, "month"))
    failed, paid = fails(harness), arrives(harness)
    catch_up(harness)
    tellers = [event for event in (*failed, *paid) if event["type"] in ("invoice.payment_failed", "invoice.paid")]
    rest = [event for event in (*failed, *paid) if event not in tellers]
    assert len(tellers) == 2
    for order in permutations([*tellers, rest[-1]]):
        fork = harness.fork()
        with fork.installed():
            fork.tell(order)
            fork.tell([*reversed(order), *failed, *paid])
            assert figure(fork) == [{"month": "2026-10", "currency": "eur", "gifts": 1, "amount": 500}], order
            notes = [row for row in fork.rows() if row["sk"].startswith("FAILED#")]
            assert [note["amount"] for note in notes] == [500]


def test_a_person_reads_the_figure_as_a_table(harness: Harness) -> None:
    assert command(harness, "won-back").output == "Nothing that had failed has arrived yet.\n"
    harness.tell(harness.gives(500, "month"))
    harness.tell(fails(harness))
    harness.tell(arrives(harness))
    assert command(harness, "won-back").output.split() == "month currency gifts amount 2026-10 eur 1 5.00".split()


def test_rebuild_finds_nothing_to_repair_and_leaves_the_figure(harness: Harness) -> None:
    harness.tell(harness.gives(500, "month"))
    harness.tell(fails(harness))
    harness.tell(arrives(harness))
    before = figure(harness)
    assert command(harness, "rebuild", "--check").exit_code == 0
    assert command(harness, "rebuild").exit_code == 0
    assert figure(harness) == before != []
