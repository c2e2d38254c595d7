"""The hour in which Stripe lets a renewal's invoice rest as a draft, which the stand-in by itself leaves out."""

from localdev.stripe import collecting, invoicing
from localdev.stripe.account import Account
from localdev.stripe.objects.subscriptions import moved, period
from localdev.stripe.periods import next_boundary
from testkit.harness import Harness
from testkit.webhooks import Json


def rests(harness: Harness, gift: str) -> list[Json]:
    """The next period of a gift has begun, and its invoice rests; answers what Stripe tells of it."""
    end = period(harness.stripe.account.get("subscription", gift))[1]
    harness.pass_time(max(0, end - harness.clock.business))

    def begin(account: Account) -> None:
        it = account.get("subscription", gift)
        start, end = period(it)
        recurring = it["items"]["data"][0]["price"]["recurring"]
        following = next_boundary(it["billing_cycle_anchor"], recurring["interval"], recurring["interval_count"], end)
        it["items"] = moved(it, end, following)
        draft = invoicing.draft_invoice(account, it, reason="subscription_cycle", previous_start=start)
        account.put(it)
        account.emit("customer.subscription.updated", it)
        account.emit("invoice.created", draft)
        account.store.schedule("renew", gift, following)

    return harness.stripe.happens(begin)


def hour_is_over(harness: Harness) -> list[Json]:
    """Every draft that Stripe advances by itself is collected; answers what Stripe tells of it.

    Also one whose subscription has ended: the end of a subscription stops only what is finalized.
    https://docs.stripe.com/api/subscriptions/cancel
    """
    harness.pass_time(3600)

    def collect(account: Account) -> None:
        for invoice in account.store.find("invoice", status="draft"):
            if invoice["auto_advance"]:
                subscription = invoice["parent"]["subscription_details"]["subscription"]
                collecting.settle_draft(account, account.get("subscription", subscription), invoice)

    return harness.stripe.happens(collect)
