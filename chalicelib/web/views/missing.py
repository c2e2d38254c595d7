"""An address at which nothing is."""

from chalicelib.domain.errors import NotFound
from chalicelib.web.http import Answer, Call


def show(_call: Call) -> Answer:
    """Any address that is no route of ours.

    :raises NotFound: always; the edge says it, to a person as a page.
    """
    raise NotFound("There is nothing at this address.")
