"""What thanks and receipts say of an odd invoice: what was paid, and the gift at its own price."""

import re

import pytest

from chalicelib.kernel.typed_amount import from_decimal_text
from chalicelib.mail.rows import outbox
from chalicelib.mail.rules.mails import MailToSend
from testkit.harness import ADA, Harness
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


def test_receipts_hold_what_makes_them_worth_keeping(harness: Harness) -> None:
    """The payment's id, the address, when, how much and for what: all the way from the payment, and back."""
    harness.tell(lived(harness, (gives(500), RENEWS)))
    first, renewed = harness.stripe.of("payment_intent")
    harness.tell(harness.stripe.gives_back(first["id"]))
    back = harness.stripe.of("refund")[-1]
    for subject, of in (("Дякуємо", first), ("Внесок отримано", renewed), ("Ми повернули", back)):
        text = next(mail.text for mail in harness.mails.sent if mail.subject.startswith(subject))
        lines = text.replace("\N{NO-BREAK SPACE}", " ").splitlines()
        assert any(line.endswith(f": {of['id']}") for line in lines), text
        assert f"Електронна адреса: {ADA}" in lines
        assert {"Сума: 5 €", "Повернено: 5 €"} & set(lines)
        assert any(line.endswith(": Вісті Надріччя") for line in lines)


def test_a_mail_that_waits_since_the_release_before_has_a_receipt_without_what_it_lacked(harness: Harness) -> None:
    harness.tell(harness.gives(1000))
    old = MailToSend("pi_old:thanks", "thanks_once", {"amount": 700, "currency": "eur", "paid_at": harness.now()})
    harness.table.write(outbox.put(old, harness.state().id, harness.now()))
    assert harness.mail_sender.try_send(old.id, harness.now())
    assert "Сума: 7" in harness.mails.last.text
    assert "Ідентифікатор" not in harness.mails.last.text
