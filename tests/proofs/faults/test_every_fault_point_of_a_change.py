"""Promise P2 for what a supporter changes: each single call to the table, to Stripe or to the post fails once.

Then the supporter presses again until they get an answer, Stripe tells of what happened there, and the sweep runs. In
the end the gift is as they wished, charged once, told by one mail with one undo link, and nothing is left noted.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.kernel.table import TableUnavailable
from chalicelib.rails.stripe.port import Answer, Stripe, StripeUnavailable
from testkit.calls import Reply
from testkit.harness import ADA, Harness
from testkit.stripe_calls import AroundStripe, Asked, Work
from testkit.visitor import Visitor
from tests.changing.scenes import DAY, Scene, charged, undo_of
from tests.proofs.faults.test_every_fault_point import Countdown, FaultyPost, FaultyTable

HIGHER = 1500


class FaultyStripe(AroundStripe):
    """`Stripe` whose every call counts; one that fails after its work has done it, and only the answer is lost."""

    def __init__(self, stripe: Stripe, countdown: Countdown) -> None:
        super().__init__(stripe)
        self._countdown = countdown

    def _call(self, name: str, asked: Asked, work: Work) -> Sequence[Answer]:
        del asked
        return self._countdown.call(f"stripe.{name}", lambda: work(self.inner), StripeUnavailable("injected"))


@dataclass(frozen=True)
class Act:
    """What is done, after what; and what must be so in the end."""

    path: str
    body: dict[str, Any]
    before: tuple[tuple[str, dict[str, Any]], ...] = ()
    mails: tuple[str, ...] = ()
    money: tuple[int, ...] = (500,)
    again: tuple[str, ...] = ()  # codes with which it may be refused once it is done


ACTS: dict[str, Act] = {
    "raise at the next payment": Act("", {"amount": 700}, mails=("recurring_changed",)),
    "raise now": Act("", {"amount": HIGHER, "charge": "now"}, mails=("recurring_changed",), money=(500, 500)),
    "a year": Act("", {"amount": 6000, "interval": "year"}, mails=("recurring_changed",)),
    "pause": Act("pause", {"months": 2}, mails=("recurring_paused",)),
    "resume": Act("resume", {}, (("pause", {"months": 2}),), ("recurring_resumed",)),
    "stop": Act("stop", {"reason": "money"}, mails=("recurring_will_end",)),
    "keep": Act("keep", {}, (("stop", {}),), ("recurring_resumed",)),
    "undo of a raise": Act(
        "undo",
        {},
        (("", {"amount": HIGHER, "charge": "now"}),),
        ("recurring_changed", "refunded"),
        (500, 500, -500),
        ("undo_over",),
    ),
}


@dataclass
class Life:
    """One life in which one call fails: who presses, what, and how often."""

    harness: Harness
    visitor: Visitor
    path: str
    body: dict[str, Any]

    def press(self) -> Reply:
        """Once."""
        return self.visitor.post(self.path, self.body)


def outcome(harness: Harness) -> dict[str, Any]:
    """All that must be the same in the end, wherever the fault was."""
    [gift] = harness.state(ADA).standing.recurring
    row, mails = harness.stripe.of("subscription")[-1], harness.kinds("MAIL")
    price = row["items"]["data"][0]["price"]
    return {
        "gift": (gift.amount, gift.interval, gift.status, gift.ends_at, gift.resumes_at, gift.next_payment_at),
        "noted": gift.asked,
        "at stripe": (
            price["unit_amount"],
            price["recurring"]["interval"],
            row["pause_collection"],
            row["cancel_at"],
        ),
        "money": tuple(charged(harness)),
        "access": harness.access(ADA).tier,
        "mails": sorted(mail["kind"] for mail in mails),
        "mailed undo links": len({mail["values"]["undo"] for mail in mails if mail["values"].get("undo")}),
        "unsent": [mail["pk"] for mail in mails if mail["status"] != "sent"],
        "refunds": len(harness.stripe.of("refund")),
        "open invoices": [one["id"] for one in harness.stripe.of("invoice") if one["status"] == "open"],
    }


def lived(
    root: Harness, start: Life, heard: set[str], act: Act, countdown: Countdown, *, once: bool = False
) -> dict[str, Any]:
    """The act with one fault, pressed until it is answered; then Stripe tells and the sweep runs.

    :param once: the control: pressed once, and Stripe tells nothing.
    """
    harness = Harness(root.memory.fork(), stripe=root.stripe.as_it_stands())
    harness.clock.real, harness.clock.business = root.clock.real, root.clock.business
    life = Life(harness, Visitor(cookies=dict(start.visitor.cookies)), start.path, start.body)
    post = harness.mails
    with harness.installed():
        harness.table, harness.wiring.mailer = FaultyTable(harness.memory, countdown), FaultyPost(post, countdown)
        harness.wiring.stripe = FaultyStripe(harness.stripe, countdown)
        for _ in range(4):
            reply = life.press()
            if once or reply.status == 200 or reply.json.get("code") in act.again:
                break
            assert reply.status == 503, reply.text
        else:
            raise AssertionError(f"no answer after {countdown.met}")
        harness.table, harness.wiring.mailer = harness.memory, post
        harness.wiring.stripe = harness.stripe
        harness.tell([] if once else [one for one in harness.stripe.of("event") if one["id"] not in heard])
        harness.pass_time(2 * 3600)
        for _ in range(2):
            with suppress(TableUnavailable):
                harness.sweeps()
        return outcome(harness)


@pytest.mark.parametrize("name", ACTS)
def test_a_fault_at_any_single_call_of_a_change_changes_nothing_in_the_end(
    name: str, record_property: Callable[[str, object], None]
) -> None:
    act, root = ACTS[name], Harness()
    with root.installed():
        ada = Scene(root)
        root.pass_time(15 * DAY)
        root.sign_in(ada.visitor, ADA)
        for what, body in act.before:
            assert ada.does(what, **body).status == 200
        ada.hears()
        path = f"/v1/me/recurring/{ada.gift}" + (f"/{act.path}" if act.path else "")
        start = Life(root, ada.visitor, undo_of(root) if act.path == "undo" else path, act.body)
        heard = {one["id"] for one in root.stripe.of("event")}
        known = sorted(row["kind"] for row in root.kinds("MAIL"))
    wanted = lived(root, start, heard, act, Countdown(0, after=False))
    assert wanted["money"] == act.money
    assert wanted["mails"] == sorted([*known, *act.mails])
    assert (wanted["noted"], wanted["unsent"], wanted["open invoices"]) == (None, [], [])
    left = [lived(root, start, heard, act, Countdown(one, after=True), once=True) for one in range(1, 25)]
    assert any(found != wanted for found in left), "the control: without another try something is left undone"
    tried: list[str] = []
    while True:
        chosen, met = len(tried) // 2 + 1, ""
        for after in (False, True):
            countdown = Countdown(chosen, after=after)
            found = lived(root, start, heard, act, countdown)
            met = countdown.met
            if met:
                tried.append(f"{met} {'after' if after else 'before'}")
                assert found == wanted, tried[-1]
        if not met:
            break
    kinds = {point.partition(" ")[0] for point in tried}
    assert kinds >= {"get", "transact", "send", "mark", "stripe.subscription"}
    assert len(tried) > 30, tried
    record_property("figures", f"{name}: {len(tried)} fault points: lost 0, doubled 0")
