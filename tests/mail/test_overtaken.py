"""A mail that had to wait and says what is over by then does not go out; what has happened is told, however late."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib import jobs
from chalicelib.mail.rows import outbox
from chalicelib.mail.rules import overtaken
from chalicelib.mail.rules.mails import KINDS, MailToSend
from localdev.stripe import billing
from testkit.harness import ADA, Harness

DAY = 86_400


def gives(harness: Harness, interval: str = "month") -> str:
    harness.tell(harness.gives(3000, interval))
    harness.sweeps()
    return str(harness.stripe.of("subscription")[-1]["id"])


def fails(harness: Harness, subscription: str) -> None:
    """The payment of the next month is refused, and our mail service is away."""
    events = harness.stripe.renew(subscription, fails=True)
    harness.pass_time(harness.stripe.account.seconds - harness.clock.business)
    harness.mails.down = True
    harness.tell(events)


def arrives(harness: Harness, subscription: str) -> None:
    """Two days later it arrives after all."""
    harness.stripe.account.seconds += 2 * DAY

    def retry(account: Any) -> None:
        account.store.write_note(subscription, fails=False)
        billing.retry(account, subscription)

    events = harness.stripe.happens(retry)
    harness.pass_time(2 * DAY)
    harness.tell(events)


def goes_out(harness: Harness) -> list[str]:
    """The mail service is back; answers the subjects that then go out."""
    before = len(harness.mails.sent)
    harness.mails.down = False
    for _ in range(3):
        harness.pass_time(1801)
        harness.sweeps()
    return [mail.subject.replace("\N{NO-BREAK SPACE}", " ") for mail in harness.mails.sent[before:]]


def statuses(harness: Harness, ending: str) -> list[str]:
    rows = [row for row in harness.kinds("MAIL") if str(row["pk"]).endswith(ending)]
    return [str(row["status"]) for row in rows]


def test_every_kind_that_can_be_overtaken_is_one_that_there_is() -> None:
    assert set(overtaken.KINDS) <= set(KINDS)


def test_nobody_who_has_paid_meanwhile_is_told_that_it_failed(harness: Harness) -> None:
    subscription = gives(harness)
    fails(harness, subscription)
    fork = harness.fork()
    arrives(harness, subscription)
    assert goes_out(harness) == ["Внесок пройшов, дякуємо: 30 € щомісяця"]
    assert statuses(harness, ":failed") == ["overtaken"]
    with fork.installed():
        fork.pass_time(2 * DAY)
        assert goes_out(fork) == ["Внесок не пройшов: 30 € щомісяця"], "the control: it has not arrived"


def test_a_try_that_was_made_is_not_announced(harness: Harness) -> None:
    subscription = gives(harness)
    fails(harness, subscription)
    at = harness.state().standing.recurring[0].retry_at
    assert at is not None
    harness.pass_time(at + DAY - harness.clock.business)
    assert goes_out(harness) == []
    assert statuses(harness, ":failed") == ["overtaken"]


@pytest.mark.parametrize(
    ("meanwhile", "told"),
    [
        (lambda harness, _gift: harness.pass_time(2 * DAY), 1),
        (lambda harness, gift: harness.tell(harness.stripe.stop(gift)), 0),
        (lambda harness, _gift: harness.pass_time(16 * DAY), 0),
    ],
    ids=["nothing", "stopped", "charged"],
)
def test_a_yearly_payment_is_not_announced_once_it_is_no_longer_to_come(
    harness: Harness, meanwhile: Callable[[Harness, str], object], told: int
) -> None:
    gift = gives(harness, "year")
    harness.pass_time(350 * DAY)
    jobs.daily_mails()
    meanwhile(harness, gift)
    harness.pass_time(2 * 3600)
    found = [subject for subject in goes_out(harness) if subject.startswith("Наступний внесок")]
    assert len(found) == told


def test_a_reminder_that_waited_is_not_for_whoever_supports_again(harness: Harness) -> None:
    supporter = harness.supporter()
    for number in range(2):
        harness.table.write(
            outbox.put(MailToSend(f"{supporter}:reminder:{number}", "reminder", {}), supporter, harness.now())
        )
        if not number:
            harness.pass_time(2 * 3600)
            assert len(goes_out(harness)) == 1, "the control"
    harness.tell(harness.gives(500, "month", ADA))
    harness.pass_time(2 * 3600)
    assert [one for one in goes_out(harness) if one.startswith("Ви просили")] == []
    assert outbox.status(harness.table, f"{supporter}:reminder:1") == "overtaken"


def test_what_has_happened_is_told_however_late(harness: Harness) -> None:
    harness.mails.down = True
    harness.tell(harness.gives(500, "month"))
    harness.pass_time(2 * DAY)
    assert "Дякуємо, що ви з нами: 5 € щомісяця" in goes_out(harness)
