"""The kinds of rows about a person that come and go: with visits, calls, look-ups. The lasting: `of_people.py`."""

from chalicelib.privacy.rules.grounds import (
    BOOKS,
    HASH,
    OWN_NO,
    SAME,
    SECRET,
    TOMBSTONE,
    WORK,
)
from chalicelib.privacy.rules.kinds import Kind, on

_SUP = "SUP#.*"


ATTEMPT = Kind(
    "gift that was begun",
    "CHECKOUT#.*",
    "CHECKOUT",
    (
        on("email supporter customer", "whose session began it: address, number with us, customer at Stripe"),
        on("language", "the language"),
        on("id session url", "its name, and Stripe's page for it"),
        on("wish browser", "fingerprints of the wish and of the browser", withheld=HASH),
        on("spent", "tries that failed at Stripe", withheld=WORK),
    ),
    has="wish",  # whoever begins it chooses its name, and may call it like one of Stripe's sessions
)
CHECKOUT = Kind(
    "checkout",
    "CHECKOUT#cs_.*",
    "CHECKOUT",
    (
        on("amount currency interval", "what was to be given"),
        on("status paid_at", "how it stands, and when it was paid"),
        on("source return_to campaign language", "where it began, where it led back to"),
        on("id url attempt", "its names, and Stripe's page for it"),
        on("supporter customer movement subscription", "your numbers with us and at Stripe, and of what was paid"),
        on("browser", "a fingerprint of the browser", withheld=HASH),
        on("epoch greeted", "whether the browser still reads by it", withheld=WORK),
        on("claimed", "the code by which it was moved to another address, as a keyed hash", withheld=HASH),
        on("reminder", "the month for which you asked to be reminded"),
    ),
)
GIFT_LINK = Kind(
    "gift link",
    "GIFTLINK#.*",
    "GIFTLINK",
    (
        on("article", "the article that you gave"),
        on("made_at until", "when you gave it, and until when the link works"),
        on("readers most", "how many people have read by it, and how many may; we do not know who they are"),
        on("revoked", "whether you ended it"),
        on("supporter", "your number with us"),
    ),
    has="supporter",  # the newsroom's own have none
)
GIVEN_LINK = Kind("gift link of a month", _SUP, "GIFTLINK#.*", (on("link", "the link that you made", withheld=SAME),))
DECLINES = Kind(
    "refused cards", "DECLINES#.*", "DECLINES", (on("events", "Stripe's numbers of refusals in a checkout"),)
)
SIGN_IN = Kind(
    "pending sign-in",
    "SIGNIN#.*",
    "SIGNIN",
    (
        on("email", "the address that a code was sent to"),
        on("language return_to", "the language, and the page to go on to"),
        on("until used", "until when it works, and when it was used"),
        on("id", "its name", withheld=SECRET),
        on("code link browser", "hashes of the code, of the link and of the browser", withheld=SECRET),
        on("unnamed", "that a mail's link asked for it", withheld=WORK),
        on("tries", "how often a code was tried", withheld=WORK),
    ),
)
CORRECTION = Kind(
    "correction of an address",
    _SUP,
    "CORRECTION#.*",
    (
        on("email", "the new address, until its code was entered"),
        on("was", "the address before, as a keyed hash", withheld=HASH),
        on("code", "a hash of the code", withheld=SECRET),
        on("tries used epoch", "how often a code was tried, and whether it still holds", withheld=WORK),
    ),
)
NEW_CARD = Kind(
    "new card",
    _SUP,
    "NEWCARD#.*",
    (on("gift", "the recurring gift for which you went to Stripe's page for a new card"),),
)
SWITCHED_OFF = Kind(
    "switched-off mails", _SUP, "MAILS", (on("reminders statements", "when you switched this class of mails off"),)
)
READ_ARTICLES = Kind(
    "articles that the meter opened",
    _SUP,
    "METER#.*",
    (on("count", "how many articles were opened to you in the month; all else is the mark of one of them"),),
    open=True,
)
REMINDER = Kind(
    "reminder",
    _SUP,
    "REMINDER",
    (
        on("month asked_at", "in which month you want to be reminded, and when you asked for it"),
        on("given", "what you last gave, to be offered again"),
    ),
)
STATEMENT_OF = Kind(
    "statement about your gifts", _SUP, "STATEMENT#.*", (on("statement", "the number of a statement of leaving"),)
)
STATEMENT_BY = Kind(
    "statement with your address",
    "STATEMENT#.*",
    "ADDRESS",
    (on("statement", "the number of a statement of leaving in which your address was typed"),),
)
STATEMENT = Kind(
    "statement of leaving",
    "STATEMENT#.*",
    "STATEMENT",
    (
        on("id kind received_at", "its number, whether it cancels or withdraws, when it came"),
        on("email name comment gift when language", "what was declared, as it was typed"),
        on("status outcome by", "how it stands, what came of it, and by whom"),
        on("target deadline note", "the gift, by when it is decided, and what a person wrote about it"),
        on("supporter", "your number with us"),
        on("address client", "the address and the network that it came from, as keyed hashes", withheld=HASH),
        on("many tries faults outages outage_since taken_until", "how the work on it stands", withheld=WORK),
    ),
)
ERASURE = Kind(
    "erasure",
    _SUP,
    "ERASURE",
    (
        on("asked_at erase_on", "when you asked to be erased, and the day of it"),
        on("by", "who asked, if it was the newsroom"),
        on("status due", "how it stands", withheld=WORK),
        on(
            "email language customers joined hashed",
            "what its own last steps need, until they are done",
            withheld=SAME,
        ),
    ),
)
LOOK_UP = Kind("address look-up", "EMAIL#.*", "EMAIL", (on("supporter", "that your address leads to your record"),))
CUSTOMER = Kind(
    "customer at Stripe",
    "CUS#.*",
    "CUS",
    (
        on("supporter", "that this customer of Stripe's is you"),
        on("in_history", "that the history says so", withheld=WORK),
    ),
)
SUPPRESSED = Kind(
    "address that gets no mail",
    "SUPPRESSED#.*",
    "SUPPRESSED",
    (
        on("status kind", "that no mail goes to you, as it came back or you said so", ground=OWN_NO),
        on("reason since mail_sent_at", "why, and since when", ground=OWN_NO),
        on("allowed_at allowed_by allowed_because", "who of the newsroom let mail go again, and why"),
        on("version", "how often this row was written", withheld=WORK, ground=OWN_NO),
    ),
    listed=True,
    stays_where=("kind", "complaint"),
)
PROVEN = Kind(
    "place where the address was proven",
    "PROVEN#.*",
    "PROVEN#.*",
    (on("by", "who asked last, as a keyed hash", withheld=HASH),),
)
TOMBSTONE_ROW = Kind(
    "tombstone",
    "ERASED#.*",
    "ERASED",
    (on("supporter", "a number that leads nowhere", withheld=WORK, ground=TOMBSTONE),),
)
GUARD = Kind(
    "guard of a movement",
    "MONEY#.*",
    "MONEY",
    (on("supporter entry", "where the gift's row stands", withheld=SAME, ground=BOOKS),),
)
