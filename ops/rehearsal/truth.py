"""What really happened, from the stand-in's own objects and without any of the app's code.

The rules are those that the newsroom tells its readers, written down a second time and more simply: a one-off gift
opens a tier for some days, laid out over the time that nothing as good covers; a recurring one as long as it is
paid for, and some days longer while its next payment may come; what was given back or is disputed opens nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ops.rehearsal.stand_in import Json, StandIn

DAY = 86_400
Span = tuple[int, int]


@dataclass(frozen=True)
class Moved:
    """A movement of money: minor units, signed."""

    amount: int
    currency: str
    gift: bool = False


class Truth:
    """What really happened, as the stand-in has it now. `newsroom`: the newsroom's file as TOML gives it."""

    def __init__(self, stand_in: StandIn, newsroom: Mapping[str, Any]) -> None:
        self._rules, self._tiers = newsroom["currencies"], [tier["name"] for tier in newsroom["tiers"]]
        self._grace = newsroom["grace_days"] * DAY
        foreign = stand_in.foreign()
        charges = [one for one in stand_in.all("charge") if one["status"] == "succeeded"]
        self._charges = {one["payment_intent"]: one for one in charges if one["id"] not in foreign}
        self._refunds = [one for one in stand_in.all("refund") if one["id"] not in foreign]
        self._disputes = [one for one in stand_in.all("dispute") if one["id"] not in foreign]
        self._intents = {one["id"]: one for one in stand_in.all("payment_intent")}
        self._sessions = {one["id"]: one for one in stand_in.all("checkout.session")}
        self._subscriptions = {one["id"]: one for one in stand_in.all("subscription")}
        self._invoices: dict[str, list[Json]] = {}
        for invoice in stand_in.all("invoice"):
            of = invoice["parent"]["subscription_details"]["subscription"]
            self._invoices.setdefault(of, []).append(invoice)
        links = stand_in.all("invoice_payment")
        self._paid_by = {one["invoice"]: one["payment"]["payment_intent"] for one in links}

    def movements(self) -> dict[str, Moved]:
        """Every movement of the newsroom's money, under the name that the ledger has to give it."""
        moved = {name: Moved(one["amount"], one["currency"], gift=True) for name, one in self._charges.items()}
        for refund in self._refunds:
            moved[refund["id"]] = Moved(-refund["amount"], refund["currency"])
            if refund.get("failure_balance_transaction"):
                moved[f"{refund['id']}:failed"] = Moved(refund["amount"], refund["currency"])
        for dispute in self._disputes:
            for entry in dispute["balance_transactions"]:
                moved[entry["id"]] = Moved(entry["amount"], entry["currency"])
        return moved

    @property
    def payments(self) -> list[str]:
        """The gifts (`pi_…`): each is to be thanked for once."""
        return list(self._charges)

    def access(self, sessions: Iterable[str], now: int) -> tuple[str | None, int | None]:
        """What somebody who started these checkouts may read: the tier and until when (seconds)."""
        gifts = _Gifts()
        for session in (self._sessions[name] for name in sessions):
            if session["subscription"]:
                self._add_recurring(self._subscriptions[session["subscription"]], gifts)
            elif session["payment_intent"] in self._charges:
                self._add_one_off(session["payment_intent"], gifts)
        for rank in range(len(self._tiers) - 1, -1, -1):
            spans = gifts.open_at(rank, len(self._tiers))
            if any(start <= now < end for start, end in spans):
                return self._tiers[rank], _end_of(spans, now)
        return None, None

    def _add_one_off(self, payment: str, gifts: "_Gifts") -> None:
        charge = self._charges[payment]
        rule = self._earned(charge["currency"], charge["amount"], "once")
        if rule and not self._taken_back(payment):
            at = self._intents[payment]["created"]
            gifts.days.append((at, payment, self._tiers.index(rule["tier"]), rule["days"] * DAY))

    def _add_recurring(self, subscription: Json, gifts: "_Gifts") -> None:
        paid = [one for one in self._invoices.get(subscription["id"], []) if one["status"] == "paid"]
        if not paid:
            return
        price = subscription["items"]["data"][0]["price"]
        rule = self._earned(price["currency"], price["unit_amount"], price["recurring"]["interval"])
        if not rule:
            return
        ends = max(_period(invoice)[1] for invoice in paid)
        # No payment is late where collection was stopped, or the gift is paused or ended.
        let_off = subscription["pause_collection"] and subscription["status"] == "active"
        goes_on = subscription["status"] in ("active", "past_due") and not (subscription["cancel_at"] or let_off)
        back = [_period(one) for one in paid if self._taken_back(self._paid_by.get(one["id"], ""))]
        covered = _less([(subscription["start_date"], ends)], back)
        # A payment that was given back counts as not paid.
        paid_until = max((end for _, end in covered), default=0)
        late = [(paid_until, paid_until + self._grace)] if goes_on and covered else []
        gifts.paid.append((self._tiers.index(rule["tier"]), covered, [*covered, *late]))

    def _earned(self, currency: str, amount: int, interval: str) -> Mapping[str, Any] | None:
        rules = self._rules[currency]["earns"][interval]
        return next((rule for rule in reversed(rules) if amount >= rule["from"]), None)

    def _taken_back(self, payment: str) -> bool:
        charge = self._charges.get(payment)
        if charge is None:
            return False
        gone = ("failed", "canceled")
        back = [one for one in self._refunds if one["payment_intent"] == payment and one["status"] not in gone]
        held = [sum(entry["amount"] for entry in one["balance_transactions"]) for one in self._disputes_of(payment)]
        return sum(one["amount"] for one in back) >= charge["amount"] or any(amount < 0 for amount in held)

    def _disputes_of(self, payment: str) -> list[Json]:
        return [one for one in self._disputes if one["payment_intent"] == payment]


@dataclass
class _Gifts:
    """`days`: (given at, name, rank, seconds) of one-off gifts; `paid`: (rank, paid for, open) of recurring ones."""

    days: list[tuple[int, str, int, int]] = field(default_factory=list)
    paid: list[tuple[int, list[Span], list[Span]]] = field(default_factory=list)

    def open_at(self, wanted: int, tiers: int) -> list[Span]:
        """The spans of time in which at least this rank is open."""
        covered: list[Span] = []
        found: list[Span] = []
        for rank in range(tiers - 1, wanted - 1, -1):
            for of, paid, opened in self.paid:
                if of == rank:
                    covered += paid
                    found += opened
            for at, _, of, seconds in sorted(self.days):
                if of == rank:
                    pieces = _laid_out(at, seconds, covered)
                    covered += pieces
                    found += pieces
        return found


def _laid_out(at: int, seconds: int, covered: Sequence[Span]) -> list[Span]:
    """The spans that so many seconds from `at` on fill, where nothing else covers the time."""
    pieces: list[Span] = []
    while seconds > 0:
        inside = next((end for start, end in covered if start <= at < end), None)
        if inside is not None:
            at = inside
            continue
        stop = min([at + seconds, *(start for start, _ in covered if start > at)])
        pieces.append((at, stop))
        seconds -= stop - at
        at = stop
    return pieces


def _less(spans: Sequence[Span], holes: Iterable[Span]) -> list[Span]:
    left = list(spans)
    for low, high in holes:
        parts = [((start, min(end, low)), (max(start, high), end)) for start, end in left]
        left = [part for pair in parts for part in pair if part[0] < part[1]]
    return left


def _end_of(spans: Sequence[Span], now: int) -> int:
    end = now
    while (further := max((stop for start, stop in spans if start <= end), default=end)) > end:
        end = further
    return end


def _period(invoice: Json) -> Span:
    lines = [line["period"] for line in invoice["lines"]["data"]]
    return min(line["start"] for line in lines), max(line["end"] for line in lines)
