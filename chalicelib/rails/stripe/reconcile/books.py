"""Stripe's books and the ledger while they are compared: what a line says, what is missing, what is unheard of."""

from collections.abc import Mapping
from functools import partial

from chalicelib.kernel import keys
from chalicelib.kernel.outages import Outage
from chalicelib.kernel.table import TransactionLost
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.movements import FAILED, STRIPE
from chalicelib.ledger.rules.stored import ListedEntry, StoredEntry, UnreadableEntry, UnreadableEntryError
from chalicelib.rails.stripe.port import Answer, StripeRefused
from chalicelib.rails.stripe.reconcile.foreign import Foreign
from chalicelib.rails.stripe.reconcile.lines import Line, line_of
from chalicelib.rails.stripe.reconcile.run import StripeRun
from chalicelib.reconciling.run import DAY, Currency, MoneyTally, RingEnded, name_of

_SETTLES = 3  # days after which a payment has its line in Stripe's books
_MOST_ASKED = 200  # entries that we ask Stripe about one by one; with more, something larger is wrong


class Books:
    """Both sides. Each step is one piece of work of its own: what cannot be done is counted, and the others go on."""

    def __init__(self, run: StripeRun, tally: MoneyTally) -> None:
        self._run, self._tally, self._table = run, tally, run.deps.table
        self._told: set[str] = set()
        self._missing: list[Line] = []
        self._breaker = run.breaker()
        self._foreign = Foreign(run, tally)

    def look_at_all(self, since: int, *, share: float) -> None:
        """Every line of Stripe's books since then, newest first, until this share of the time is over.

        :raises RingEnded, StripeUnavailable, StripeRefused: the list was not seen to its end.
        """
        for transaction in self._run.deps.stripe.balance_transactions(since=since):
            if self._run.limits.over(share):
                raise RingEnded("time")
            self._tally.seen += 1
            look = partial(self._look_at, transaction)
            if not self._run.attempt(name_of(transaction), look, self._breaker, self._tally):
                self._leave_out(transaction)

    def book_missing(self) -> None:
        """Book what has no entry yet, oldest first."""
        for line in reversed(self._missing):
            self._run.attempt(line.movement, partial(self._book_or_tell, line), self._breaker, self._tally)

    def look_for_unheard_of(self, since: int) -> None:
        """Entries of the window that no line told of. A payment may settle a little later: Stripe is asked again."""
        untold: list[ListedEntry] = []
        for entry in ledger.entries(self._table, STRIPE, keys.month(since)):
            note = partial(self._note_untold, entry, since, untold)
            self._run.attempt(_name_of(entry), note, self._breaker, self._tally)
        # Of lines that could not be read nobody knows what they tell: then each entry is asked about.
        ask = len(untold) <= _MOST_ASKED or bool(self._tally.bad_lines)
        for entry in untold:
            compare = partial(self._compare_untold, entry, ask=ask)
            self._run.attempt(_name_of(entry), compare, self._breaker, self._tally)

    def _look_at(self, transaction: Answer) -> None:
        """Compare a line with its entry, or remember that it has none."""
        line = line_of(transaction, self._run.deps.stripe)
        if line is None:
            return
        self._told.add(line.movement)
        self._foreign.heard_of(line)
        entry = ledger.entry_of(self._table, line.movement)
        if entry is None:
            self._missing.append(line)
        else:
            self._compare(line, entry)

    def _leave_out(self, transaction: Answer) -> None:
        """Say what the sums do not know of, as far as the line itself says it."""
        try:
            amount, currency = transaction["amount"], transaction["currency"]
        except (KeyError, TypeError):
            return
        if type(amount) is int and isinstance(currency, str):
            self._tally.left_out[currency] = self._tally.left_out.get(currency, 0) + amount

    def _book_or_tell(self, line: Line) -> None:
        if line.kind == "charge" or self._foreign.is_known(line):
            self._foreign.tell(line)
            return
        try:
            entry, foreign = self._booked(line)
        except Outage:
            raise
        except Exception:
            self._compare(line, ledger.entry_of(self._table, line.movement))
            raise
        if foreign:
            self._foreign.tell(line)
        else:
            self._tally.applied += entry is not None
            self._compare(line, entry)

    def _booked(self, line: Line) -> tuple[StoredEntry | None, bool]:
        """The entry of a line that had none, if it can be booked now; and whether it is money of somebody else's."""
        entry = ledger.entry_of(self._table, line.movement)  # maybe booked by now, together with another one
        if entry is not None:
            return entry, False
        found = line.found or self._run.deps.stripe.payment_intent(line.movement)
        outcome = self._run.apply_found(line.kind, found)
        entry = ledger.entry_of(self._table, line.movement)
        return entry, entry is None and outcome != "applied"

    def _compare(self, line: Line, entry: StoredEntry | None) -> None:
        if entry is None:
            self._sums(line.currency).stripe += line.amount
            self._tally.differences.append(line.movement)
            return
        moved = entry.entry.movement
        agrees = line.agrees(moved.amount, moved.currency)
        self._sums(line.currency).stripe += moved.amount if agrees else line.amount
        self._sums(moved.currency).ledger += moved.amount
        if not agrees:
            self._tally.differences.append(line.movement)
        # A refund costs nothing as a rule, and is booked without a fee.
        if moved.fee is None and (moved.kind != "refund" or line.fee.amount):
            self._settle(line, entry)

    def _settle(self, line: Line, entry: StoredEntry) -> None:
        try:
            self._table.transact(ledger.settle_fee(entry, line.fee, self._run.deps.newsroom.zone))
        except TransactionLost:
            return  # somebody else noted it just now, or will the next time
        self._tally.fees += 1

    def _sums(self, currency: str) -> Currency:
        return self._tally.currencies.setdefault(currency, Currency())

    def _note_untold(self, entry: ListedEntry | UnreadableEntry, since: int, untold: list[ListedEntry]) -> None:
        name = entry.id if isinstance(entry, ListedEntry) else entry.movement
        if name in self._told or (entry.occurred_at is not None and entry.occurred_at < since):
            return
        if isinstance(entry, UnreadableEntry):
            raise UnreadableEntryError(entry)
        untold.append(entry)

    def _compare_untold(self, entry: ListedEntry, *, ask: bool) -> None:
        if ask and self._is_known_at_stripe(entry):
            return
        sums = self._sums(entry.currency)
        sums.ledger += entry.amount
        sums.missing_at_stripe += entry.amount
        self._tally.differences.append(entry.id)

    def _is_known_at_stripe(self, entry: ListedEntry) -> bool:
        stripe, name = self._run.deps.stripe, entry.id
        try:
            if entry.kind == "gift":
                # A payment settles within days; one without a line after that moved no money, whatever it says.
                young = entry.occurred_at > self._run.now() - _SETTLES * DAY
                payment = stripe.payment_intent(name)
                return bool(payment["status"] == "succeeded" and (young or _has_settled(payment)))
            if entry.kind == "refund":
                refund = stripe.refund(name.removesuffix(FAILED))
                if name.endswith(FAILED):
                    return refund["status"] in ("failed", "canceled")
                # What was never captured is "refunded" too, and moves no money: such a one has no line, ever.
                young = entry.occurred_at > self._run.now() - DAY
                return young or refund.get("balance_transaction") is not None
            return bool(stripe.balance_transaction(name)["id"])
        except StripeRefused as refused:
            if refused.missing:
                return False
            raise


def _name_of(entry: ListedEntry | UnreadableEntry) -> str:
    return name_of({"id": entry.id if isinstance(entry, ListedEntry) else entry.movement})


def _has_settled(payment: Answer) -> bool:
    """Whether a payment names the line of Stripe's books that it made."""
    charge = payment.get("latest_charge")
    return isinstance(charge, Mapping) and charge.get("balance_transaction") is not None
