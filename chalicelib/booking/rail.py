"""The contract of a rail: the protocols that it implements, when each method is called, and what it may not do.

Only a rail knows its provider's words; booking, reconcile and rebuild know none. What it learns about money it hands
over as a `Notification` to `booking/actions/apply.py`, which calls it in this order:

    subject()     once       whose is it?
    is_known()    each try   after the supporter's state was read
    facts()       each try   after is_known()
    alongside()   each try   when all is decided, for the same transaction
    is_done()     only after a try that lost to another worker

A rail may not write to the books itself. An answer of the provider about something that can change may not be used
after the supporter's state was read if it was fetched before: it could overwrite a newer one (decision 0005).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from chalicelib.booking.rules.facts import Facts
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import Change
from chalicelib.ledger.rules.movements import Booked, Fee, Kind, Movement
from chalicelib.supporters.rules.state import State

Outcome = Literal["applied", "ignored", "foreign"]
# Looks up a gift of the ledger by its id. What is booked never changes, so each gift is read once a try.
FindGift = Callable[[str], Booked | None]


class GiftNotFound(Exception):
    """Money of one of our payments went back, but no gift was found for that payment: a person must look."""


def no_addresses() -> Iterable[str | None]:
    """The addresses of a payer who has none."""
    return ()


@dataclass(frozen=True)
class Subject:
    """Whom a notification is about, as far as the rail knows from what never changes.

    `booked_for`: the supporter in whose ledger the gift stands; it outranks all others. `proven`: the supporter whose
    session started it. `customer`: the payer's account at the provider, an id that no other rail gives. `addresses`:
    e-mail addresses of the payer, the most trusted first, each fetched only if those before it were not usable.
    `language`: the payer's, for a new supporter.
    """

    booked_for: SupporterId | None = None
    proven: SupporterId | None = None
    customer: str | None = None
    addresses: Callable[[], Iterable[str | None]] = no_addresses
    language: str | None = None


@dataclass(frozen=True)
class Committing:
    """What is about to be committed, for `Notification.alongside`.

    `supporter` None: it is about no supporter that exists; `epoch`: the supporter's. `last`: this is the last part of
    the notification, as a long one is committed in parts. `in_history`: the supporter's history names it.
    `erased`: the supporter was erased, so nothing that leads to a person may be kept.
    """

    outcome: Outcome
    supporter: SupporterId | None = None
    facts: Facts | None = None
    epoch: int = 0
    last: bool = True
    in_history: bool = False
    erased: bool = False


class Notification(Protocol):
    """Something that a rail learned about money: an event, a line of a statement, a payer who came back.

    It may be applied any number of times, by any number of workers, with the same result.
    """

    @property
    def id(self) -> str:
        """Its id in the supporter's history; empty where it has none."""

    def subject(self, find_gift: FindGift) -> Subject | Literal["ignored", "foreign"]:
        """Whose it is; `ignored`: it is about no gift, `foreign`: it is about another product's money.

        May ask the provider, but may use only what never changes of its answer. May not write.

        :raises Outage, Refused: nothing was changed, it may be applied again.
        """

    def is_known(self, state: State, find_gift: FindGift) -> bool:
        """Whether the stored state is provably newer than this notification, so that nothing needs to be fetched.

        May not ask the provider, may not write. False where that is not certain.
        """

    def facts(self, find_gift: FindGift) -> Facts | None:
        """The facts as they stand now; None where it turns out to be about no gift.

        Called after the supporter's state was read; asks the provider anew at each call. May not write.

        :raises Outage, Refused, ValueError, GiftNotFound: nothing was changed, it may be applied again.
        """

    def alongside(self, committing: Committing) -> Sequence[Change]:
        """The rail's own changes for the same transaction, such as marking this notification as done.

        May read the table, may not ask the provider, and may not change entries, sums, states and mails. A change
        that depends on what was read needs a condition that says so: if another worker has changed the row since, the
        whole transaction loses.
        """

    def is_done(self) -> bool:
        """Whether another worker has finished this notification meanwhile. Reads the table."""


@dataclass(frozen=True)
class Line:
    """A line of a provider's own books: one movement. `amount` is signed, in minor units of `currency`, as charged.

    `fee` None: not known yet, or none. `within`: by how many minor units a booking may differ and still agree, where
    the amount was computed by an exchange rate. `pending`: no money has moved yet, and the line will say so when it
    has: it is not booked, and looked at again later.
    """

    movement: str
    amount: int
    currency: str
    fee: Fee | None = None
    within: int = 0
    pending: bool = False

    def agrees(self, amount: int, currency: str) -> bool:
        """Whether a booking of this amount agrees with the line."""
        near = abs(amount - self.amount) <= self.within and (amount > 0) == (self.amount > 0)
        return currency == self.currency and (amount == self.amount or near)


# The line of a movement that is booked: it is there, in whichever day; it may still come; the provider knows of none.
LineStatus = Literal["listed", "waiting", "unknown"]


class Statement(Protocol):
    """A provider's own books, as they are walked day by day (`closing/actions/close_days.py`), beside traffic.

    Lines may come late, twice, and in any order; lines with the same movement id are the same. No method may write to
    the books: what is missing there is booked by applying what `notification` gives.
    """

    @property
    def rail(self) -> str:
        """The name of the rail whose entries it is compared with."""

    def lines(self, since: int, until: int) -> Iterator[Mapping[str, Any]]:
        """Every line made from `since` to `until` (seconds since 1970, both included), newest first, by pages.

        A list may change while it is read: the same line may come twice.

        :raises Outage, Refused: the list broke off; the lines before that are used.
        """

    def made_at(self, raw: Mapping[str, Any]) -> int:
        """When the provider made a line, in seconds: it says the day that the line belongs to, and never changes.

        :raises Exception: it cannot be parsed.
        """

    def read(self, raw: Mapping[str, Any]) -> Line | None:
        """Parse a line; None where it cannot be about a gift's money. Called for each line.

        :raises Exception: it cannot be parsed. It is counted as a bad line, and the others go on.
        """

    def notification(self, line: Line) -> "Notification":
        """The notification that books a line without entry. Called for those only, a page's oldest first."""

    def is_foreign(self, line: Line) -> bool:
        """Whether the line is already known to be foreign. Called before `notification`."""

    def note_foreign(self, line: Line) -> None:
        """Note a foreign line. Called when `is_foreign` says so, or when booking found out that it is."""

    def look_for(self, movement: str, kind: Kind, occurred_at: int) -> LineStatus:
        """What the provider says of a movement that is booked and that no line told. May ask it, once a day.

        :raises Outage, Refused: it did not say.
        """


@dataclass(frozen=True)
class Moved:
    """A movement as a stored notification describes it, for rebuild, which fetches nothing.

    `amount`: signed, minor units of `currency`. `at_most`: it may include more than the gift. `authorized`: maybe not
    all of it was captured. `at`: the movement's own time in seconds, and `payment`: the gift that it is of, both only
    if the notification has them. `dispute`: the one that it belongs to.
    """

    movement: str
    amount: int
    currency: str
    at: int | None = None
    payment: str | None = None
    at_most: bool = False
    authorized: bool = False
    dispute: str | None = None


class Rail(Protocol):
    """What rebuild needs to know of a rail about stored rows. Pure: no method does I/O."""

    @property
    def name(self) -> str:
        """The rail's name in every movement's `rail`; never changed, as entries hold it."""

    def gives_such_ids(self, movement: Movement) -> bool:
        """Whether this rail gives such ids to movements of this kind and to their gifts. Called for each entry."""

    def tells_of_money(self, event_type: str) -> bool:
        """Whether stored notifications of this type are compared with the ledger."""

    def moved(self, event_type: str, body: bytes) -> Sequence[Moved] | None:
        """The movements that a stored notification describes, maybe none; None where it does not say enough."""


Rails = Mapping[str, Rail]
