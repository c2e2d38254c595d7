"""For which recurring gift a supporter went to enter a new card, of each customer at the provider.

The provider's page changes the customer, and tells of that without saying for which gift it was. The row says it for
a day; a later wish for another gift of the same customer takes its place.
"""

from chalicelib.kernel import keys
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import RealTime
from chalicelib.kernel.table import Put, Table

_KEPT = 86_400


def asked(supporter: SupporterId, customer: str, gift: str, now: RealTime) -> Put:
    """The change that notes the wish."""
    pk, sk = keys.new_card(supporter, customer)
    return Put({"pk": pk, "sk": sk, "gift": gift, "expires": now + _KEPT})


def asked_for(table: Table, supporter: SupporterId, customer: str, now: RealTime) -> str | None:
    """The gift for which a new card of this customer was last asked for within a day; None if for none."""
    item = table.get(keys.new_card(supporter, customer))
    return str(item["gift"]) if item and item["expires"] > now else None
