"""An address at which nothing is."""

from chalicelib.http.call import Answer, Call
from chalicelib.kernel.errors import NotFound


def show(_call: Call) -> Answer:
    """Any address that is no route of ours.

    :raises NotFound: always; the edge says it, to a person as a page.
    """
    raise NotFound("There is nothing at this address.")
