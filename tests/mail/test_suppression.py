"""Which feedback lets no mail go any more, and that neither order nor repetition matters."""

from dataclasses import replace
from functools import reduce
from itertools import permutations

import pytest

from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.moments import RealTime
from chalicelib.mail.rules.feedback import Feedback, Suppression, decide, joined

ADA = EmailAddress("ada@reader.example")
NOW = RealTime(1_790_000_000)
BOUNCE = Feedback("Bounce", "Permanent", "General", (ADA,), (ADA,), NOW - 5)
COMPLAINT = Feedback("Complaint", "abuse", "", (ADA,), (ADA,), NOW - 5)


@pytest.mark.parametrize(
    ("feedback", "expected"),
    [
        (BOUNCE, ("bounce", "General")),
        (replace(BOUNCE, subtype="NoEmail"), ("bounce", "NoEmail")),
        (replace(BOUNCE, subtype="Suppressed"), ("bounce", "Suppressed")),
        (replace(BOUNCE, subtype="OnAccountSuppressionList"), ("bounce", "OnAccountSuppressionList")),
        (
            replace(BOUNCE, type="Transient", subtype="OnAccountSuppressionList"),
            ("bounce", "OnAccountSuppressionList"),
        ),
        (replace(BOUNCE, subtype=""), ("bounce", "other")),
        (replace(BOUNCE, type="Transient"), None),
        (replace(BOUNCE, type="Transient", subtype="MailboxFull"), None),
        (replace(BOUNCE, type="Undetermined", subtype="Undetermined"), None),
        (replace(BOUNCE, type=""), None),
        (COMPLAINT, ("complaint", "abuse")),
        (replace(COMPLAINT, type="fraud"), ("complaint", "fraud")),
        (replace(COMPLAINT, type=""), ("complaint", "other")),
        (replace(COMPLAINT, type="", subtype="OnAccountSuppressionList"), ("complaint", "OnAccountSuppressionList")),
        (replace(COMPLAINT, type="not-spam"), None),
        (replace(COMPLAINT, type="Not-Spam"), None),
        (replace(BOUNCE, event="Delivery"), None),
        (replace(BOUNCE, event="Reject"), None),
        (replace(BOUNCE, event="DeliveryDelay"), None),
        (replace(BOUNCE, event="bounce"), None),
    ],
)
def test_what_is_decided(feedback: Feedback, expected: tuple[str, str] | None) -> None:
    decided = decide(feedback, NOW)
    if expected is None:
        assert decided == ()
    else:
        assert decided == ((ADA, Suppression(*expected, since=NOW, sent_at=NOW - 5)),)  # type: ignore[arg-type] # a kind


def test_a_reason_that_we_do_not_know_is_not_kept() -> None:
    """A complaint's type is copied from what the reader's provider wrote."""
    ((_, suppression),) = decide(replace(COMPLAINT, type="from eve@reader.example"), NOW)
    assert suppression.reason == "other"


@pytest.mark.parametrize(
    ("sent_to", "named", "expected"),
    [
        ((ADA,), (ADA,), [ADA]),
        ((ADA,), (), [ADA]),
        ((ADA,), ("forwarded@elsewhere.example",), [ADA]),
        ((), (ADA,), [ADA]),
        ((), (), []),
        ((ADA, "ben@x.example"), ("ben@x.example", "eve@x.example"), ["ben@x.example"]),
        ((ADA, "ben@x.example"), (), []),
        ((ADA, ADA), (ADA,), [ADA]),
    ],
)
def test_nobody_is_suppressed_whom_we_did_not_write_to(
    sent_to: tuple[EmailAddress, ...], named: tuple[EmailAddress, ...], expected: list[str]
) -> None:
    """Whoever runs a mail server writes their own bounces, and may name anybody in them."""
    decided = decide(replace(BOUNCE, sent_to=sent_to, named=named), NOW)
    assert [address for address, _ in decided] == expected


def test_every_order_and_repetition_leads_to_the_same() -> None:
    tellings = [
        Suppression("bounce", "General", NOW + 3, NOW),
        Suppression("bounce", "NoEmail", NOW + 1, NOW),
        Suppression("complaint", "abuse", NOW + 5, NOW),
        Suppression("complaint", "fraud", NOW + 9, NOW + 2),
        Suppression("bounce", "Suppressed", NOW + 9, NOW + 8),
    ]
    ends = set()
    for order in permutations(tellings):
        for again in (order, (*order, *order), (*order, order[0])):
            held: Suppression | None = None
            ends.add(reduce(lambda held, told: joined(held, None, told), again, held))
    assert ends == {Suppression("complaint", "abuse", NOW + 1, NOW)}


def test_what_is_told_of_an_older_mail_does_not_count_after_mail_was_allowed() -> None:
    old, new = Suppression("bounce", "General", NOW + 9, NOW), Suppression("bounce", "General", NOW + 9, NOW + 6)
    assert joined(None, NOW + 5, old) is None
    assert joined(None, NOW, old) is None, "of the same second: the older is likelier"
    assert joined(None, NOW + 5, new) == new
    assert joined(new, NOW + 5, replace(old, kind="complaint")) == new, "nor does it change what holds now"
