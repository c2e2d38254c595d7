"""A stand-in of each test's own, as the other tests of its pages have it."""

from tests.stand_in.conftest import fresh

__all__ = ["fresh"]
