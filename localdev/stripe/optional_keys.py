"""Which keys of Stripe's objects may be absent, as the types in Stripe's Node package say.

They tell apart what the Python package's types fold into Optional: a key that is always there and may be null, one
that may be left out and is never null, and one that may be either. `optional_keys.json` lists the last two, for the
kinds of objects that the stand-in sends; `optional-keys.mjs` writes it.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

Presence = Literal["absent", "absent or null"]
TABLE = Path(__file__).with_name("optional_keys.json")


def optional_keys(kind: str, path: str) -> Mapping[str, Presence]:
    """The keys that may be absent from an object of this kind, or from what stands at `path` within it.

    `path` names the class as Stripe's packages do, such as `BillingMode.Flexible`. A key that is not in the answer is
    always there.

    :raises ValueError: the table does not have this kind yet.
    """
    found = _table().get(kind)
    if found is None:
        raise ValueError(
            f"optional_keys.json does not say which keys of '{kind}' may be absent. Add it: make .stripe-node/.ready "
            f"&& node localdev/stripe/optional-keys.mjs .stripe-node localdev/stripe/optional_keys.json {kind}"
        )
    return found.get(path, {})


def kinds() -> frozenset[str]:
    """The kinds of objects that the stand-in sends, by Stripe's names: `payment_intent`, `subscription`."""
    return frozenset(_table())


@cache
def _table() -> dict[str, dict[str, dict[str, Presence]]]:
    found: dict[str, dict[str, dict[str, Presence]]] = json.loads(TABLE.read_text("utf-8"))
    return found
