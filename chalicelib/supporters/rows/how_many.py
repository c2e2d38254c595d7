"""The one row that says how many people support the newsroom: counted once a day, read by the donation page."""

from chalicelib.kernel import keys
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Put, Table, TableUnavailable
from chalicelib.supporters.rules.givers import HowMany

_REMEMBERED = 60  # seconds, in each process


def write(table: Table, found: HowMany) -> None:
    """Write a count in the place of the last one."""
    pk, sk = keys.how_many()
    table.write(Put({"pk": pk, "sk": sk, **vars(found)}))


def read(table: Table) -> HowMany | None:
    """The last count; None if nobody has counted yet."""
    item = table.get(keys.how_many(), hurried=True)  # no page needs it
    return HowMany(*(item[name] for name in HowMany.__dataclass_fields__)) if item else None


class Remembered:
    """The last count, read at most once a minute."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._read_at: RealTime | None = None
        self._found: HowMany | None = None

    def read(self, now: RealTime) -> HowMany | None:
        """The count; None if there is none, or the table does not answer: a page does not fail for want of it."""
        if self._read_at is None or not 0 <= now - self._read_at < _REMEMBERED:
            self._read_at = now
            try:
                self._found = read(self._table)
            except TableUnavailable:
                self._found = None
        return self._found
