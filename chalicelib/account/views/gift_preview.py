"""The money of a change before it is made, as the page of a gift shows it."""

from dataclasses import dataclass, replace

from chalicelib.account.views.gift_line import gift_of, moment
from chalicelib.account.views.gift_pages import Preview
from chalicelib.account.views.wish import TypedWish
from chalicelib.changing.actions.change_gift import ChangePreview, preview_change
from chalicelib.changing.rules.change import Change, plan
from chalicelib.http.call import Call
from chalicelib.http.pages import Gift
from chalicelib.http.problems import as_problem
from chalicelib.kernel.errors import Conflict, Problem
from chalicelib.kernel.outages import Outage, Refused
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rules.access import RecurringGift, includes


@dataclass(frozen=True)
class Seen:
    """What a look at a wish came to. `same`: it is what is given already. `step_up`: it needs a fresh sign-in.

    `problem`: why it cannot be done so; a `preview` beside it is of what can be done instead.
    """

    preview: Preview | None = None
    problem: Problem | None = None
    same: bool = False
    step_up: bool = False


def look(call: Call, signed_in: OpenSession, gift: RecurringGift, wish: TypedWish, lang: str) -> Seen:
    """Ask what a wish would do; changes nothing."""
    wiring, problem = call.wiring, None
    try:
        change = Change(wish.in_minor_units(gift.currency), wish.interval, wish.charge)
        try:
            found = preview_change(wiring, signed_in.supporter, gift.id, change)
        except Conflict as conflict:
            if conflict.code != "charge_next_only":
                raise
            problem, change = conflict, replace(change, charge="next")
            found = preview_change(wiring, signed_in.supporter, gift.id, change)
    except (Problem, Outage, Refused) as error:
        return Seen(problem=as_problem(error))
    if found.plan.nothing:
        return Seen(same=True)
    preview = _on_page(call, found, change, lang)
    return Seen(replace(preview, raises=preview.raises and problem is None), problem, step_up=found.step_up)


def _on_page(call: Call, found: ChangePreview, change: Change, lang: str) -> Preview:
    newsroom = call.wiring.newsroom
    held = includes(newsroom.tier_names, found.gift.tier)
    opened = includes(newsroom.tier_names, found.tier.name if found.tier else None)
    given_up = len(held) > len(opened) and found.until > call.wiring.now()
    return Preview(
        was=gift_of(found.gift),
        wish=Gift(
            found.plan.new.amount, found.gift.currency, found.plan.new.rhythm.unit, found.plan.new.rhythm.count
        ),
        charge="now" if found.plan.charge_now else "next",
        charged_now=found.charged_now,
        next_payment_at=moment(found.next_payment_at),
        next_amount=found.next_amount,
        token=found.changes,
        opens=found.tier.opens[lang] if found.tier else "",
        keeps_until=moment(found.until) if given_up else None,
        raises=plan(replace(change, charge="now"), found.gift, newsroom).charge_now,
    )
