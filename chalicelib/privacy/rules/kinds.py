"""What is said of each attribute of each kind of row: what it is, whether it is handed over, and whether it stays.

The export, the erasure, docs/personal-data.md and the tests all follow these descriptions. A row whose kind has none
is no row of ours: erasing stops there, so that nobody is told that all is gone.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

# Part of every row, and of none in particular: where it stands, where it is listed, when the table may drop it.
EVERYWHERE = frozenset({"pk", "sk", "gsi1pk", "gsi1sk", "expires"})
_LISTING = ("gsi1pk", "gsi1sk")


@dataclass(frozen=True)
class Attribute:
    """One attribute of a kind of row, or several that belong together (`names`).

    `what`: in words, for whoever reads the export. `withheld`: why it is not handed over; empty: it is. `ground`: why
    it stays after an erasure; empty: it goes. `reduced`: it stays, less everything that leads to a person.
    """

    names: tuple[str, ...]
    what: str
    withheld: str = ""
    ground: str = ""
    reduced: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of row, known by how its keys begin (`pk` and `sk`; a key that ends in `#` or a digit has more to it).

    `nobodys`: why it is about no person, so that nothing of it is handed over or erased; empty: it is about one.
    `listed`: it stays listed in the index after an erasure. `open`: it may hold attributes that are not named here;
    they go, and are handed over. `stays_where`: only rows with this value of this attribute stay at all. `has`: the
    attribute that tells it from another kind whose keys look alike.
    """

    name: str
    pk: str
    sk: str
    attributes: tuple[Attribute, ...] = ()
    nobodys: str = ""
    listed: bool = False
    open: bool = False
    stays_where: tuple[str, str] | None = None
    has: str = ""
    _pattern: tuple[re.Pattern[str], re.Pattern[str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make the patterns of its keys."""
        object.__setattr__(self, "_pattern", (re.compile(self.pk), re.compile(self.sk)))

    def holds(self, item: Mapping[str, Any]) -> bool:
        """Whether a row is of this kind."""
        return self.may_stand_at(str(item["pk"]), str(item["sk"])) and (not self.has or self.has in item)

    def may_stand_at(self, pk: str, sk: str) -> bool:
        """Whether a row with such keys may be of this kind."""
        of_pk, of_sk = self._pattern
        return bool(of_pk.fullmatch(pk) and of_sk.fullmatch(sk))

    @property
    def by_name(self) -> Mapping[str, Attribute]:
        """Its attributes, by each of their names."""
        return {name: one for one in self.attributes for name in one.names}

    def unsaid(self, item: Mapping[str, Any]) -> set[str]:
        """The attributes of a row of which nothing is said."""
        return set() if self.open else set(item) - EVERYWHERE - set(self.by_name)

    def stays(self, item: Mapping[str, Any]) -> set[str]:
        """The attributes of a row that stay after an erasure; empty: the whole row goes."""
        kept = {name for name in item if name in self.by_name and self.by_name[name].ground}
        if not kept or (self.stays_where and item.get(self.stays_where[0]) != self.stays_where[1]):
            return set()
        return kept | {name for name in item if name in EVERYWHERE and (self.listed or name not in _LISTING)}

    def handed_over(self, item: Mapping[str, Any]) -> Iterator[str]:
        """The attributes of a row that are handed over, in the order in which they are described."""
        said = self.by_name
        yield from (name for name in said if name in item and not said[name].withheld)
        if self.open:
            yield from sorted(set(item) - EVERYWHERE - set(said))

    @property
    def reduced(self) -> tuple[str, ...]:
        """The attributes of which a part stays."""
        return tuple(name for name, one in self.by_name.items() if one.reduced)


class KindUnknown(ValueError):
    """A row about a person is of no kind that is described: nobody knows whether it may go."""


def on(names: str, what: str, *, withheld: str = "", ground: str = "", reduced: bool = False) -> Attribute:
    """An attribute, or several by their names with a space between."""
    return Attribute(tuple(names.split()), what, withheld, ground, reduced)
