"""No two files of `chalicelib` import each other, directly or round about."""

import pytest

from tests.architecture.circles import circles, graph, sources


def test_no_circle_is_left() -> None:
    """Lazy imports and those for types only count; the finder's own control is `test_circle_finder.py`."""
    modules = sources("chalicelib")
    assert "chalicelib.http.endpoint" in modules
    assert circles(graph(modules)) == [], "One of these must not know the other: move what both need, or pass it in."


@pytest.mark.parametrize(
    ("module", "more", "found"),
    [
        ("observing.log_context", "def f():\n    from chalicelib.observing import log", {"log_context", "log"}),
        ("http.problems", "def f():\n    from chalicelib.http.endpoint import handle", {"problems", "endpoint"}),
        ("wiring", "if TYPE_CHECKING:\n    from chalicelib.http.call import Call", {"wiring", "call"}),
    ],
)
def test_a_circle_is_noticed(module: str, more: str, found: set[str]) -> None:
    """The negative control of the test above: what was there once, and a new one."""
    modules = sources("chalicelib")
    modules[f"chalicelib.{module}"] += f"\n{more}\n"
    [group] = circles(graph(modules))
    assert found <= {name.rpartition(".")[2] for name in group}
