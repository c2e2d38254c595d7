"""Mail to SES's simulator is answered on the local stack as SES would, and the address gets no mail any more."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.kernel import email_address
from chalicelib.kernel.moments import RealTime
from chalicelib.mail.actions.handle_feedback import handle_mail_feedback
from chalicelib.mail.rows import suppressed
from chalicelib.supporters.rows import supporters
from localdev.mailbox.box import Box, Mail
from localdev.mailbox.collector import Collector
from localdev.mailbox.simulator import Simulator, feedback, sns_event
from testkit.engine import Engine
from testkit.harness import EMAIL_KEY, Harness

MAIL = Mail("mail-1", ("ada@reader.example",), "Ваш код", "ABCD-EFGH", "", 1_790_000_000.5)


def to(address: str) -> Mail:
    return replace(MAIL, recipients=(address,))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("bounce", "bounce"),
        ("bounce+olia", "bounce"),
        ("suppressionlist", "bounce"),
        ("complaint", "complaint"),
        ("complaint+1", "complaint"),
        ("success", None),
        ("ooto", None),
    ],
)
def test_each_address_answers_in_its_own_way(engine: Engine, table_name: str, name: str, kind: str | None) -> None:
    address = f"{name}@simulator.amazonses.com"
    told = feedback(to(address), address)
    assert told is not None
    message = sns_event(told)["Records"][0]["Sns"]["Message"]
    table = Harness(engine.table(table_name)).table
    handle_mail_feedback(message, table, email_key=EMAIL_KEY, now=RealTime(1_790_000_060))
    held = suppressed.read(table, supporters.email_hash(email_address.read(address), EMAIL_KEY))
    assert (held.kind if held else None) == kind
    if held:
        assert held.sent_at == 1_790_000_000


@pytest.mark.parametrize(
    "address",
    ["ada@reader.example", "bounce@example.com", "else@simulator.amazonses.com", "bounce@x.simulator.amazonses.com"],
)
def test_nobody_else_is_answered(address: str) -> None:
    assert feedback(to(address), address) is None


def test_the_apps_own_function_is_called_as_sns_calls_it() -> None:
    seen: list[Any] = []

    def function(event: Any, _context: Any) -> None:
        seen.append(json.loads(event["Records"][0]["Sns"]["Message"]))

    simulator = Simulator(lambda: function)
    simulator.tell([MAIL, to("bounce@simulator.amazonses.com"), to("success@simulator.amazonses.com")])
    assert [told["eventType"] for told in seen] == ["Bounce", "Delivery"]


def test_a_function_that_fails_ends_nothing() -> None:
    def fails(_event: Any, _context: Any) -> None:
        raise RuntimeError("the table is away")

    Simulator(lambda: fails).tell([to("bounce@simulator.amazonses.com")])


def test_the_mailbox_tells_of_a_mail_once_it_is_kept(ministack: Engine, tmp_path: Path) -> None:
    box = Box(tmp_path / "mail.sqlite")
    told: list[str] = []

    def on_new(mails: Any) -> None:
        assert all(box.get(mail.id) for mail in mails)
        told.extend(mail.to for mail in mails)

    collector = Collector(ministack.endpoint, box, on_new)
    collector.collect()
    told.clear()
    ministack.client("sesv2").send_email(
        FromEmailAddress="support@nadrichchia.example",
        Destination={"ToAddresses": ["bounce+once@simulator.amazonses.com"]},
        Content={"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}},
    )
    collector.collect()
    collector.collect()
    assert told == ["bounce+once@simulator.amazonses.com"]
