"""The pages of devices and of the address in every state, and the mails about addresses, for `samples.py`."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.account.views.pages import AddressPage, DeviceLine, DevicesPage
from chalicelib.giving.views.pages import ThanksPage, ThanksState, WrongAddress
from chalicelib.http.pages import Gift, Page, mask_email
from chalicelib.i18n.texts import Texts
from chalicelib.mail.rules import address_mails, mails

ADDRESS, NEW = "maria@example.org", "maria.kovalenko@a-long-name-of-a-mailbox.example.org"


def address_pages(lang: str, *, now: datetime, until: datetime) -> Mapping[str, Page]:
    """A name and a page for each state."""
    said = {code: Texts(lang).say(f"code.{code}") for code in ("bad_email", "wrong_code")}
    devices = (
        DeviceLine("3f1c9a", "phone", now, until, current=True),
        DeviceLine("77b0d2", "computer", now, now, current=False),
        DeviceLine("0c44e1", "", now, until, current=False),
    )
    paid = ThanksPage(
        "cs_test_1", ThanksState.PAID, Gift(2500, "eur"), sent_to=mask_email(ADDRESS), wrong_address=WrongAddress()
    )

    def wrong(**state: Any) -> ThanksPage:
        return replace(paid, wrong_address=WrongAddress(**state))

    return {
        "thanks-wrong-address": paid,
        "thanks-wrong-address-refused": wrong(typed="maria@", problem=said["bad_email"]),
        "thanks-wrong-address-code": wrong(sent=True),
        "thanks-wrong-address-code-wrong": wrong(sent=True, typed="7K3M-XQ4", problem=said["wrong_code"]),
        "thanks-claimed": wrong(done=True),
        "devices": DevicesPage(devices),
        "address": AddressPage(ADDRESS),
        "address-refused": AddressPage(ADDRESS, typed="maria@", problem=said["bad_email"]),
        "address-code": AddressPage(ADDRESS, waits_for=NEW),
        "address-code-wrong": AddressPage(
            ADDRESS, waits_for=NEW, code="7K3M-XQ4", problem=said["wrong_code"], problem_of="code"
        ),
        "address-done": AddressPage(NEW, done=True),
        "devices-done": DevicesPage(devices[:1], done=True),
    }


def mails_about_addresses(*, now: datetime) -> Mapping[str, mails.Mail]:
    """A name and a mail for each."""
    undo = "3Kq9wZcD1nXy4BvA.7hPq2LmS9tRw5ZxC"
    return {
        "correct_address": address_mails.CorrectAddress("7K3M-XQ4T"),
        "prove_address": address_mails.ProveAddress("7K3M-XQ4T"),
        "prove_address_gift": address_mails.ProveAddress("7K3M-XQ4T", gift=True),
        "address_changed": address_mails.AddressChanged(undo),
        "address_restored": address_mails.AddressRestored(),
        "gift_claimed": address_mails.GiftClaimed(now, undo),
        "gift_unclaimed": address_mails.GiftUnclaimed(now),
        "records_merged": address_mails.RecordsMerged(kept=True),
        "records_merged_gone": address_mails.RecordsMerged(kept=False),
    }
