"""What must stand in the books and be open in the end, told by nothing but Stripe's own objects.

On purpose not by our code: the money is the account's balance transactions, the access is lived through step by step.
"""

from collections.abc import Iterator
from typing import Any

from chalicelib.newsroom.rules import Newsroom, interval_of
from localdev.stripe.account import Account
from localdev.stripe.books import books
from testkit.day_by_day import Days, Fixed, Runs, lived_through

Row = dict[str, Any]
DAY = 86_400
_OVER = ("failed", "canceled")


def ledger(account: Account) -> dict[str, tuple[int, str]]:
    """Every movement: name -> (signed minor units, currency)."""
    moved = {
        one["id"]: (one["amount_received"], one["currency"])
        for one in account.store.find("payment_intent")
        if one["status"] == "succeeded"
    }
    for one in account.store.find("refund"):
        moved[one["id"]] = (-one["amount"], one["currency"])
        if one["status"] in _OVER:
            moved[f"{one['id']}:failed"] = (one["amount"], one["currency"])
    for one in account.store.find("dispute"):
        moved |= {entry["id"]: (entry["amount"], one["currency"]) for entry in one["balance_transactions"]}
    return moved


def sums(account: Account) -> dict[str, dict[str, int]]:
    """By currency, as the ledger's own sums call them; what is zero is left out."""
    names = {"paid": "gross", "refunded": "refunded", "lost": "dispute_lost", "payments": "payments", "fees": "fees"}
    told = {
        currency: {ours: row[theirs] for theirs, ours in names.items() if row[theirs]}
        for currency, row in books(account).items()
    }
    return {currency: row for currency, row in told.items() if row}


def opened(account: Account, email: str, newsroom: Newsroom, start: int, end: int, step: int) -> list[str | None]:
    """The tier that is open to this address in each step, as all that it gave stands now."""
    held = [*_once(account, email, newsroom), *_recurring(account, email, newsroom)]
    tiers = newsroom.tier_names
    return [tiers[rank] if rank >= 0 else None for rank in lived_through(held, start, end, step)]


def _sessions(account: Account, email: str) -> list[Row]:
    complete = [one for one in account.store.find("checkout.session") if one["status"] == "complete"]
    return [one for one in complete if one["customer_details"]["email"] == email]


def _once(account: Account, email: str, newsroom: Newsroom) -> Iterator[Days | Fixed]:
    for session in _sessions(account, email):
        if session["mode"] != "payment":
            continue
        paid = account.get("payment_intent", session["payment_intent"])
        earned = newsroom.currencies[paid["currency"]].earned(paid["amount_received"], "once")
        if earned and paid["status"] == "succeeded" and not _is_taken_back(account, paid):
            rank = newsroom.tier_names.index(earned.tier)
            yield Days(rank, paid["created"], (earned.days or 0) * DAY, paid["id"])


def _recurring(account: Account, email: str, newsroom: Newsroom) -> Iterator[Runs]:
    for session in _sessions(account, email):
        if session["mode"] != "subscription":
            continue
        running = account.get("subscription", session["subscription"])
        paid = [one for one in account.store.find("invoice") if one["status"] == "paid" and _is_of(one, running)]
        if not paid:
            continue
        furthest = max(paid, key=lambda one: int(_period(one)[1]))
        price = running["items"]["data"][0]["price"]
        counts = furthest["amount_paid"] or furthest["subtotal"]
        rules = newsroom.currencies[running["currency"]]
        earned = rules.earned(counts, interval_of(price["recurring"]["interval"]))
        if earned is None:
            continue
        holes = [_period(one) for one in paid if any(_is_taken_back(account, by) for by in _payments(account, one))]
        # Period by period: a debit at the start may still be on its way when a later one is paid, and a gift that
        # rested goes on with a period that begins then.
        spans = _less(_joined(sorted(map(_period, paid))), holes)
        late = [(spans[-1][1], spans[-1][1] + newsroom.grace_days * DAY)] if spans and _goes_on(running) else []
        yield Runs(newsroom.tier_names.index(earned.tier), spans, late)


def _goes_on(running: Row) -> bool:
    asked_to_end = running["ended_at"] or running["cancel_at"] or running["cancel_at_period_end"]
    let_off = running["pause_collection"] and running["status"] == "active"
    return running["status"] in ("active", "past_due") and not asked_to_end and not let_off


def _is_of(invoice: Row, running: Row) -> bool:
    return bool(invoice["parent"]["subscription_details"]["subscription"] == running["id"])


def _period(invoice: Row) -> tuple[int, int]:
    (line,) = invoice["lines"]["data"]
    return line["period"]["start"], line["period"]["end"]


def _payments(account: Account, invoice: Row) -> list[Row]:
    links = account.store.find("invoice_payment", invoice=invoice["id"])
    return [account.get("payment_intent", link["payment"]["payment_intent"]) for link in links]


def _is_taken_back(account: Account, payment: Row) -> bool:
    refunds = account.store.find("refund", payment_intent=payment["id"])
    back = sum(one["amount"] for one in refunds if one["status"] not in _OVER)
    disputes = account.store.find("dispute", payment_intent=payment["id"])
    held = any(sum(entry["amount"] for entry in one["balance_transactions"]) < 0 for one in disputes)
    return back >= payment["amount"] or held


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted spans, those that touch as one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _less(spans: list[tuple[int, int]], holes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    for low, high in holes:
        spans = [piece for start, end in spans for piece in ((start, min(end, low)), (max(start, high), end))]
    return [(start, end) for start, end in spans if start < end]
