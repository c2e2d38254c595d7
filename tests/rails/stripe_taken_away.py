"""A pytest plugin: in this process there is no `chalicelib.rails`, and no package of Stripe's."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

GONE = ("chalicelib.rails", "stripe", "localdev.stripe")


class TakenAway(MetaPathFinder):
    """Refuses to find what is gone."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """See the standard library."""
        del path, target
        if any(fullname == name or fullname.startswith(f"{name}.") for name in GONE):
            raise ModuleNotFoundError(f"{fullname} was taken away", name=fullname)
        return None


assert not [name for name in sys.modules if name.startswith(GONE)], "too late: it is loaded already"
sys.meta_path.insert(0, TakenAway())
