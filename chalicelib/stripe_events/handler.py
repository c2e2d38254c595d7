"""What a handler of one kind of event is: who it is about, and what it tells.

Two steps, because the supporter's state is read between them: a worker must read the state's version *before* it asks
Stripe how things stand, or it could overwrite newer news with older (decision 0005).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.booking import Facts
from chalicelib.ports import Stripe

# Our own mark and notes on Stripe's objects
MARK = "spilno"
SUPPORTER = "supporter"
LANGUAGE = "language"
CAMPAIGN = "campaign"
SOURCE = "source"
INTERVAL = "interval"


@dataclass(frozen=True)
class Who:
    """Whom an event is about, as far as its snapshot says: what never changes may be taken from there.

    `supporter` is only set by ourselves, when a session proved who started the checkout.
    """

    metadata: Mapping[str, str]
    customer: str | None = None
    email: str | None = None

    @property
    def supporter(self) -> str | None:
        """The proven supporter who started it."""
        return self.metadata.get(SUPPORTER)


@dataclass(frozen=True)
class Handler:
    """`who` reads the snapshot (asking Stripe only for what is not in it), `facts` fetches everything anew.

    Either may answer None: the event is not about a gift.
    """

    who: Callable[[Mapping[str, Any], Stripe], Who | None]
    facts: Callable[[Mapping[str, Any], Stripe], Facts | None]
