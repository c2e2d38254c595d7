"""The link of a mail about a change: it shows a button, undoes once, and for so long as it says."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.kernel import link_tokens
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.undo.actions import undo as undoing
from chalicelib.undo.rows import undos
from chalicelib.undo.rows.undos import DAY, Undo
from chalicelib.wiring import Wiring
from testkit.calls import Reply
from testkit.clock import NOW
from testkit.harness import EMAIL_KEY, Harness
from testkit.visitor import Visitor

UNDONE: list[Undo] = []


def remember(_wiring: Wiring, undo: Undo) -> None:
    if undo.facts.get("refused"):
        raise Conflict("Not now.", code="busy")
    UNDONE.append(undo)


@pytest.fixture(autouse=True)
def _a_kind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A kind of change whose handler notes that it was called, with the words of one that there is."""
    monkeypatch.setattr(undoing, "HANDLERS", {"address": "test:remember"})
    monkeypatch.setattr(undoing, "_handler", lambda kind: {"address": remember}[kind])
    yield
    UNDONE.clear()


def stored(harness: Harness, **facts: Any) -> str:
    """A change that can be undone for a day; answers the link's path."""
    undo = Undo(SupporterId("ada"), "one", "address", BusinessTime(NOW + DAY), facts)
    harness.table.write(undos.put(undo))
    return f"/undo/{link_tokens.make('undo', undo.id, EMAIL_KEY)}"


def page(path: str) -> Reply:
    return Visitor().call("GET", path, headers={"Accept": "text/html"})


def test_looking_changes_nothing_and_pressing_undoes_once(harness: Harness) -> None:
    path = stored(harness, amount=500)
    assert page(path).status == 200
    assert not UNDONE
    assert Visitor().post(path, {}).json == {"undone": True}
    assert [(one.kind, one.facts) for one in UNDONE] == [("address", {"amount": 500})]
    assert Visitor().post(path, {}).json["code"] == "undo_over"
    assert len(UNDONE) == 1


def test_a_press_on_the_page_leads_to_a_page_that_says_it_is_done(harness: Harness) -> None:
    path = stored(harness)
    first, second = (Visitor().submit(path, {"lang": "uk"}) for _ in range(2))
    assert (first.status, first.headers["location"]) == (303, f"http://127.0.0.1:8000{path}?lang=uk")
    assert "Скасовано" in page(f"{path}?lang=uk").text
    assert second.status == 410, "once; a person reads that it is done all the same"
    assert "Скасовано" in second.text
    assert len(UNDONE) == 1


def test_its_time_ends(harness: Harness) -> None:
    path = stored(harness)
    harness.clock.pass_time(DAY - 1)
    assert page(path).status == 200
    harness.clock.pass_time(1)
    assert page(path).status == 410
    assert Visitor().post(path, {}).json["code"] == "undo_over"
    assert not UNDONE


def test_a_link_that_we_did_not_make_does_nothing(harness: Harness) -> None:
    path = stored(harness)
    for wrong in (path[:-1], path + "0", "/undo/x", "/undo/ada.one", "/undo/ada.one." + "0" * 32):
        assert Visitor().post(wrong, {}).json["code"] == "undo_over"
    assert not UNDONE


def test_what_the_handler_refuses_can_be_tried_again(harness: Harness) -> None:
    path = stored(harness, refused=True)
    assert Visitor().post(path, {}).json["code"] == "busy"
    again = Visitor().submit(path, {})
    assert again.status == 409
    assert "<form" in again.text
    assert undos.read(harness.table, "ada.one") == Undo(
        SupporterId("ada"), "one", "address", BusinessTime(NOW + DAY), {"refused": True}
    )
