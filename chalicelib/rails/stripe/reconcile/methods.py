"""Ring 3, methods: how gifts were paid that were booked before that was kept with them.

The index does not say which entries lack it, so the ledger is gone through once, oldest first, some hundred gifts a
day; where a run ended is stored, and behind it nothing is looked at again. Later gifts have their method from the
booking. Nobody waits for this: until then a receipt says "card".
"""

from collections.abc import Iterator
from functools import partial
from itertools import islice

from chalicelib.kernel import keys
from chalicelib.kernel.table import written
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import STRIPE
from chalicelib.ledger.rules.stored import ListedEntry
from chalicelib.rails.stripe.events.intents import intent_of
from chalicelib.rails.stripe.events.methods import method_of, payer_of
from chalicelib.rails.stripe.events.shapes import Charge
from chalicelib.rails.stripe.port import StripeRefused
from chalicelib.rails.stripe.reconcile.run import StripeRun
from chalicelib.reconciling import progress
from chalicelib.reconciling.progress import Place
from chalicelib.reconciling.run import DAY, RingEnded, Tally

MOST = 400  # gifts that one run looks at: at most so many calls, under two minutes of the ring's time
_MONTH = len("2026-08")


def methods(run: StripeRun, tally: Tally, *, most: int = MOST) -> None:
    """Look at the next gifts, and add the method to those that lack it. The rest waits for the next run.

    A run by hand looks at all that are left.
    """
    breaker, table = run.breaker(), run.deps.table
    behind = progress.place(table, progress.METHODS).behind or ""
    last = behind
    try:
        for gift in islice(_gifts(run, behind), None if run.by_hand else most):
            run.attempt(gift.id, partial(_add, gift, run, tally), breaker, tally)
            if tally.undecided:
                return  # somebody is away: nothing is passed by, and what is left is no hurry
            last = _place(gift)
    except RingEnded as ended:
        if ended.why != "time":
            raise
    finally:
        if last != behind:
            progress.note_place(table, progress.METHODS, Place(behind=last))


def _gifts(run: StripeRun, behind: str) -> Iterator[ListedEntry]:
    """The gifts behind this place, oldest first, but for those of the last day, which were booked by this release."""
    until = run.now() - DAY
    for entry in ledger.entries(run.deps.table, STRIPE, since=behind[:_MONTH]):
        if not isinstance(entry, ListedEntry) or entry.kind != "gift" or entry.livemode != run.live:
            continue
        if entry.occurred_at > until:
            return
        if _place(entry) > behind:
            yield entry


def _place(gift: ListedEntry) -> str:
    """Where the index lists an entry."""
    return f"{keys.moment(gift.occurred_at)}#{gift.id}"


def _add(gift: ListedEntry, run: StripeRun, tally: Tally) -> None:
    tally.seen += 1
    stored = ledger.entry_of(run.deps.table, gift.id)
    if stored is None or stored.entry.movement.method:
        return
    try:
        charge = intent_of(gift.id, run.deps.stripe).latest_charge
    except StripeRefused as refused:
        if refused.missing:
            return  # gone at Stripe: its receipt goes on saying "card"
        raise
    paid = charge if isinstance(charge, Charge) else None
    method = method_of(paid)
    if method and written(run.deps.table, *ledger.say_method(stored, method, payer_of(paid))):
        tally.applied += 1
