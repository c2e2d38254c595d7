"""The contract of a rail: what is asked of whatever brings money, when, and what a rail may not do.

A rail (Stripe, a bank's statements) knows a provider's words; booking, reconcile and rebuild know none. What it
learns about money it hands over as a `Notification` to `booking/actions/apply.py`, which calls it in this order:

    subject()     once       whose is it?
    is_known()    each try   after the supporter's state was read
    facts()       each try   after that, too
    alongside()   each try   when all is decided, for the same transaction
    is_done()     after a try that others were faster than

Whatever a rail does, it may not write to the books itself, nor keep what a provider said of something that can change
from before the state was read to after it: an older answer could overwrite a newer one (decision 0005).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from chalicelib.booking.rules.facts import Facts
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.table import Change
from chalicelib.ledger.rules.movements import Booked, Fee, Movement
from chalicelib.ledger.rules.stored import ListedEntry
from chalicelib.supporters.rules.state import State

Outcome = Literal["applied", "ignored", "foreign"]
# A gift of the ledger by its id. What is booked never changes, so it is read once for each try.
FindGift = Callable[[str], Booked | None]


class GiftNotFound(Exception):
    """Money went back of a payment that is ours, but the payment tells of no gift: a person must look."""


def no_addresses() -> Iterable[str | None]:
    """Of a payer without address."""
    return ()


@dataclass(frozen=True)
class Subject:
    """Whom a notification is about, as far as the rail knows without what can still change.

    `booked_for`: the supporter in whose ledger the gift stands, which settles it. `proven`: the supporter whose
    session started it. `customer`: the payer's account at the provider, an id that no other rail gives. `addresses`:
    e-mail addresses of the payer, the most believed first, each asked for only when those before it were no use.
    `language`: of the payer, for somebody new.
    """

    booked_for: SupporterId | None = None
    proven: SupporterId | None = None
    customer: str | None = None
    addresses: Callable[[], Iterable[str | None]] = no_addresses
    language: str | None = None


@dataclass(frozen=True)
class Committing:
    """What is about to be committed.

    `supporter` None: it is about nobody whom we have; `epoch`: the supporter's. `last`: nothing of the notification
    is left then, as a long one is committed in parts. `in_history`: the supporter's history names it.
    """

    outcome: Outcome
    supporter: SupporterId | None = None
    facts: Facts | None = None
    epoch: int = 0
    last: bool = True
    in_history: bool = False


class Notification(Protocol):
    """Something that a rail learned: an event, a line of a statement, a payer who came back.

    It may be applied any number of times, by any number of workers, with the same result.
    """

    @property
    def id(self) -> str:
        """Its id in the supporter's history; empty where it has none."""

    def subject(self, find_gift: FindGift) -> Subject | Literal["ignored", "foreign"]:
        """Whose it is; `ignored`: it is about no gift, `foreign`: about somebody else's.

        May ask the provider. May not take from it what can still change, and may not write.

        :raises Outage, Refused: nothing was changed, it may be applied again.
        """

    def is_known(self, state: State, find_gift: FindGift) -> bool:
        """Whether what is stored is provably newer than anything this can say, so that nothing needs to be asked.

        May not ask the provider, may not write. In doubt: False.
        """

    def facts(self, find_gift: FindGift) -> Facts | None:
        """How everything that it is about stands now; None where it is about no gift after all.

        Asks the provider anew at each call: called after the supporter's state was read. May not write.

        :raises Outage, Refused, ValueError, GiftNotFound: nothing was changed, it may be applied again.
        """

    def alongside(self, committing: Committing) -> Sequence[Change]:
        """What the rail has to write of its own in the same transaction: that this notification is done, say.

        May read the table, may not ask the provider, and may not touch entries, sums, states and mails. Where it must
        hold to what it read, the change says so in its condition: then another worker's makes all of it lose.
        """

    def is_done(self) -> bool:
        """Whether somebody else has finished this same notification meanwhile. Reads the table."""


@dataclass(frozen=True)
class Line:
    """A line of a provider's own books: one movement. `amount` is signed, in minor units of `currency`, as charged.

    `fee` None: not known yet, or none. `within`: how far a booking may be from it, where a rate was used.
    """

    movement: str
    amount: int
    currency: str
    fee: Fee | None = None
    within: int = 0

    def agrees(self, amount: int, currency: str) -> bool:
        """Whether a booking says the same."""
        near = abs(amount - self.amount) <= self.within and (amount > 0) == (self.amount > 0)
        return currency == self.currency and (amount == self.amount or near)


class Statement(Protocol):
    """A provider's own books, as the ring of money reads them (`reconciling/money.py`): once a day, beside traffic.

    Lines may come late, twice, and in any order: the movement's id is what makes them one. None of this may write to
    the books; what is missing there is booked by the notification that `notification` gives.
    """

    @property
    def rail(self) -> str:
        """Whose entries it is held against."""

    def lines(self, since: int) -> Iterator[Mapping[str, Any]]:
        """Every line since then (seconds), newest first, as the provider gives it. Read once, page after page.

        :raises Outage, Refused: the list broke off; what came before counts.
        """

    def read(self, raw: Mapping[str, Any]) -> Line | None:
        """A line's movement, or None where it is about nothing that could be a gift's money. Called for each line.

        :raises Exception: it cannot be read. It is counted and named, and the others go on.
        """

    def notification(self, line: Line) -> "Notification":
        """What books a line that has no entry. Called for those alone, the oldest first, after all were read."""

    def is_foreign(self, line: Line) -> bool:
        """Whether it is known to be none of ours. Called before `notification`."""

    def note_foreign(self, line: Line) -> None:
        """Note a line that is none of ours. Called when `is_foreign`, or when booking found it out."""

    def knows(self, entry: ListedEntry) -> bool:
        """Whether the provider knows an entry that no line told of, and its line may still come. May ask."""


@dataclass(frozen=True)
class Moved:
    """A movement that a stored notification tells of by its own words.

    `at_most`: the amount may be of more than the gift. `authorized`: not all of it need have been captured. `at`: the
    movement's own time; `payment`: the gift that it is of; both where it says so. `dispute`: which one it belongs to.
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
    """What rebuild asks of a rail about what is stored. Pure: it asks nobody."""

    @property
    def name(self) -> str:
        """Stands in every movement's `rail`; never changed, as entries hold it."""

    def gives_such_ids(self, movement: Movement) -> bool:
        """Whether a movement of this kind may have this id, and be of a gift of that id. Called for each entry."""

    def tells_of_money(self, event_type: str) -> bool:
        """Whether stored notifications of this type are held against the ledger."""

    def moved(self, event_type: str, body: bytes) -> Sequence[Moved] | None:
        """What one of these tells of by its own words, maybe nothing; None where it does not say enough."""


Rails = Mapping[str, Rail]
