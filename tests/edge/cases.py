"""All cases of the gate at the edge."""

from collections.abc import Iterator

from tests.edge import pass_cases, request_cases, sealed_cases
from tests.edge.asking import Case


def every() -> Iterator[Case]:
    """All of them, in the order of the table."""
    for part in (pass_cases, sealed_cases, request_cases):
        yield from part.every()
