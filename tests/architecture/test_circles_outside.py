"""No two files import each other, directly or round about, in what stands around `chalicelib`."""

from tests.architecture.circles import circles, graph, sources

OUTSIDE = ("localdev", "ops", "bench", "infra", "testkit")


def test_no_circle_is_left_outside_chalicelib() -> None:
    """Lazy imports and those for types only count; the finder's own control is `test_circle_finder.py`."""
    modules = sources(*OUTSIDE)
    assert {name.partition(".")[0] for name in modules} == set(OUTSIDE)
    assert circles(graph(modules)) == []


def test_a_circle_among_these_files_is_noticed() -> None:
    """The negative control of the test above: the lowest of the stand-in's files reaches back to the highest."""
    modules = sources(*OUTSIDE)
    modules["localdev.stripe.store"] += "\ndef f():\n    from localdev.stripe.account import Account\n"
    [found] = circles(graph(modules))
    assert {"localdev.stripe.account", "localdev.stripe.deliveries", "localdev.stripe.store"} <= set(found)
