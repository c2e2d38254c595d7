"""What thanks and receipts say of an odd invoice: what was paid, and the gift at its own price."""

import re
from datetime import datetime
from typing import Any

import pytest

from chalicelib.kernel.table import Put, TableUnavailable
from chalicelib.kernel.typed_amount import from_decimal_text
from chalicelib.ledger.rows import receipts as receipts_store
from chalicelib.ledger.rules import receipt_reference
from chalicelib.mail.rows import outbox, suppressed
from chalicelib.mail.rules.feedback import Suppression
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.supporters.rows import supporters
from localdev.around import Around
from testkit import rebuilding
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
        assert any(line.split(": ")[-1].startswith("ГО «Вісті Надріччя», вул. Набережна, 1") for line in lines)


def test_a_mail_that_waits_since_the_release_before_has_a_receipt_without_what_it_lacked(harness: Harness) -> None:
    harness.tell(harness.gives(1000))
    old = MailToSend("pi_old:thanks", "thanks_once", {"amount": 700, "currency": "eur", "paid_at": harness.now()})
    harness.table.write(outbox.put(old, harness.state().id, harness.now()))
    assert harness.mail_sender.try_send(old.id, harness.now())
    assert "Сума: 7" in harness.mails.last.text
    assert "Ідентифікатор" not in harness.mails.last.text


# ---- the number ----


def number_in(text: str) -> list[str]:
    return re.findall(r"Номер квитанції: (\S+)", text.replace("\N{NO-BREAK SPACE}", " "))


def test_a_receipt_has_a_number_with_its_letters_and_the_method_and_leads_to_its_page(harness: Harness) -> None:
    harness.tell(harness.gives(1000))
    harness.tell(harness.gives(500, "month"))
    first, second = (mail.text for mail in harness.mails.sent)
    (one,), (two,) = number_in(first), number_in(second)
    key = harness.wiring.secrets["SPILNO_EMAIL_KEY"]
    read = [receipt_reference.read(reference, key) for reference in (one, two)]
    assert read == [f"{year(harness)}-000001", f"{year(harness)}-000002"]
    assert "Спосіб оплати: Visa\N{NO-BREAK SPACE}····" in first
    payments = [paid["id"] for paid in harness.stripe.of("payment_intent")]
    for text, payment in zip((first, second), payments, strict=True):
        assert f"return_to=/account/receipts/{payment}" in text


def test_a_refund_is_told_with_the_number_of_its_gift(harness: Harness) -> None:
    harness.tell(harness.gives(1000))
    harness.tell(harness.stripe.gives_back(harness.stripe.of("payment_intent")[-1]["id"], 300))
    receipt, refund = (mail.text for mail in harness.mails.sent)
    assert number_in(refund) == number_in(receipt) != []
    assert receipts_store.count(harness.table, year(harness)) == 1
    assert f"return_to=/account/receipts/{harness.stripe.of('payment_intent')[-1]['id']}" in refund


def test_a_mail_that_is_sent_again_has_the_same_number(harness: Harness) -> None:
    events = harness.gives(1000)
    harness.mails.down = True
    harness.tell(events)
    harness.mails.down = False
    harness.pass_time(3600)
    harness.sweeps()
    assert number_in(harness.mails.last.text)
    assert receipts_store.count(harness.table, year(harness)) == 1


@pytest.mark.parametrize("fault", [TableUnavailable, ValueError])
def test_if_the_numbering_fails_the_mail_goes_out_without(harness: Harness, fault: type[Exception]) -> None:
    whole = harness.table

    def fails(call: str, what: Any) -> None:
        if call == "transact" and any(one.item["pk"].startswith("RECEIPT") for one in what if isinstance(one, Put)):
            raise fault

    harness.table = Around(whole, fails)
    harness.tell(harness.gives(1000))
    text = harness.mails.last.text
    assert not number_in(text)
    assert "Спосіб оплати: Visa" in text
    assert harness.books.totals == {"eur": (1000, 1)}
    harness.table = whole
    payment = harness.stripe.of("payment_intent")[-1]["id"]
    harness.tell(harness.stripe.gives_back(payment, 300))
    assert number_in(harness.mails.last.text), "the next mail about it has one"


def test_booking_gives_no_number(harness: Harness) -> None:
    harness.supporter(ADA)
    hashed = supporters.email_hash(ADA, harness.wiring.secrets["SPILNO_EMAIL_KEY"])
    suppressed.suppress(harness.table, hashed, Suppression("bounce", "General", harness.now(), harness.now()))
    harness.tell(harness.gives(1000))
    assert harness.books.totals == {"eur": (1000, 1)}
    assert not harness.mails.sent
    assert receipts_store.count(harness.table, year(harness)) == 0


def test_rebuild_changes_no_receipt(harness: Harness) -> None:
    harness.tell(harness.gives(1000))
    harness.tell(harness.gives(500, "month"))
    before = [row for row in harness.rows() if "RECEIPT" in row["pk"] + row["sk"]]
    assert len(before) == 5
    for row in harness.books.entries:
        rebuilding.damaged(harness, row, gsi1pk="elsewhere")
    rebuilding.rebuilds(harness)
    assert [row for row in harness.rows() if "RECEIPT" in row["pk"] + row["sk"]] == before


def year(harness: Harness) -> int:
    return datetime.fromtimestamp(harness.now(), harness.newsroom.zone).year
