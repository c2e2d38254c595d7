"""What Stripe would say was paid, refunded and lost: the sums of its balance transactions."""

from localdev.stripe.account import Account
from localdev.stripe.errors import Json

_EMPTY = ("paid", "refunded", "lost", "net", "payments", "fees")


def books(account: Account) -> Json:
    """`{"eur": {"paid", "refunded", "lost", "net", "payments", "fees"}, …}`, minor units; empty at first.

    `paid` counts collected payments, `refunded` refunds less failed ones, `lost` what disputes withdrew less
    what came back (both positive); `net = paid - refunded - lost`, before fees; `payments` is their number.
    """
    sums: dict[str, dict[str, int]] = {}
    for entry in account.store.find("balance_transaction"):
        own = sums.setdefault(entry["currency"], dict.fromkeys(_EMPTY, 0))
        amount = entry["amount"]
        own["fees"] += entry["fee"]
        own["net"] += amount
        match entry["reporting_category"]:
            case "charge":
                own["paid"] += amount
                own["payments"] += 1
            case "refund" | "refund_failure":
                own["refunded"] -= amount
            case _:
                own["lost"] -= amount
    return dict(sorted(sums.items()))
