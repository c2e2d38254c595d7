"""What was won back: payments that failed, and arrived after all."""

from zoneinfo import ZoneInfo

from chalicelib.kernel.ids import SupporterId
from chalicelib.ledger.rules.failed_payments import FailedPayment, WonBack, won_back
from chalicelib.ledger.rules.movements import Kind
from chalicelib.ledger.rules.stored import ListedEntry

KYIV = ZoneInfo("Europe/Kyiv")
AUGUST_LATE = 1788204600  # 2026-08-31T19:30:00Z: 22:30 in Kyiv
SEPTEMBER_IN_KYIV = 1788210600  # 2026-08-31T21:10:00Z: 00:10 in Kyiv


def gift(
    payment: str, invoice: str | None, at: int, amount: int = 500, *, kind: Kind = "gift", currency: str = "eur"
) -> ListedEntry:
    return ListedEntry(
        SupporterId("ada"), "stripe", payment, kind, payment, amount, currency, at, livemode=False, invoice=invoice
    )


FAILED = [FailedPayment("in_1", AUGUST_LATE, 500, "eur"), FailedPayment("in_2", AUGUST_LATE, 900, "uah")]


def test_a_payment_that_failed_and_arrived_counts_in_the_month_in_which_it_arrived() -> None:
    entries = [gift("pi_1", "in_1", AUGUST_LATE), gift("pi_2", "in_2", SEPTEMBER_IN_KYIV, 900, currency="uah")]
    assert won_back(FAILED, entries, KYIV) == [WonBack("2026-08", "eur", 1, 500), WonBack("2026-09", "uah", 1, 900)]


def test_what_never_failed_or_never_arrived_or_went_back_is_not_won_back() -> None:
    never_failed = gift("pi_9", "in_9", AUGUST_LATE)
    one_off = gift("pi_8", None, AUGUST_LATE)
    refund = gift("re_1", "in_1", AUGUST_LATE, -500, kind="refund")
    assert won_back(FAILED, [never_failed, one_off, refund], KYIV) == []


def test_an_invoice_paid_in_parts_is_one_gift_in_the_month_of_the_last_part() -> None:
    parts = [gift("pi_1", "in_1", AUGUST_LATE, 200), gift("pi_2", "in_1", SEPTEMBER_IN_KYIV, 300)]
    assert won_back(FAILED, parts, KYIV) == [WonBack("2026-09", "eur", 1, 500)]
