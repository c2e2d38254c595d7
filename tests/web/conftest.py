"""The edge, on a till in memory. The fixture is that of `tests/actions`."""

from tests.actions.conftest import memory

__all__ = ["memory"]
