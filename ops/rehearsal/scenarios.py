"""The supporters of a rehearsal, and what happens to their gifts. Drawn from the seed and nothing else.

A scenario is a list of steps, each in its week. A month has four weeks here, each a 48th of a year.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

WEEKS = 4  # to a month
CURRENCIES = ("eur", "eur", "eur", "usd", "uah", "uah", "pln")


@dataclass(frozen=True)
class Step:
    """Something that happens in a week to the supporter's gift number `gift`: `what` names a method of `Turns`."""

    week: int
    what: str
    gift: int
    how: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Scenario:
    """One supporter and what they do. `story` names what is special about them."""

    email: str
    language: str
    story: str
    steps: tuple[Step, ...]


# The steps after a gift: (weeks later, what, how). A renewal comes in the fifth week after a monthly gift began.
Story = tuple[tuple[int, str, Mapping[str, Any]], ...]


def _then(*steps: tuple[int, str] | tuple[int, str, Mapping[str, Any]]) -> Story:
    return tuple((step[0], step[1], step[2] if len(step) > 2 else {}) for step in steps)  # noqa: PLR2004


_LOST, _WON = {"outcome": "lost"}, {"outcome": "won"}
_PENDING: Mapping[str, Any] = {"pending": True}
ONCE: Mapping[str, Story] = {
    "gives": _then(),
    "gives again": _then((9, "give"), (21, "give")),
    "partly given back": _then((1, "refund", {"part": True})),
    "given back": _then((1, "refund")),
    "given back in two parts": _then((1, "refund", {"part": True}), (3, "refund")),
    "given back, slowly": _then((1, "refund", _PENDING), (2, "refund_arrives")),
    "given back, refused by the bank": _then((1, "refund", _PENDING), (2, "refund_fails")),
    "given back, returned days later": _then((1, "refund"), (3, "refund_fails")),
    "disputed and lost": _then((2, "dispute"), (3, "respond"), (6, "decide", _LOST)),
    "disputed and won": _then((2, "dispute"), (5, "decide", _WON)),
    "lost, appealed and won": _then((1, "dispute"), (3, "decide", _LOST), (5, "appeal", _WON)),
    "lost, appealed and lost": _then((1, "dispute"), (3, "decide", _LOST), (6, "appeal", _LOST)),
    "asked about": _then((1, "dispute", {"inquiry": True}), (3, "decide", _WON)),
    "asked about, then disputed": _then((1, "dispute", {"inquiry": True}), (2, "escalate"), (4, "decide", _LOST)),
    "partly disputed": _then((1, "dispute", {"part": True}), (4, "decide", _LOST)),
    "suspected": _then((1, "suspect")),
    "by debit, arrives": _then((1, "settle", {"outcome": "succeeds"})),
    "by debit, fails": _then((1, "settle", {"outcome": "fails"})),
    "declined, then paid": _then(),
    "declined for good": _then(),
    "paid in another currency": _then(),
}
RECURRING: Mapping[str, Story] = {
    "steady": _then(),
    "late once": _then((3, "next", {"outcome": "fails"}), (5, "next", {"outcome": "succeeds"})),
    "fails for good": _then((6, "next", {"outcome": "fails"})),
    "stops in the portal": _then((10, "cancel", {"by": "portal", "when": "period_end"})),
    "stops by the API": _then((6, "cancel", {"by": "api", "when": "period_end"})),
    "stops and goes on": _then((2, "cancel", {"by": "portal", "when": "period_end"}), (3, "keep")),
    "ends at once": _then((7, "cancel", {"by": "api", "when": "now"})),
    "pauses": _then((6, "pause"), (12, "unpause")),
    "is let off": _then((2, "collection", {"behavior": "void"}), (7, "collection")),
    "gives more": _then((6, "give", {"more": True}), (6, "cancel", {"by": "api", "when": "period_end"})),
    "gives more at once": _then((9, "give", {"more": True}), (9, "cancel", {"by": "api", "when": "now"})),
    "a renewal given back": _then((6, "refund")),
    "a renewal partly given back": _then((6, "refund", {"part": True})),
    "a renewal disputed and lost": _then((6, "dispute"), (9, "decide", _LOST)),
    "a renewal disputed and won": _then((6, "dispute"), (11, "decide", _WON)),
    "the first payment given back": _then((1, "refund")),
    "takes another address": _then((5, "rename")),
    "is deleted at Stripe": _then((8, "delete")),
    "one payment free": _then((3, "free_next")),
    "by debit, arrives": _then((1, "settle", {"outcome": "succeeds"})),
    "debits that take days": _then((2, "next", {"outcome": "delayed"}), (5, "settle", {"outcome": "succeeds"})),
    "a debit that fails": _then(
        (2, "next", {"outcome": "delayed"}), (5, "settle", {"outcome": "fails"}), (6, "next", {"outcome": "succeeds"})
    ),
    "also gives once": _then((7, "give", {"interval": "once"})),
}
# How the first payment goes, where the story says so.
_PAYMENTS: Mapping[str, Mapping[str, Any]] = {
    "by debit, arrives": {"outcome": "delayed"},
    "by debit, fails": {"outcome": "delayed"},
    "declined, then paid": {"declines": 2},
    "declined for good": {"declines": 3, "outcome": None},
    "paid in another currency": {"presented": True},
}
_IN_EURO_ONLY = ("by debit, arrives", "by debit, fails", "debits that take days", "a debit that fails", "suspected")
_NAMES = "oksana taras ada marta olena ivan daria bohdan zofia piotr hanna lev nina maks iryna roman".split()


def scenarios(
    seed: int, supporters: int, months: int, presets: Mapping[str, Mapping[str, Sequence[int]]]
) -> list[Scenario]:
    """The supporters of a rehearsal. A third is there from the first week on, the others join over the months.

    :param presets: by currency and interval, the amounts that the newsroom offers, in minor units.
    """
    chance = random.Random(seed)  # noqa: S311 - a rehearsal that can be repeated, no secret
    stories = {
        "once": _deck(list(ONCE), chance),
        "month": _deck(list(RECURRING), chance),
        "year": _deck(list(RECURRING), chance),
    }
    found = []
    for number in range(supporters):
        interval = ("month", "once", "year", "month", "once", "once")[number % 6]
        joins = 0 if number % 3 == 0 else chance.randrange(max(1, months * WEEKS - 1))
        if supporters <= _FEW:
            joins = number % 2  # early, so that a short rehearsal has time for what follows
        story = next(stories[interval])
        name = f"{_NAMES[number % len(_NAMES)]}.{number:04}@reader.example"
        steps = tuple(_turns(story, interval, joins, presets, chance))
        played = tuple(step for step in steps if step.week < months * WEEKS)
        found.append(Scenario(name, chance.choice(("uk", "uk", "en")), f"{interval}: {story}", played))
    return found


_FEW = 20


def _deck(stories: list[str], chance: random.Random) -> Iterator[str]:
    """Every story in turn, shuffled in each round: with enough supporters all stories are played."""
    while True:
        chance.shuffle(stories)
        yield from stories


def _turns(
    story: str,
    interval: str,
    joins: int,
    presets: Mapping[str, Mapping[str, Sequence[int]]],
    chance: random.Random,
) -> Iterator[Step]:
    currency = "eur" if story in _IN_EURO_ONLY else chance.choice(CURRENCIES)
    amounts = presets[currency]
    which = chance.randrange(3)
    if story == "suspected":
        which = 0  # small enough to be given back at once
    first = {
        "interval": interval,
        "currency": currency,
        "amount": amounts[interval][which],
        "campaign": chance.choice((None, None, "winter")),
        "returns": chance.random(),
        **_PAYMENTS.get(story, {}),
    }
    yield Step(joins, "give", 0, first)
    gifts = 1
    for later, what, how in (ONCE if interval == "once" else RECURRING)[story]:
        if what != "give":
            yield Step(joins + later, what, 0, how)
            continue
        again = {"interval": interval, **how}
        more = again.pop("more", False)
        amount = amounts[again["interval"]][which + 1 if more else chance.randrange(3)]
        plain = {"currency": currency, "amount": amount, "campaign": None, "returns": chance.random()}
        yield Step(joins + later, "give", gifts, {**again, **plain})
        gifts += 1
