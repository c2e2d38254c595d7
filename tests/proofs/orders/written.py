"""What is written in a table, without what may differ between two runs that mean the same.

Left out: random names of supporters (their address stands instead), versions, the shard a sum was added to, lines of
history, leases, how often somebody asked, and the moment at which something was done. Receipts are numbered in the
order in which they are first told, so which of them has which number is left out, too. All else counts: ledger,
guards, sums, standing, look-ups, checkouts, the state of every event, every mail by its name and kind, how many
receipts a gift has, and which numbers were given.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.kernel.table import Item
from chalicelib.ledger.rows.sums import group_of

_PASSING = frozenset(
    {
        *("version", "due", "expires", "created_at", "paid_at", "sent_at", "given_at", "taken_until"),
        *("tries", "why", "faults", "outages", "outage_since", "body", "values"),
    }
)
_RECEIPT = "RECEIPT#"
_LISTED_WHILE_WAITING = frozenset({"gsi1pk", "gsi1sk"})
Sums = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Written:
    """The same for every table that says the same; `text` compares, the rest is for reading."""

    text: str

    @property
    def rows(self) -> list[list[Any]]:
        """(partition, sort key, attributes), in order."""
        return list(json.loads(self.text))

    def of(self, pk: str, sk: str = "") -> list[Any]:
        """The attributes of all rows whose keys start so."""
        return [rest for at_pk, at_sk, rest in self.rows if at_pk.startswith(pk) and at_sk.startswith(sk)]

    @property
    def mails(self) -> list[str]:
        """Names of all mails."""
        return [at_pk.removeprefix("MAIL#") for at_pk, _, _ in self.rows if at_pk.startswith("MAIL#")]

    @property
    def ledger(self) -> dict[str, tuple[int, str]]:
        """Every entry: the movement's name -> (signed minor units, currency)."""
        return {row["id"]: (row["amount"], row["currency"]) for row in self.of("SUP#", "MONEY#")}

    @property
    def waiting(self) -> list[str]:
        """Events that are not done."""
        found = [(at_pk, rest["status"]) for at_pk, _, rest in self.rows if at_pk.startswith("EVT#")]
        return [at_pk for at_pk, status in found if status in ("pending", "parked")]

    @property
    def sums(self) -> dict[str, dict[str, int]]:
        """All counters of all months by currency; what is zero is left out."""
        found: dict[str, dict[str, int]] = {}
        for pk, sk, counters in self.rows:
            if pk == "TOTALS":
                into = found.setdefault(sk.split("#")[1], {})
                for name, amount in counters.items():
                    into[name] = into.get(name, 0) + amount
        return {currency: {name: n for name, n in row.items() if n} for currency, row in found.items()}

    def without(self, *prefixes: str) -> "Written":
        """Less the rows of these partitions."""
        kept = [row for row in self.rows if not row[0].startswith(prefixes)]
        return Written(json.dumps(kept, sort_keys=True))


def written(rows: list[Item]) -> Written:
    """What these rows say."""
    sums: defaultdict[tuple[str, str], defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    said: list[list[Any]] = []
    for row in rows:
        pk, sk = str(row["pk"]), str(row["sk"])
        if sk.startswith("LOG#") or sk == "RATE":
            continue
        if group := group_of(row):
            scope, of, currency = group
            into = sums[
                ("TOTALS", f"{of}#{currency}") if scope == "month" else (f"CAMPAIGN#{of}", f"TOTAL#{currency}")
            ]
            for name in row.keys() - {"pk", "sk"}:
                into[name] += row[name]
            continue
        said.append([pk, sk, _lasting(pk, row)])
    said += [[pk, sk, dict(counters)] for (pk, sk), counters in sums.items()]
    names = {str(row["pk"])[4:]: f"<{row['email']}>" for row in rows if row["sk"] == "PROFILE"}
    numbered = {pk.removeprefix(_RECEIPT): row for row in rows if (pk := str(row["pk"])).startswith(_RECEIPT)}
    names |= {number: f"<receipt of {row['gift']}>" for number, row in numbered.items()}
    text = json.dumps(said, sort_keys=True)
    for name, instead in names.items():
        text = text.replace(name, instead)
    told = [*json.loads(text), ["RECEIPTS", "NUMBERS", {"given": sorted(numbered)}]]
    return Written(json.dumps(sorted(told, key=lambda row: row[:2]), sort_keys=True))


def _lasting(pk: str, row: Item) -> dict[str, Any]:
    if pk.startswith("EVT#"):
        # What came first was applied, what it left nothing to do for was ignored: either is done.
        return {"status": "done" if row["status"] in ("applied", "ignored") else row["status"]}
    passing = _PASSING | (_LISTED_WHILE_WAITING if pk.startswith("MAIL#") else frozenset())
    kept = {name: value for name, value in row.items() if name not in {"pk", "sk", *passing}}
    if "grants" in kept:
        kept["grants"] = sorted(kept["grants"], key=lambda grant: str(grant["id"]))
    return kept
