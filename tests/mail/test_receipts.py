"""What thanks and receipts say of an odd invoice: what was paid, and the gift at its own price."""

import re

import pytest

from chalicelib.kernel.typed_amount import from_decimal_text
from testkit.harness import Harness
from testkit.odd_scenarios import LIVES, RENEWS, after, changed, gives, lived


def receipts(harness: Harness) -> list[str]:
    """Subjects of thanks and receipts, on one line each."""
    subjects = [" ".join(mail.subject.split()) for mail in harness.mails.sent]
    return [one for one in subjects if one.startswith(("Внесок отримано", "Дякуємо, що ви з нами"))]


ODD_RECEIPTS = {
    "raised with proration": "Внесок отримано: 12,54 €",
    "half off": "Внесок отримано: 2,50 €",
    "a part paid by credit": "Внесок отримано: 2,50 €",
    "a book beside it": "Внесок отримано: 25 €",
    "raised and charged at once": "Внесок отримано: 5,08 €",
}


@pytest.mark.parametrize("name", ODD_RECEIPTS)
def test_a_receipt_never_calls_what_was_paid_the_sum_of_every_month(harness: Harness, name: str) -> None:
    steps, _, _ = LIVES[name]
    harness.tell(lived(harness, steps))
    first, last = receipts(harness)
    assert first == "Дякуємо, що ви з нами: 5 € щомісяця"
    assert abs(euros(last) - euros(ODD_RECEIPTS[name])) <= 17, last
    assert "щомісяця" not in last
    assert re.search(
        r"Ваша регулярна підтримка — (5|10|15) € щомісяця", " ".join(harness.mails.sent[-1].text.split())
    )


def euros(subject: str) -> int:
    """The amount at its end, in cents."""
    return from_decimal_text(subject.rpartition(": ")[2].split()[0], "eur").amount


def test_an_ordinary_month_is_called_what_it_is(harness: Harness) -> None:
    harness.tell(lived(harness, (gives(500), RENEWS)))
    assert receipts(harness)[-1] == "Внесок отримано: 5 € щомісяця"
    assert "Ваша регулярна підтримка" not in harness.mails.sent[-1].text


def test_thanks_that_come_late_name_the_gift_that_was_paid_for(harness: Harness) -> None:
    """A yearly gift is monthly by the time at which its first payment is heard of."""
    events = lived(harness, (gives(15000, "year"), after(100), changed(500), after(1)))
    harness.tell(event for event in events[::-1] if event["type"] != "invoice.paid")
    harness.tell(event for event in events if event["type"] == "invoice.paid")
    assert receipts(harness)[-1] == "Дякуємо, що ви з нами: 150 € щороку"
