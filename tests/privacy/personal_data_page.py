"""docs/personal-data.md, from the descriptions that the export and the erasure follow: python -m <this module>."""

from chalicelib.privacy.rules.kinds import Attribute, Kind
from chalicelib.privacy.rules.of_nobody import OF_NOBODY
from chalicelib.privacy.rules.of_people import OF_PEOPLE

_HEAD = (
    "# What we hold about a person\n\n"
    "Every kind of row that is about somebody, with every attribute: whether the [export](privacy.md) hands it over, "
    "and what an erasure leaves of it. This page is made from `chalicelib/privacy/rules`, which both of them follow; "
    "a test fails for whatever is missing. Where rows stand and what the attributes hold: "
    "[data-model.md](data-model.md).\n\n"
    "**Goes** means that it is deleted. **Stays** always says on which ground "
    "([decision 0072](decisions/0072-what-stays-of-an-erased-supporter.md)).\n"
)
_COLUMNS = "| attribute | is | handed over | after an erasure |\n|---|---|---|---|"


def page() -> str:
    """The whole page."""
    people = "\n".join(map(_of_people, OF_PEOPLE))
    nobody = "\n".join(f"| {kind.name} | {kind.nobodys} |" for kind in OF_NOBODY)
    return f"{_HEAD}\n{people}\n## About no person\n\n| row | why |\n|---|---|\n{nobody}\n"


def _of_people(kind: Kind) -> str:
    rows = "\n".join(map(_row, kind.attributes))
    only = ""
    if kind.stays_where:
        only = "\nStays only where `{}` is `{}`; all others go.\n".format(*kind.stays_where)
    more = "\nWhatever else it may hold is handed over, and goes.\n" if kind.open else ""
    name = f"{kind.name[0].upper()}{kind.name[1:]}"
    return f"## {name}\n{only}{more}\n{_COLUMNS}\n{rows}\n"


def _row(one: Attribute) -> str:
    names = ", ".join(f"`{name}`" for name in one.names)
    handed = f"no: {one.withheld}" if one.withheld else "yes"
    stays = "stays, less what leads to the person" if one.reduced else "stays"
    left = f"{stays}: {one.ground}" if one.ground else "goes"
    return f"| {names} | {one.what} | {handed} | {left} |"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - that is what it is for
