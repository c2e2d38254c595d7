"""The answer at addresses that are no route."""

from chalicelib.http.call import Answer, Call
from chalicelib.kernel.errors import NotFound


def show(_call: Call) -> Answer:
    """Refuse a call to an address that is no route.

    :raises NotFound: always; the edge answers with it, for a person with a page.
    """
    raise NotFound("There is nothing at this address.")
