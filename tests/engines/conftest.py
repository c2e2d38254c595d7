"""Proofs whose outcome depends on the engine. The till is that of `tests/actions`, on the chosen one."""

from tests.actions.conftest import harness

__all__ = ["harness"]
