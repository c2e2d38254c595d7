"""What Stripe would say was paid, refunded and lost: the sums of its balance transactions."""

from localdev.stripe.account import Account
from localdev.stripe.balance import charged
from localdev.stripe.errors import Json

_EMPTY = ("paid", "refunded", "lost", "net", "payments", "fees")


def books(account: Account, *, foreign: bool = False) -> Json:
    """`{"eur": {"paid", "refunded", "lost", "net", "payments", "fees"}, …}`, minor units; empty at first.

    `paid` counts collected payments, `refunded` refunds less failed ones, `lost` what disputes withdrew less
    what came back (both positive); `net = paid - refunded - lost`, before fees; `payments` is their number.
    Money counts in the currency it was charged in, fees in the one it settled in. What another product on the
    account took (`foreign`) is left out, or is all that is counted.
    """
    sums: dict[str, dict[str, int]] = {}
    others = {row["id"] for row in account.store.run("SELECT id FROM notes WHERE json_extract(body, '$.foreign')")}
    for entry in account.store.find("balance_transaction"):
        if (entry["source"] in others) is not foreign:
            continue
        amount, currency = charged(account, entry)
        own = sums.setdefault(currency, dict.fromkeys(_EMPTY, 0))
        sums.setdefault(entry["currency"], dict.fromkeys(_EMPTY, 0))["fees"] += entry["fee"]
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
