"""Every key of the table, in one place. docs/data-model.md explains the items behind them.

Times inside keys are fixed-width (`moment`), so that they sort as text. The index is sparse: only items that are
listed somewhere carry `gsi1pk` and `gsi1sk`.
"""

from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, rfc3339
from chalicelib.kernel.table import Key

# Partitions of the index
INBOX_WORK = "WORK#INBOX"  # of an earlier release: events still to apply, by the time they are due, then parked ones
_INBOX_SHARDS = 8  # a partition takes a thousand writes a second, and an event in the index is two or more
PARKED = "parked#"  # begins the sort key of parked events; it sorts after every time
DUE_WORK = "WORK#MAIL"  # what the sweep takes up beside events, by the time it is due; at first that was mails only
UNDELIVERABLE = "WORK#UNDELIVERABLE"  # mails that were given up, unless a person puts them back
SUPPRESSED = "SUPPRESSED"  # addresses that get no mail
API_KEYS = "KEYS"
ARTICLES = "ARTICLES"  # every article, by its id
DESK = "WORK#STATEMENTS"  # statements of leaving that wait for a person, by their deadline
GIFT_LINKS = "GIFTLINKS"  # gift links of the newsroom's own, by their id
RECURRING = "RECURRING"  # supporters with a recurring gift that has not ended
REMINDERS = "REMINDERS"  # reminders that somebody asked for, by their month
FAILED = "FAILED"  # payments of recurring gifts that failed, by the time of their invoice
ERASURES = "WORK#ERASURE"  # supporters who asked to be erased, by the time that it is due
ERASED = "ERASED"  # supporters who were erased
_DAYS_WORK = "WORK#DAYS"  # days and movements of the books that are to be looked at again, by the time they are due

TOTALS = "TOTALS"  # partition of an earlier release: sums of the ledger by the newsroom's month and currency
SUM_SHARDS = 32  # as many counters in the place of one, so that transactions at the same time rarely meet on a row
_PARTITIONS = 8  # of the counters of a sum, and of a month's ledger: each takes a thousand writes a second


def moment(seconds: int) -> str:
    """A time that sorts as text: `2026-08-31T09:15:00Z`."""
    return rfc3339(seconds)


def month(seconds: int) -> str:
    """The month in UTC, `2026-08`, under which the index lists an entry.

    Sums are by the month in the newsroom's time zone: `moments.month_of`.
    """
    return moment(seconds)[:7]


def event(event_id: str) -> Key:
    """A stored webhook event."""
    return f"EVT#{event_id}", "EVT"


def inbox_work(event_id: str) -> str:
    """The index partition in which an event waits: one of eight, always the same for the same event."""
    return f"{INBOX_WORK}#{sum(event_id.encode()) % _INBOX_SHARDS}"


def all_inbox_work() -> tuple[str, ...]:
    """Every index partition in which events may wait, that of earlier releases among them."""
    return (INBOX_WORK, *(f"{INBOX_WORK}#{shard}" for shard in range(_INBOX_SHARDS)))


def events_of(supporter_id: SupporterId) -> str:
    """The index partition of the events that were about a supporter."""
    return f"EVENTS#{supporter_id}"


NOBODYS_EVENTS = "EVENTS#"  # recorded events that nobody has found a supporter for


def about(supporter_id: SupporterId) -> str:
    """The index partition of what is about a supporter and stands outside their partition, but for events."""
    return f"ABOUT#{supporter_id}"


def about_address(hashed: str) -> str:
    """The index partition of what knows an address only, by its keyed hash."""
    return f"ADDRESS#{hashed}"


def listed(partition: str, key: Key) -> dict[str, str]:
    """The attributes that list a row in one of the index partitions above, under its own key."""
    return {"gsi1pk": partition, "gsi1sk": key[0]}


def movement(movement_id: str) -> Key:
    """The guard that keeps a movement from being booked twice, by the id that its rail gave it."""
    return f"MONEY#{movement_id}", "MONEY"


SUPPORTER_PREFIX = "SUP#"


def supporter(supporter_id: SupporterId) -> str:
    """The partition that holds all of one supporter."""
    return f"{SUPPORTER_PREFIX}{supporter_id}"


def supporter_of(partition: str) -> SupporterId:
    """The supporter whose partition this is."""
    return SupporterId(partition.removeprefix(SUPPORTER_PREFIX))


def profile(supporter_id: SupporterId) -> Key:
    """A supporter's profile, with e-mail address and language."""
    return supporter(supporter_id), "PROFILE"


def standing(supporter_id: SupporterId) -> Key:
    """A supporter's state, from which access follows: grants, recurring gifts, session epoch and version."""
    return supporter(supporter_id), "ACCESS"


ENTRY_PREFIX = "MONEY#"


def entry(supporter_id: SupporterId, occurred_at: int, movement_id: str) -> Key:
    """A ledger entry, in its supporter's partition, sorted by time."""
    return supporter(supporter_id), f"{ENTRY_PREFIX}{moment(occurred_at)}#{movement_id}"


RECEIPT_PREFIX = "RECEIPT#"


def receipt_of(supporter_id: SupporterId, gift: str) -> Key:
    """The number of a gift's receipt, in the partition of its supporter."""
    return supporter(supporter_id), f"{RECEIPT_PREFIX}{gift}"


def receipt(number: str) -> Key:
    """A receipt by its number (`2026-000123`)."""
    return f"{RECEIPT_PREFIX}{number}", "RECEIPT"


def receipt_count(year: int) -> Key:
    """How many numbers of receipts were given in a year, which is the newest of them."""
    return f"RECEIPTS#{year:04}", "COUNT"


_FIRST_RAIL = "stripe"  # its partition has no suffix, as before there were other rails


def ledger_month(month_text: str, rail: str, movement_id: str) -> str:
    """The index partition of an entry of a month (`2026-08`, UTC): one of eight, by its rail and its movement."""
    return f"LEDGER#{month_text}#{rail}#{sum(movement_id.encode()) % _PARTITIONS}"


def ledger_month_before(month_text: str, rail: str) -> str:
    """The one index partition of a rail's entries of a month, as earlier releases listed them."""
    return _by_rail(f"LEDGER#{month_text}", rail)


def all_of_ledger_month(month_text: str, rail: str) -> tuple[str, ...]:
    """Every index partition in which a rail's entries of a month may be listed, that of earlier releases first."""
    return (
        ledger_month_before(month_text, rail),
        *(f"LEDGER#{month_text}#{rail}#{shard}" for shard in range(_PARTITIONS)),
    )


def _by_rail(partition: str, rail: str) -> str:
    return partition if rail == _FIRST_RAIL else f"{partition}#{rail}"


LOG_PREFIX = "LOG#"


def log(supporter_id: SupporterId, now: BusinessTime, unique: str) -> Key:
    """One line of a supporter's history."""
    return supporter(supporter_id), f"{LOG_PREFIX}{moment(now)}#{unique}"


CORRECTION_PREFIX = "CORRECTION#"


def correction(supporter_id: SupporterId, hashed: str, purpose: str = "") -> Key:
    """A change of a supporter's address that waits for its code, by the keyed hash of the new address.

    `purpose`: whose change it is; empty for the newsroom's own.
    """
    named = f"#{purpose}" if purpose else ""
    return supporter(supporter_id), f"{CORRECTION_PREFIX}{hashed}{named}"


def new_card(supporter_id: SupporterId, customer_id: str) -> Key:
    """For which recurring gift of a customer a new card was asked for."""
    return supporter(supporter_id), f"NEWCARD#{customer_id}"


def undo(supporter_id: SupporterId, name: str) -> Key:
    """A change about a supporter that can be undone for a while."""
    return supporter(supporter_id), f"UNDO#{name}"


def mails_of(supporter_id: SupporterId) -> Key:
    """Which classes of mail a supporter has switched off."""
    return supporter(supporter_id), "MAILS"


def reminder(supporter_id: SupporterId) -> Key:
    """The reminder that a supporter has asked for."""
    return supporter(supporter_id), "REMINDER"


def failed_payment(supporter_id: SupporterId, invoice: str) -> Key:
    """The note that a payment of a recurring gift failed, whether it arrived later or not."""
    return supporter(supporter_id), f"FAILED#{invoice}"


def read_articles(supporter_id: SupporterId, month_text: str) -> Key:
    """What the meter opened to a supporter in a month (`2026-08`, the newsroom's)."""
    return supporter(supporter_id), f"METER#{month_text}"


DEVICE_PREFIX = "DEVICE#"


def device(supporter_id: SupporterId, device_id: str) -> Key:
    """A signed-in browser in its supporter's list of devices."""
    return supporter(supporter_id), f"{DEVICE_PREFIX}{device_id}"


GIVEN_PREFIX = "GIFTLINK#"


def given_link(supporter_id: SupporterId, month_text: str, number: str) -> Key:
    """That a supporter made a gift link in a month (the newsroom's), by its number there."""
    return supporter(supporter_id), f"{GIVEN_PREFIX}{month_text}#{number}"


def gift_link(link_id: str) -> Key:
    """A gift link, by a random id that says nothing of who gives."""
    return f"GIFTLINK#{link_id}", "GIFTLINK"


def erasure(supporter_id: SupporterId) -> Key:
    """A supporter's request to be erased, until that is done."""
    return supporter(supporter_id), "ERASURE"


def tombstone(hashed: str) -> Key:
    """The mark of an erased supporter's customer at the provider, by its keyed hash."""
    return f"ERASED#{hashed}", "ERASED"


STATEMENT_PREFIX = "STATEMENT#"


def statement(statement_id: str) -> Key:
    """A statement that cancels or withdraws."""
    return f"{STATEMENT_PREFIX}{statement_id}", "STATEMENT"


def statement_by(statement_id: str) -> Key:
    """That an address was typed into a statement."""
    return f"{STATEMENT_PREFIX}{statement_id}", "ADDRESS"


def statement_of(supporter_id: SupporterId, statement_id: str) -> Key:
    """That a statement is about a supporter's gifts."""
    return supporter(supporter_id), f"{STATEMENT_PREFIX}{statement_id}"


def email(hashed: str) -> Key:
    """Look-up: keyed hash of an address -> supporter."""
    return f"EMAIL#{hashed}", "EMAIL"


def customer(customer_id: str) -> Key:
    """Look-up: Stripe customer -> supporter."""
    return f"CUS#{customer_id}", "CUS"


def total(month_text: str, currency: str, shard: int) -> Key:
    """One shard of one month's sums in one currency; the month is the newsroom's."""
    return f"{TOTALS}#{shard % _PARTITIONS}", f"{month_text}#{currency}#{shard}"


def all_totals() -> tuple[str, ...]:
    """Every partition in which sums of months may stand, that of earlier releases first."""
    return _all(TOTALS)


CAMPAIGN_PREFIX = "CAMPAIGN#"


def all_of_campaign(slug: str) -> tuple[str, ...]:
    """Every partition in which sums of a campaign may stand, that of earlier releases first."""
    return _all(f"{CAMPAIGN_PREFIX}{slug}")


def _all(partition: str) -> tuple[str, ...]:
    return (partition, *(f"{partition}#{number}" for number in range(_PARTITIONS)))


CAMPAIGN_TOTAL_PREFIX = "TOTAL#"


def campaign_total(slug: str, currency: str, shard: int) -> Key:
    """One shard of one campaign's sums in one currency."""
    return f"{CAMPAIGN_PREFIX}{slug}#{shard % _PARTITIONS}", f"{CAMPAIGN_TOTAL_PREFIX}{currency}#{shard}"


def how_many() -> Key:
    """How many people support the newsroom, as the daily job counted them."""
    return "SUPPORTERS", "HOWMANY"


UPGRADED_PREFIX = "UPGRADED#"


def upgraded(step: str) -> Key:
    """The note that a step of `ops upgrade` is done with the whole table."""
    return f"{UPGRADED_PREFIX}{step}", "UPGRADED"


def day(name: str, rail: str) -> str:
    """The partition of one rail's day of the books (`2026-11-28`, the newsroom's): its seal, and what is open."""
    return _by_rail(f"DAY#{name}", rail)


def seal(name: str, rail: str) -> Key:
    """The seal of a day: what both sides had when it was walked to its end."""
    return day(name, rail), "SEAL"


def walk(name: str, rail: str) -> Key:
    """How far the walk over a day has come that one run had no time to end."""
    return day(name, rail), "WALK"


OPEN_PREFIX = "OPEN#"


def open_movement(name: str, movement_id: str, rail: str) -> Key:
    """A movement of a day that we have booked, and of which its provider has not told."""
    return day(name, rail), f"{OPEN_PREFIX}{movement_id}"


def days_work(rail: str) -> str:
    """The index partition of one rail's days and open movements that are to be looked at again."""
    return _by_rail(_DAYS_WORK, rail)


def reconciled(ring: str) -> Key:
    """How far a ring of reconcile has got."""
    return f"RECONCILED#{ring}", "RECONCILED"


def days_walked(rail: str) -> Key:
    """How far the days of one rail's books are walked."""
    return reconciled(_by_rail("days", rail))


def foreign(payment: str) -> Key:
    """A foreign payment: on the same Stripe account, and no gift to us."""
    return f"FOREIGN#{payment}", "FOREIGN"


MAIL_PREFIX = "MAIL#"


def mail(mail_id: str) -> Key:
    """A mail to send, named after what it is about (`pi_…:thanks`)."""
    return f"{MAIL_PREFIX}{mail_id}", "MAIL"


def suppressed(hashed: str) -> Key:
    """An address that gets no mail, by its keyed hash."""
    return f"SUPPRESSED#{hashed}", "SUPPRESSED"


def article(article_id: str) -> Key:
    """An article with its policy."""
    return f"ARTICLE#{article_id}", "ARTICLE"


def checkout(name: str) -> Key:
    """A checkout, by its attempt or by its Stripe session (`cs_…`)."""
    return f"CHECKOUT#{name}", "CHECKOUT"


def declines(checkout_id: str) -> Key:
    """The refused cards of one checkout (`cs_…`)."""
    return f"DECLINES#{checkout_id}", "DECLINES"


def sign_in(request_id: str) -> Key:
    """A pending sign-in."""
    return f"SIGNIN#{request_id}", "SIGNIN"


def proven(hashed: str, place: str) -> Key:
    """A browser or network in which an address (by its keyed hash) was proven; see `mail/rows/proven.py`."""
    return f"PROVEN#{hashed}", f"PROVEN#{place}"


def session(fingerprint: str) -> Key:
    """A signed-in browser, by the hash of its secret."""
    return f"SESSION#{fingerprint}", "SESSION"


def rate(scope: str, who: str, window: int) -> Key:
    """The counters of a rate limit for one client in one window of time."""
    return f"RATE#{scope}#{who}#{window}", "RATE"


def api_key(fingerprint: str) -> Key:
    """An API key of the newsroom's CMS, by its hash."""
    return f"KEY#{fingerprint}", "KEY"
