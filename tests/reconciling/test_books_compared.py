"""Two books are held against each other: what nearly agrees agrees, and nobody is asked about what is listed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from chalicelib.booking.rail import Line, LineStatus, Notification
from chalicelib.ledger.rules.movements import Kind
from chalicelib.reconciling.run import BadLine, Currency
from tests.rails.test_made_up_rail import ADA, DAY, NOW, Village
from tests.rails.village_bank import LineNotification, Row, VillageStatement, id_of, row


@dataclass
class OddStatement(VillageStatement):
    """A statement that reads its lines in another way, answers late or wrongly, and notes what it is asked."""

    reading: Callable[[Line], Line] = lambda line: line
    unlisted: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    broken: bool = False
    instead: Row | None = None  # what is booked for any line

    def lines(self, since: int, until: int) -> Iterator[Row]:
        """Without the unlisted."""
        return (one for one in super().lines(since, until) if id_of(one) not in self.unlisted)

    def read(self, raw: Row) -> Line | None:
        """In another way."""
        line = super().read(raw)
        return line and self.reading(line)

    def notification(self, line: Line) -> Notification:
        """Maybe of something else."""
        return LineNotification(self.instead, self.deps) if self.instead else super().notification(line)

    def look_for(self, movement: str, kind: Kind, occurred_at: int) -> LineStatus:
        """Noted."""
        self.asked.append(movement)
        if self.broken:
            raise ValueError("The bank says what nobody understands.")
        return super().look_for(movement, kind, occurred_at)


def odd(village: Village) -> OddStatement:
    """The village's statement from now on."""
    made = OddStatement(village.deps, village.statement.rows)
    village.statement = made
    return made


GIFT = row(NOW - 9 * DAY, 2500, ADA)


def test_a_booking_within_the_rate_of_exchange_agrees_to_the_cent() -> None:
    village = Village()
    village.reconciles(GIFT)
    statement = odd(village)
    statement.reading = lambda line: replace(line, amount=line.amount + 3, within=5)
    tally = village.reconciles()
    assert tally.differences == []
    assert tally.currencies == {"eur": Currency(provider=2500, ledger=2500)}
    statement.reading = lambda line: replace(line, amount=line.amount + 6, within=5)
    tally = village.reconciles()
    assert tally.differences == [id_of(GIFT)]
    assert tally.currencies["eur"].unexplained == 6


def test_the_bank_is_asked_only_about_what_is_not_listed_and_not_older() -> None:
    village = Village()
    older, late = row(NOW - 34 * DAY, 500, ADA), row(NOW - 2 * DAY, 700, ADA)
    village.reconciles(GIFT, older, late)
    statement = odd(village)
    statement.unlisted = {id_of(late)}
    assert village.reconciles().differences == []
    assert statement.asked == [id_of(late)], "its line may only be late"
    statement.asked.clear()
    statement.unlisted = {id_of(late), id_of(older)}
    village.now += 2 * DAY
    assert village.reconciles().differences == []
    assert statement.asked == [], "the bank has said that the one is there, the other one is from before the window"


def test_an_entry_that_the_bank_cannot_be_asked_about_is_named() -> None:
    village = Village()
    village.reconciles(GIFT)
    statement = odd(village)
    statement.unlisted, statement.broken = {id_of(GIFT)}, True
    tally = village.reconciles()
    assert (tally.faults, tally.bad_lines) == (1, [BadLine(id_of(GIFT), "ValueError")])


def test_a_line_that_was_applied_and_is_not_in_the_books_is_a_difference_and_no_strangers() -> None:
    village = Village()
    statement = odd(village)
    statement.instead = row(NOW - 9 * DAY, 2500, ADA, words="another one")
    tally = village.reconciles(GIFT)
    assert id_of(GIFT) in tally.differences
    assert statement.foreign == []
    assert tally.applied == 0
