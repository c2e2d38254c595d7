"""Receipts and statements with made-up values."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.http import pages
from chalicelib.kernel.ids import SupporterId
from chalicelib.ledger.rules.movements import STRIPE, Entry, MethodOfPayment, Movement, Period
from chalicelib.ledger.rules.receipts import Receiver
from chalicelib.ledger.rules.stored import StoredEntry
from chalicelib.newsroom.legal import LONGEST_ADDRESS, LONGEST_NAME, LONGEST_TAX_TEXT
from chalicelib.newsroom.rules import Newsroom
from chalicelib.receipts.actions.history import ShownPayment
from chalicelib.receipts.rules.donations import Donation, GivenInYear
from chalicelib.receipts.views.pages import ReceiptPage, ReturnedLine, YearLine, YearPage

EMAIL = "maria.kovalenko.1985@example.org"
CARD = MethodOfPayment("card", "visa", "4242")
_MONTH = 30


def receipt_pages(newsroom: Newsroom, *, now: datetime) -> Mapping[str, pages.Page]:
    """A name and a page for a receipt and a statement of each kind."""
    legal = newsroom.legal
    receiver = Receiver(legal.name, legal.address, legal.id)
    plain = ShownPayment(donation(now), "2026-000123-K7QX-9M2D")
    back = [
        ReturnedLine(now + timedelta(days=days), kind, amount, reference)
        for days, kind, amount, reference in (
            (3, "refund", -200, "re_3Sample0000000000000001"),
            (9, "dispute", -300, "re_3Sample0000000000000002"),
            (40, "dispute", 300, "re_3Sample0000000000000003"),
            (41, "refund", 200, "re_3Sample0000000000000004"),
        )
    ]
    return {
        "receipt": ReceiptPage(plain, "once", EMAIL, receiver, "Марія Коваль", given_at=now),
        "receipt-every-line": ReceiptPage(
            ShownPayment(donation(now, 200), "2026-1000123-K7QX-9M2D"),
            *("month", EMAIL, longest_receiver(), "Марія Коваль " * 8, back, now, "2026-000122"),
        ),
        "receipt-no-number": ReceiptPage(replace(plain, reference=""), "month", EMAIL, None),
        "statement": statement(newsroom, now, 12),
        "statement-longest": replace(
            statement(newsroom, now, 12, back=True),
            receiver=longest_receiver(),
            payers=("Марія Коваль",),
            tax_text="12345 " * (LONGEST_TAX_TEXT // 6),
            unreadable=1,
        ),
        "statement-none": YearPage(2026, now, EMAIL, (), (), None, others=(2025,)),
    }


def longest_receiver() -> Receiver:
    """As long as the newsroom's file may name one."""
    name, address = "12345 " * (LONGEST_NAME // 6), "123456 " * (LONGEST_ADDRESS // 7)
    return Receiver({"uk": name}, {"uk": address}, {"uk": "12345678"})


def donation(at: datetime, returned: int = 0, name: str = "pi_3Sample0000000000000001") -> Donation:
    """A monthly payment of 5 €, of which so much was given back."""
    seconds = int(at.timestamp())
    gift = Movement(
        *(name, "gift", name, 500, "eur", seconds),
        livemode=False,
        recurring="sub_1",
        period=Period(seconds, seconds + _MONTH * 86_400),
        method=CARD,
        payer="Марія Коваль",
        rail=STRIPE,
    )
    refund = Movement(*("re_1", "refund", name, -returned, "eur", seconds), livemode=False, rail=STRIPE)
    return Donation(StoredEntry(SupporterId("ada"), f"MONEY#{name}", Entry(gift)), (refund,) if returned else ())


def statement(newsroom: Newsroom, now: datetime, count: int, *, back: bool = False) -> YearPage:
    """A year of so many monthly payments; `back`: something of each was given back."""
    given = [
        donation(now + timedelta(days=_MONTH * number), 100 if back else 0, f"pi_{number}") for number in range(count)
    ]
    found, legal = GivenInYear(2026, given), newsroom.legal
    lines = [
        YearLine(
            datetime.fromtimestamp(one.gift.occurred_at, now.tzinfo),
            ShownPayment(one, f"2026-{number:06}-K7QX-9M2D"),
        )
        for number, one in enumerate(given, 123)
    ]
    receiver = Receiver(legal.name, legal.address, legal.id)
    return YearPage(2026, now, EMAIL, lines, found.sums, receiver, ("Марія Коваль",), others=(2025, 2024))
