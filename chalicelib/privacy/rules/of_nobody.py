"""The kinds of rows that are about no person, each with the reason, and every attribute that they may have."""

from chalicelib.privacy.rules.kinds import Attribute, Kind

_SUMS = "sums of many gifts; nobody's gift can be told from them"
_DAY = "sums of a day, and ids of Stripe's of movements that must be looked at; they lead to no person by themselves"
_ARTICLE = "what the newsroom publishes; `author` is a journalist's name as it stands above the article"


def _kind(name: str, pk: str, sk: str, why: str, attributes: str) -> Kind:
    return Kind(name, pk, sk, tuple(Attribute((one,), why) for one in attributes.split()), nobodys=why)


OF_NOBODY = (
    _kind("totals of a month", r"TOTALS(#\d)?", r"\d{4}-\d\d#.*", _SUMS, "gross payments refunded dispute_lost fees"),
    _kind("totals of a campaign", "CAMPAIGN#.*", "TOTAL#.*", _SUMS, "gross payments refunded dispute_lost fees"),
    _kind("count of supporters", "SUPPORTERS", "HOWMANY", "a number", "people joined month counted_at"),
    _kind("count of receipts", r"RECEIPTS#\d{4}", "COUNT", "a number", "count"),
    _kind(
        "article",
        "ARTICLE#.*",
        "ARTICLE",
        _ARTICLE,
        "id title url access teaser body updated_at opens_at closes_at author section tags revision origin label",
    ),
    _kind(
        "gift link of the newsroom's",
        "GIFTLINK#.*",
        "GIFTLINK",
        "an article that the newsroom gives; of its readers nothing but how many they are",
        "article made_at until most readers revoked",
    ),
    _kind(
        "API key",
        "KEY#.*",
        "KEY",
        "a machine's key; its label is the newsroom's own",
        "id purpose label status created_at",
    ),
    _kind(
        "reconcile's place",
        "RECONCILED#.*",
        "RECONCILED",
        "how far a round has got; `behind` is a random id, for a month at most",
        "at day before behind seen size passed people added added_at",
    ),
    _kind(
        "seal of a day",
        r"DAY#\d.*",
        "SEAL",
        _DAY,
        "since until state sums pending differing differences bad undecided changed sealed_at due",
    ),
    _kind(
        "walk over a day",
        r"DAY#\d.*",
        "WALK",
        _DAY,
        "since until sums pending differing differences bad undecided at tail left began",
    ),
    _kind("open movement", r"DAY#\d.*", "OPEN#.*", _DAY, "id kind amount currency occurred_at status seen_at due"),
    _kind("upgrade that was done", "UPGRADED#.*", "UPGRADED", "a note about the table", "at"),
    _kind(
        "foreign payment",
        "FOREIGN#.*",
        "FOREIGN",
        "an id of Stripe's of a payment that is no gift to us; 40 days",
        "known at",
    ),
    _kind(
        "rate window",
        "RATE#.*",
        "RATE",
        "counters of minutes to a day, by keyed hashes that nobody can turn back; they end by themselves",
        "total part0 part1 part2 part3 part4 part5 part6 part7 part8 part9",
    ),
)
