"""What attackers try, against the app on a real engine. The fixtures are those of `tests/actions`."""

from tests.actions.conftest import till, world

__all__ = ["till", "world"]
