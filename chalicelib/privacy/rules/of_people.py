"""The kinds of rows about a person. The order is that of the export: what people look for comes first."""

from chalicelib.privacy.rules.grounds import (
    ACT,
    BOOKS,
    HASH,
    LEADS_NOWHERE,
    RECEIVER,
    SECRET,
    TOMBSTONE,
    VOUCHER,
    WORK,
)
from chalicelib.privacy.rules.kinds import Kind, on
from chalicelib.privacy.rules.of_visits import (
    ATTEMPT,
    CHECKOUT,
    CORRECTION,
    CUSTOMER,
    DECLINES,
    ERASURE,
    GIFT_LINK,
    GIVEN_LINK,
    GUARD,
    LOOK_UP,
    NEW_CARD,
    PROVEN,
    READ_ARTICLES,
    REMINDER,
    SIGN_IN,
    STATEMENT,
    STATEMENT_BY,
    STATEMENT_OF,
    SUPPRESSED,
    SWITCHED_OFF,
    TOMBSTONE_ROW,
)

_SUP = "SUP#.*"


PROFILE = Kind(
    "profile",
    _SUP,
    "PROFILE",
    (
        on("email", "your e-mail address"),
        on("language", "the language in which we write to you"),
        on("created_at", "when we first met"),
        on("proven_at", "when you first proved the address"),
    ),
)
ACCESS = Kind(
    "access",
    _SUP,
    "ACCESS",
    (
        on("grants", "what one-off gifts, or the newsroom, opened to you, and for how long"),
        on(
            "recurring",
            "your recurring gifts: amount, rhythm, card, what was paid for and when the next payment is due",
        ),
        on("reversals", "what went back of your gifts"),
        on("customers", "your customer numbers at Stripe, by currency"),
        on("moved_to", "the record that this one was joined to"),
        on("epoch", "how often you signed out everywhere", ground=TOMBSTONE),
        on("version", "how often this row was written", withheld=WORK, ground=TOMBSTONE),
        on("erased", "when you were erased", ground=TOMBSTONE),
    ),
    listed=True,
)
ENTRY = Kind(
    "gift",
    _SUP,
    r"MONEY#.*",
    (
        on("kind", "a gift, a refund, or what a dispute took or gave back", ground=VOUCHER),
        on("amount currency", "the amount, in the currency's smallest unit", ground=VOUCHER),
        on("occurred_at", "when", ground=VOUCHER),
        on("id payment_intent invoice subscription", "its numbers at Stripe", ground=VOUCHER),
        on("period_start period_end", "the time that it pays for", ground=VOUCHER),
        on("tier days", "what it opened", ground=VOUCHER),
        on("campaign", "what was being asked for", ground=VOUCHER),
        on("fee fee_currency", "what Stripe kept of it", ground=VOUCHER),
        on("rail livemode", "the way on which it came", ground=VOUCHER),
        on("supporter", "your number with us", ground=LEADS_NOWHERE),
        on("source", "the page on which you were asked"),
        on("payer", "the name that was given with the payment"),
        on("method method_brand method_last4", "how it was paid: kind, brand, last four digits"),
    ),
    listed=True,
)
RECEIPT_OF_GIFT = Kind(
    "receipt of a gift",
    _SUP,
    "RECEIPT#.*",
    (on("number numbers", "the numbers of its receipts", ground=VOUCHER),),
)
RECEIPT = Kind(
    "receipt",
    r"RECEIPT#.*",
    "RECEIPT",
    (
        on("gift", "the payment that it is of", ground=VOUCHER),
        on("given_at", "when it got its number", ground=VOUCHER),
        on("replaces replaced_by", "the receipts that it corrects, or that correct it", ground=VOUCHER),
        on("receiver", "who received the money", ground=RECEIVER),
        on("supporter", "your number with us", ground=LEADS_NOWHERE),
        on("payer", "the name on it"),
    ),
)
FAILED_PAYMENT = Kind(
    "failed payment",
    _SUP,
    "FAILED#.*",
    (on("invoice created amount currency", "a payment that failed: number, day and amount", ground=BOOKS),),
    listed=True,
)
HISTORY = Kind(
    "history",
    _SUP,
    "LOG#.*",
    (
        on("tags", "what was done", ground=ACT),
        on("by", "who of the newsroom did it", ground=ACT),
        on("was is", "the address before and after, as a keyed hash", withheld=HASH),
        on("event customer checkout", "the news from Stripe that it came from, the customer and the checkout"),
        on("grant tier until reason", "access that the newsroom gave, and why"),
        on("joined", "the record that was joined to yours"),
        on("found", "what was put right"),
    ),
    open=True,
)
EVENT = Kind(
    "news from Stripe",
    "EVT#.*",
    "EVT",
    (
        on("type", "what Stripe told of", ground=BOOKS),
        on("received_at applied_at", "when it came, and when it was dealt with", ground=BOOKS),
        on("body", "what Stripe told", ground=VOUCHER, reduced=True),
        on("zdict", "what its text is packed with", withheld=WORK, ground=BOOKS),
        on("supporter", "your number with us", ground=LEADS_NOWHERE),
        on("status tries why faults outages outage_since due", "how it stands", withheld=WORK, ground=BOOKS),
    ),
)
MAIL = Kind(
    "mail",
    "MAIL#.*",
    "MAIL",
    (
        on("kind", "what we wrote about"),
        on("values tier", "what it told"),
        on("to language", "another address that it went to, until it was sent"),
        on("asked_by", "the network in which that address was typed, as a keyed hash", withheld=HASH),
        on("status sent_at", "whether and when it was sent"),
        on("supporter", "your number with us"),
        on("tries why faults outages outage_since due taken_until", "how it stands", withheld=WORK),
    ),
)
UNDO = Kind(
    "change that can be undone",
    _SUP,
    "UNDO#.*",
    (
        on("kind", "what was changed"),
        on("facts", "how it was before"),
        on("until", "until when it can be undone"),
        on("done", "whether it was"),
    ),
)
DEVICE = Kind(
    "device",
    _SUP,
    "DEVICE#.*",
    (
        on("kind", "a phone or a computer"),
        on("signed_in_at", "when you signed in there"),
        on("session", "where its session stands", withheld=SECRET),
    ),
)
SESSION = Kind(
    "session",
    "SESSION#.*",
    "SESSION",
    (
        on("signed_in_at seen", "when you signed in, and the day of the last visit"),
        on("remember", "whether it lasts longer than the browser is open"),
        on("supporter", "your number with us"),
        on("epoch listed", "whether it still holds", withheld=WORK),
    ),
)
OF_PEOPLE = (
    *(PROFILE, ACCESS, ENTRY, RECEIPT_OF_GIFT, RECEIPT, FAILED_PAYMENT, HISTORY, MAIL, UNDO, DEVICE, SESSION),
    *(
        GIFT_LINK,
        GIVEN_LINK,
        ATTEMPT,
        CHECKOUT,
        DECLINES,
        SIGN_IN,
        CORRECTION,
        NEW_CARD,
        STATEMENT,
        STATEMENT_OF,
        STATEMENT_BY,
        SWITCHED_OFF,
        REMINDER,
        READ_ARTICLES,
        ERASURE,
        LOOK_UP,
        CUSTOMER,
        SUPPRESSED,
        PROVEN,
    ),
    *(TOMBSTONE_ROW, GUARD, EVENT),
)
