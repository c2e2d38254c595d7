"""The proofs of faults listen to the log as the tests of observing do."""

from tests.observing.conftest import log_capture

__all__ = ["log_capture"]
