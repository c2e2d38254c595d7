"""Why an attribute stays after an erasure, and why one is not handed over: the few reasons there are."""

# Why it stays
VOUCHER = "accounting: a voucher's number, day, amount, currency and Stripe's id have to be kept for years"
BOOKS = "accounting: without it the books would no longer add up, or count a payment twice"
ACT = "accountability: that something was done, and by whom of the newsroom, without what was said about the person"
LEADS_NOWHERE = "a random id that leads nowhere once the profile is gone"
TOMBSTONE = "without it the next news from Stripe would bring the person back"
OWN_NO = "the person's own objection to mail, which could not be heeded otherwise; a keyed hash"
RECEIVER = "accounting: who received the money, nothing about who gave it"

# Why it is not handed over
SECRET = "whoever reads the file could use it to act in the person's name"  # noqa: S105 - a reason
HASH = "a keyed hash of what is handed over elsewhere; by itself it says nothing"
WORK = "says how the work on the row stands, nothing about the person"
SAME = "is handed over with the row that it leads to"
