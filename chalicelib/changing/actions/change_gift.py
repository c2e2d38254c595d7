"""Change the amount or the interval of a recurring gift, and show beforehand what that would do.

    look up       as it is stored and as Stripe has it; what we missed is booked
    decide        pure: what it means, whether something is charged now, whether a fresh sign-in is needed
    note          the change and its undo, in one transaction
    ask Stripe    under an idempotency key that states the note
    apply         what Stripe then has, through booking, which writes the mail

Whatever fails in between, the same call again goes on from there, and so does Stripe's notification.
"""

from dataclasses import dataclass, replace

from chalicelib.changing.actions import note as notes
from chalicelib.changing.actions.note import ChangedMeanwhile, ToNote, decided_anew
from chalicelib.changing.actions.own_gift import OwnGift, as_notified, deliver, look_up, read_gift
from chalicelib.changing.rules import token
from chalicelib.changing.rules.change import Change, GiftPrice, Plan, plan
from chalicelib.changing.rules.possible import payment_on_its_way, refusal
from chalicelib.changing.rules.token import Previewed
from chalicelib.kernel.billing_days import payment_day, payment_from
from chalicelib.kernel.errors import Conflict, PaymentRefused
from chalicelib.kernel.ids import SupporterId
from chalicelib.newsroom.rules import Tier
from chalicelib.rails.stripe import change_gift as at_stripe
from chalicelib.rails.stripe.change_gift import NewPrice
from chalicelib.rails.stripe.gift_at_stripe import Waits, waits
from chalicelib.rails.stripe.port import StripeRefused, StripeUnavailable
from chalicelib.signing_in.actions.step_up import require_recent
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rules.access import RecurringGift
from chalicelib.supporters.rules.asked import Asked
from chalicelib.wiring import Wiring


class GiftChanged(Conflict):
    """The gift, or the wish, is not what a preview was about."""

    code = "gift_changed"

    def __init__(self) -> None:
        super().__init__("This support has changed meanwhile. Please look at it once more.")


@dataclass(frozen=True)
class ChangePreview:
    """What a change would do; amounts in minor units of the gift's currency, times in seconds.

    `charged_now`: taken at once. `next_amount` is taken at `next_payment_at`. `tier`: what the changed gift opens, at
    once if something is charged now, else from the next payment on; None if it is too little. `until`: until when
    what is paid for stays open. `changes` is given back as `if_`. `step_up`: a fresh sign-in will be asked for.
    """

    gift: RecurringGift
    plan: Plan
    charged_now: int
    next_payment_at: int | None
    next_amount: int
    tier: Tier | None
    until: int
    changes: str
    step_up: bool


@dataclass(frozen=True)
class Changed:
    """The gift after the change."""

    gift: RecurringGift


@dataclass(frozen=True)
class PaymentWaits:
    """The payment waits for its payer's bank, at `url`; until it is confirmed nothing is changed."""

    url: str


def preview_change(wiring: Wiring, supporter: SupporterId, gift_id: str, wish: Change) -> ChangePreview:
    """Show what a change would do, without making it.

    :raises NotFound, Conflict, BadInput: what `change_gift` refuses.
    :raises StripeUnavailable, StripeRefused: nothing is known.
    """
    own = look_up(wiring, supporter, gift_id)
    decided = _decide(own, wish, wiring)
    now = wiring.now()
    products = _products(own, wiring)
    new = NewPrice(decided.new.amount, decided.new.rhythm, now if decided.charge_now else None)
    due = at_stripe.due(own.at_stripe, new, wiring.stripe, products)
    earned = wiring.newsroom.currencies[own.gift.currency].earned_at(decided.new.amount, decided.new.rhythm)
    # Another rhythm that is charged now begins now; else the payments come when they would have come.
    anew = payment_day(now, decided.new.rhythm, 1) if decided.charge_now and decided.other_rhythm else None
    return ChangePreview(
        gift=own.gift,
        plan=decided,
        charged_now=due.at_once,
        next_payment_at=anew or own.gift.next_payment_at,
        next_amount=due.next,
        tier=wiring.newsroom.tier(earned.tier) if earned else None,
        until=anew or own.state.standing.in_force(own.gift).paid_through,
        changes=token.make(Previewed(now, due.at_once), _about(own, wish), wiring.secrets["SPILNO_EMAIL_KEY"]),
        step_up=decided.step_up,
    )


def change_gift(
    wiring: Wiring, signed_in: OpenSession, gift_id: str, wish: Change, *, if_: str | None = None
) -> Changed | PaymentWaits:
    """Change what a recurring gift is; twice is the same as once.

    :param if_: `changes` of the preview that was shown; without it, whatever it does is agreed to.
    :raises NotFound: `unknown_gift`.
    :raises BadInput: the amount is none that the newsroom takes.
    :raises Forbidden: `sign_in_again`: it needs a fresh sign-in.
    :raises Conflict: `gift_changed`, and why a gift cannot be changed now (`changing/rules/possible.py`).
    :raises PaymentRefused: `card_declined`: all is as it was.
    :raises StripeUnavailable, TableUnavailable: the same call again goes on from there.
    """
    return decided_anew(lambda: _change(wiring, signed_in, gift_id, wish, if_))


def _change(
    wiring: Wiring, signed_in: OpenSession, gift_id: str, wish: Change, if_: str | None
) -> Changed | PaymentWaits:
    own = look_up(wiring, signed_in.supporter, gift_id)
    decided = _decide(own, wish, wiring)
    if decided.step_up:
        require_recent(signed_in, wiring.real_now())
    if pending := waits(own.at_stripe, wiring.stripe):
        waits_for_this = own.gift.asked is not None and own.gift.asked.same_as(_asked(own, decided, 0, 0))
        if waits_for_this and pending.confirm_at:
            return PaymentWaits(pending.confirm_at)
        # Refused, or of another change: it must not be paid beside this one.
        notes.give_up(own, pending, wiring)
        raise ChangedMeanwhile
    if decided.nothing:
        return Changed(own.gift)
    shown = None if if_ is None else _shown(own, wish, if_, wiring)
    asked = _note(own, decided, shown, wiring)
    return _make_or_note(own, NewPrice(decided.new.amount, decided.new.rhythm, asked.charge_from), asked, wiring)


def set_back(wiring: Wiring, own: OwnGift, was: GiftPrice, next_payment_at: int | None) -> None:
    """Make the price of a gift what it was before a change; nothing is charged for that, for an undo.

    :param next_payment_at: when the next payment was due before the change.
    :raises Conflict: why a gift cannot be changed now.
    :raises ChangedMeanwhile: look it up anew.
    """
    if pending := waits(own.at_stripe, wiring.stripe):
        notes.give_up(own, pending, wiring)
        raise ChangedMeanwhile
    if problem := refusal("change", own.gift):
        raise problem
    decided = Plan(GiftPrice.of(own.gift), was, charge_now=False, step_up=False)
    asked = _note(own, decided, None, wiring, undo=False)
    until = None
    if decided.other_rhythm and next_payment_at is not None:
        # What was paid for is the time up to a payment day of the old rhythm.
        anchor, now = next_payment_at, wiring.now()
        until = payment_day(anchor, was.rhythm, payment_from(anchor, was.rhythm, now + 1))
    _make_or_note(own, NewPrice(was.amount, was.rhythm, until=until), asked, wiring)


def _make_or_note(own: OwnGift, new: NewPrice, asked: Asked, wiring: Wiring) -> Changed | PaymentWaits:
    """Ask Stripe; where it refuses, or repeats a failure, the note is changed so that the next try can do better."""
    supporter, gift_id = own.state.id, own.gift.id
    try:
        return _make(own, new, asked, wiring)
    except StripeUnavailable as away:
        if away.key_spent:
            notes.ask_anew(supporter, gift_id, asked, wiring.table)
        raise
    except StripeRefused:
        notes.forget(supporter, gift_id, asked, wiring.table)
        raise


def _decide(own: OwnGift, wish: Change, wiring: Wiring) -> Plan:
    """What the wish means.

    :raises Conflict: the gift cannot be changed now, or not by us: it has several items, or another currency.
    :raises BadInput: see `changing/rules/change.py`.
    """
    if problem := refusal("change", own.gift):
        raise problem
    if not own.at_stripe.is_simple:
        raise Conflict("This support cannot be changed here. Please write to us.", code="gift_fixed")
    if own.at_stripe.is_due(wiring.now()):
        raise payment_on_its_way()
    decided = plan(wish, own.gift, wiring.newsroom)
    if decided.charge_now and not (own.at_stripe.may_wait_for_payment and _is_paid(own)):
        raise Conflict(
            "The difference cannot be charged at once here. The change can begin with the next payment.",
            code="charge_next_only",
        )
    return decided


def _is_paid(own: OwnGift) -> bool:
    """Whether the present period is paid for: else its difference to another price would open what nobody has paid.

    It is not while a pause that has ended by itself still skips it, and once a payment for it was taken back, even a
    part, such as by an undo: Stripe counts the difference from what it has billed, whatever was given back of that.
    """
    _, end = own.at_stripe.payments_from
    standing = own.state.standing
    taken_back = any(
        (one.refunded or one.closed) and one.period and one.period.end >= end
        for one in standing.reversals
        if one.recurring == own.gift.id
    )
    return standing.in_force(own.gift).paid_through >= end and not taken_back


def _about(own: OwnGift, wish: Change) -> list[object]:
    """Everything that a preview depends on: the wish, and the gift as Stripe has it."""
    return [wish.amount, wish.interval, wish.charge, *own.at_stripe.fingerprint]


def _shown(own: OwnGift, wish: Change, if_: str, wiring: Wiring) -> Previewed:
    shown = token.read(if_, _about(own, wish), wiring.secrets["SPILNO_EMAIL_KEY"], wiring.now())
    if shown is None:
        raise GiftChanged
    return shown


def _products(own: OwnGift, wiring: Wiring) -> list[str]:
    return at_stripe.products_of(own.at_stripe, wiring.settings.product)


def _asked(own: OwnGift, decided: Plan, charge_from: int, next_amount: int) -> Asked:
    return Asked(
        id="",
        act="change",
        at=0,
        charge_from=charge_from if decided.charge_now else None,
        amount=decided.new.amount,
        interval=decided.new.rhythm.unit,
        interval_count=decided.new.rhythm.count,
        was_amount=own.gift.amount,
        was_interval=own.gift.interval,
        was_interval_count=own.gift.interval_count,
        next_amount=next_amount,
    )


def _note(own: OwnGift, decided: Plan, shown: Previewed | None, wiring: Wiring, *, undo: bool = True) -> Asked:
    """Note the change, with what the next payment comes to; what is charged now must be what was shown."""
    now, products = wiring.now(), _products(own, wiring)
    charge_from = shown.at if shown else now
    new = NewPrice(decided.new.amount, decided.new.rhythm, charge_from if decided.charge_now else None)
    due = at_stripe.due(own.at_stripe, new, wiring.stripe, products)
    if shown and due.at_once != shown.charged_now:
        # A credit that was used up meanwhile, another line on the invoice: only what was shown is taken.
        raise GiftChanged
    asked = replace(_asked(own, decided, charge_from, due.next), at=now)
    facts = {
        "amount": decided.new.amount,
        "interval": decided.new.rhythm.unit,
        "was_amount": own.gift.amount,
        "was_interval": own.gift.interval,
        "charge": "now" if decided.charge_now else "next",
    }
    return notes.note(own, ToNote(asked, facts, undo), wiring.table, now)


def _make(own: OwnGift, new: NewPrice, asked: Asked, wiring: Wiring) -> Changed | PaymentWaits:
    rhythm = f"{new.rhythm.unit}{new.rhythm.count}"
    key = f"amount:{own.gift.id}:{new.amount}:{rhythm}:{asked.id}"
    made = at_stripe.set_price(own.at_stripe, new, wiring.stripe, _products(own, wiring), key)
    if pending := waits(made, wiring.stripe):
        return _waits(own, asked, pending, wiring)
    if made.was_given_up(wiring.stripe):  # by another call, which had the same answer under the same key
        notes.forget(own.state.id, own.gift.id, asked, wiring.table)
        raise _declined()
    books = as_notified(wiring)
    deliver(wiring, books.book_latest_invoice(made) if asked.charged_now else books.book_gift(made))
    return Changed(read_gift(wiring, own.state.id, own.gift.id))


def _waits(own: OwnGift, asked: Asked, pending: Waits, wiring: Wiring) -> PaymentWaits:
    if pending.confirm_at:
        notes.prolong_undo(own.state.id, asked, wiring.table, wiring.now())
        return PaymentWaits(pending.confirm_at)
    if notes.give_up(own, pending, wiring):
        raise _declined()
    raise ChangedMeanwhile  # paid at the last moment


def _declined() -> PaymentRefused:
    return PaymentRefused("The bank declined this payment. Nothing was charged, and all is as it was.")
