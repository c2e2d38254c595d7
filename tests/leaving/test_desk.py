"""What waits for a person: listed by its deadline, carried out, refused or closed; and what a command says of it."""

import json

import pytest

from testkit.commands import command
from testkit.harness import ADA, BEN, Harness
from testkit.visitor import Visitor
from tests.leaving.declaring import declared, gives_monthly, statement

STRANGER = "nobody@reader.example"


def waiting(harness: Harness, email: str = ADA, kind: str = "cancel", **more: str) -> str:
    reference = declared(None, email, kind=kind, **more).json["reference"]
    harness.sweeps()
    return str(reference)


def listed(harness: Harness, *words: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in command(harness, "statements", "list", "--json", *words).output.splitlines()]


def test_what_waits_is_listed_by_its_deadline(harness: Harness) -> None:
    gives_monthly(harness)
    withdrawal = waiting(harness, kind="withdraw")
    cancellation = waiting(harness, comment="\x1b[31mred")
    rows = listed(harness)
    assert [row["reference"] for row in rows] == [cancellation, withdrawal], "seven days, fourteen"
    assert {row["status"] for row in rows} == {"waiting"}
    shown = command(harness, "statements", "list").output
    assert command(harness, "statements").output == shown, "the command alone lists them"
    assert command(harness, "statements", "--json").output == command(harness, "statements", "list", "--json").output
    assert cancellation in shown
    assert "\x1b" not in command(harness, "statements", "show", cancellation).output


def test_a_next_payment_before_that_is_the_deadline(harness: Harness) -> None:
    gives_monthly(harness)
    harness.pass_time(27 * 86_400)
    reference = waiting(harness)
    assert statement(harness, reference).deadline == harness.state().standing.recurring[0].next_payment_at


def test_show_says_what_agreeing_would_do(harness: Harness) -> None:
    gift = gives_monthly(harness)
    would = json.loads(command(harness, "statements", "show", waiting(harness), "--json").output)["would"]
    assert [(row["gift"], row["does"]) for row in would] == [(gift, "stops")]
    would = json.loads(command(harness, "statements", "show", waiting(harness, kind="withdraw"), "--json").output)[
        "would"
    ]
    assert would == [{"gift": gift, "does": "gives back", "amount": 500, "currency": "eur"}]


def test_agree_carries_it_out_however_the_number_is_typed(harness: Harness) -> None:
    gift = gives_monthly(harness)
    reference = waiting(harness)
    done = command(harness, "statements", "agree", reference.lower().replace("-", " "), "--json")
    assert json.loads(done.output)["status"] == "done"
    assert harness.stripe.subscription(gift)["cancel_at"]
    assert statement(harness, reference).by not in ("", "link")


def test_agree_wants_to_know_whose_it_is(harness: Harness) -> None:
    gift = gives_monthly(harness, BEN)
    reference = waiting(harness, STRANGER)
    with pytest.raises(Exception, match="--supporter"):
        command(harness, "statements", "agree", reference)
    command(harness, "statements", "agree", reference, "--supporter", BEN)
    assert harness.stripe.subscription(gift)["cancel_at"]
    assert statement(harness, reference).status == "done"


def test_refuse_tells_why_at_the_gifts_own_address(harness: Harness) -> None:
    gives_monthly(harness)
    reference = waiting(harness)
    command(harness, "statements", "refuse", reference, "--reason", "Двічі те саме")
    assert harness.mails.last.to == ADA
    assert "Двічі те саме" in harness.mails.last.text
    assert statement(harness, reference).status == "closed"
    with pytest.raises(Exception, match="settled already"):
        command(harness, "statements", "refuse", reference, "--reason", "Ще раз")
    assert listed(harness) == []


def test_close_is_silent_unless_it_is_told_to_tell(harness: Harness) -> None:
    first, second = waiting(harness, STRANGER), waiting(harness, "other@reader.example", lang="en")
    sent = len(harness.mails.sent)
    command(harness, "statements", "close", first, "--reason", "Nobody of ours")
    assert len(harness.mails.sent) == sent
    command(harness, "statements", "close", second, "--reason", "You are no supporter here", "--tell")
    assert harness.mails.last.to == "other@reader.example"
    assert "You are no supporter here" in harness.mails.last.text
    assert "other@reader.example" not in str(harness.kinds("MAIL")), "forgotten once it was sent"


def test_a_link_pressed_after_a_person_decided_changes_nothing(harness: Harness) -> None:
    gift = gives_monthly(harness)
    reference = waiting(harness)
    path = next(line for line in harness.mails.last.text.splitlines() if "/confirm" in line).removeprefix(
        "http://127.0.0.1:8000"
    )
    command(harness, "statements", "refuse", reference, "--reason", "Ні")
    assert "Уже вирішено" in Visitor().navigate(path).text
    Visitor().submit(path.partition("?")[0], {})
    assert harness.stripe.subscription(gift)["cancel_at"] is None


def test_a_flood_does_not_hide_what_somebody_meant(harness: Harness) -> None:
    gives_monthly(harness)
    flood = Visitor(origin=None, client="203.0.113.5")
    for number in range(15):
        declared(flood, f"reader{number}@reader.example")
    reference = waiting(harness)
    assert len(listed(harness)) == 11
    assert reference in {row["reference"] for row in listed(harness)}
    assert len(listed(harness, "--all")) == 16
    assert "--all shows them" in command(harness, "statements", "list").output


def test_an_unknown_number_is_said(harness: Harness) -> None:
    with pytest.raises(Exception, match="There is no statement"):
        command(harness, "statements", "show", "AAAA-BBBB-CCCC")


def test_what_is_settled_is_found_by_supporter_or_by_address_and_expires(harness: Harness) -> None:
    gives_monthly(harness)
    mine, nobodys = waiting(harness), waiting(harness, STRANGER)
    for reference in (mine, nobodys):
        command(harness, "statements", "close", reference, "--reason", "done")
    both = list(harness.kinds("STATEMENT"))
    rows = {row["pk"].partition("#")[2]: row for row in both if row["sk"] == "STATEMENT"}
    typed = {row["pk"].partition("#")[2]: row for row in both if row["sk"] == "ADDRESS"}
    owner = harness.state().id
    assert rows[mine.replace("-", "")]["gsi1pk"] == f"ABOUT#{owner}"
    for one in (mine, nobodys):
        name = one.replace("-", "")
        assert typed[name]["gsi1pk"].startswith("ADDRESS#")
        assert typed[name]["expires"] == rows[name]["expires"]
    assert rows[mine.replace("-", "")]["expires"] > rows[nobodys.replace("-", "")]["expires"] > harness.now()
    assert [row["sk"] for row in harness.kinds("SUP") if row["sk"].startswith("STATEMENT#")]
