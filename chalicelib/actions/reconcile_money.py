"""Ring 3, money: Stripe's own books against the ledger, movement by movement.

An event can fail to be made at all; money cannot move without a balance transaction. Each one of the last 35 days
that is about a payment, a refund or a dispute of ours must have its entry: what has none is booked by the handler
that an event about it would have met. Then both sides are added up per currency, as charged, and must agree.
"""

from functools import partial

from chalicelib.actions.reconcile_lines import Line, line_of
from chalicelib.actions.reconcile_run import DAY, Currency, MoneyTally, Run
from chalicelib.domain.movements import FAILED
from chalicelib.log import alarm
from chalicelib.ports import StripeRefused
from chalicelib.store import keys, ledger, reconciled
from chalicelib.store.table import Item, TransactionLost

_MOST_ASKED = 200  # entries that we ask Stripe about one by one; with more, something larger is wrong


def money(run: Run, tally: MoneyTally) -> None:
    """Book what is missing, then compare; a difference is an alarm."""
    since = run.now() - run.days * DAY
    books = _Books(run, tally)
    for transaction in run.deps.stripe.balance_transactions(since=since):
        run.go_on()
        tally.seen += 1
        if line := line_of(transaction, run.deps.stripe):
            books.look_at(line)
    books.book_missing()
    if not tally.undecided:  # otherwise not everything could be looked at: what is missing may only be late
        books.look_for_unheard_of(since)
        for code, one in sorted(tally.currencies.items()):
            if one.unexplained or one.missing_at_stripe:
                missing = one.missing_at_stripe
                alarm("reconcile_difference", currency=code, unexplained=one.unexplained, missing=missing)
    if tally.differences:
        alarm("reconcile_difference", movements=len(tally.differences), first=tally.differences[0])


class _Books:
    """Both sides while they are compared."""

    def __init__(self, run: Run, tally: MoneyTally) -> None:
        self._run, self._tally, self._table = run, tally, run.deps.table
        self._told: set[str] = set()
        self._missing: list[Line] = []
        self._lookout = run.lookout()

    def look_at(self, line: Line) -> None:
        """Compare a line with its entry, or remember that it has none."""
        self._told.add(line.movement)
        entry = ledger.entry_of(self._table, line.movement)
        if entry is None:
            self._missing.append(line)
        else:
            self._compare(line, entry)

    def book_missing(self) -> None:
        """Book what has no entry yet, oldest first."""
        for line in reversed(self._missing):
            if self._is_foreign(line):
                self._tally.foreign += 1
                continue
            before = self._tally.undecided
            decided = self._run.attempt(line.movement, partial(self._book, line), self._lookout, self._tally)
            if not decided and self._tally.undecided == before:
                self._compare(line, ledger.entry_of(self._table, line.movement))

    def look_for_unheard_of(self, since: int) -> None:
        """Entries of the window that no line told of. A payment may settle a little later: Stripe is asked again."""
        untold = [
            entry
            for entry in ledger.entries(self._table, keys.month(since))
            if entry["occurred_at"] >= since and entry["id"] not in self._told
        ]
        for entry in untold:
            if len(untold) <= _MOST_ASKED:
                self._run.go_on()
                if self._is_known_at_stripe(entry):
                    continue
            sums = self._sums(str(entry["currency"]))
            sums.ledger += int(entry["amount"])
            sums.missing_at_stripe += int(entry["amount"])
            self._tally.differences.append(str(entry["id"]))

    def _is_foreign(self, line: Line) -> bool:
        if line.mark is not None:
            return line.mark != self._run.deps.site_id
        if self._run.by_hand or line.payment is None:
            return False
        return reconciled.is_foreign(self._table, line.payment, self._run.now())

    def _book(self, line: Line) -> None:
        entry = ledger.entry_of(self._table, line.movement)  # maybe booked by now, together with another one
        if entry is None:
            found = line.found or self._run.deps.stripe.payment_intent(line.movement)
            outcome = self._run.apply(line.kind, found)
            entry = ledger.entry_of(self._table, line.movement)
            if entry is None and outcome != "applied":
                self._note_foreign(line)
                return
        self._tally.applied += entry is not None
        self._compare(line, entry)

    def _note_foreign(self, line: Line) -> None:
        self._tally.foreign += 1
        if line.payment:
            reconciled.note_foreign(self._table, line.payment, self._run.now())

    def _compare(self, line: Line, entry: Item | None) -> None:
        self._sums(line.currency).stripe += line.amount
        if entry is None:
            self._tally.differences.append(line.movement)
            return
        self._sums(str(entry["currency"])).ledger += int(entry["amount"])
        if (entry["amount"], entry["currency"]) != (line.amount, line.currency):
            self._tally.differences.append(line.movement)
        # A refund costs nothing as a rule, and is booked without a fee.
        if "fee" not in entry and (entry["kind"] != "refund" or line.fee.amount):
            self._settle(line, entry)

    def _settle(self, line: Line, entry: Item) -> None:
        try:
            self._table.transact(ledger.settle_fee(entry, line.fee, self._run.deps.newsroom.zone))
        except TransactionLost:
            return  # somebody else noted it just now, or will the next time
        self._tally.fees += 1

    def _sums(self, currency: str) -> Currency:
        return self._tally.currencies.setdefault(currency, Currency())

    def _is_known_at_stripe(self, entry: Item) -> bool:
        stripe, name = self._run.deps.stripe, str(entry["id"])
        try:
            if entry["kind"] == "gift":
                return bool(stripe.payment_intent(name)["status"] == "succeeded")
            if entry["kind"] == "refund":
                status = stripe.refund(name.removesuffix(FAILED))["status"]
                return not name.endswith(FAILED) or status in ("failed", "canceled")
            return bool(stripe.balance_transaction(name)["id"])
        except StripeRefused as refused:
            if refused.missing:
                return False
            raise
