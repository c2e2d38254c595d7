"""What changing a recurring gift answers."""

from typing import Literal

from chalicelib.http.answers import JsonAnswer, Moment, Tier


class NextPayment(JsonAnswer):
    """A payment to come; `amount` in minor units, after credit, discounts and tax."""

    at: Moment | None
    amount: int


class PreviewOfChange(JsonAnswer):
    """What a change would do. `charged_now` in minor units.

    `opens`: the level that the changed gift earns, null if it is too little; at once if something is charged now,
    else from the next payment on. `until`: until when what is paid for now stays open. `changes`: give it back as
    `if`.
    """

    charged_now: int
    next_payment: NextPayment
    opens: Tier
    until: Moment
    changes: str


class NeedsConfirmation(JsonAnswer):
    """The payment waits for the payer's bank at `url`; until it is confirmed nothing is changed."""

    status: Literal["needs_confirmation"]
    url: str
