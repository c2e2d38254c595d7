"""A refusal to change a recurring gift says how the gift is now, so that whoever asked need not ask once more."""

from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib.changing.actions.own_gift import read_gift
from chalicelib.changing.views.gift_json import gift_json
from chalicelib.http.call import Call
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import SupporterId


@contextmanager
def with_the_gift(call: Call, supporter: SupporterId) -> Iterator[None]:
    """Give every conflict about the gift of the path a member `gift`; a page shows the gift anyway.

    :raises Conflict: the same, with the gift as it is stored now.
    """
    try:
        yield
    except Conflict as refused:
        if call.is_form:
            raise
        gift = read_gift(call.wiring, supporter, call.params["gift"])
        now = {"gift": gift_json(gift, call.wiring.newsroom)}
        raise Conflict(refused.title, code=refused.code, **{**refused.details, **now}) from None
