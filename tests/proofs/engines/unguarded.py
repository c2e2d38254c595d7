"""For negative controls: a harness whose movements guard nothing."""

from testkit.harness import Harness
from testkit.tables import Unguarded
from testkit.webhooks import Json


def leave_out_the_guard(harness: Harness) -> None:
    """Movements are not written any more, nor the mails, whose names would still stand in the way.

    And Stripe's answers about one payment differ by a second from telling to telling, as they were seen to: an
    entry's own key holds that time.
    """

    def shift(name: str, answer: Json) -> Json:
        if name == "payment_intent":
            # The day of a gift is that of the charge that took it.
            answer["latest_charge"]["created"] += harness.stripe.calls["payment_intent"]
        return answer

    harness.stripe.on_answer = shift
    harness.table = Unguarded(Unguarded(harness.table, "MONEY#", drop=True), "MAIL#", drop=True)
