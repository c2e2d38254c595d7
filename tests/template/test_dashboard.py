"""The dashboard is readable by CloudWatch, and draws what exists."""

import json
from typing import Any

import pytest

from infra.template.permissions import FUNCTIONS
from tests.template.conftest import finished
from tests.template.resolve import GIVEN, Stack
from tests.template.test_alarms import OF_AWS, of_the_code


@pytest.fixture
def widgets() -> list[dict[str, Any]]:
    """Its widgets, with everything filled in."""
    body = json.loads(Stack(finished("prod"), **GIVEN).properties("Dashboard")["DashboardBody"])
    return list(body["widgets"])


def test_every_figure_drawn_is_written_by_somebody(widgets: list[dict[str, Any]]) -> None:
    known = of_the_code() | OF_AWS
    drawn = 0
    for metric in (metric for widget in widgets for metric in widget["properties"].get("metrics", [])):
        names = [part for part in metric[2:] if isinstance(part, str)]
        assert (metric[0], metric[1], tuple(sorted(names[::2]))) in known
        assert metric[-1]["label"]
        drawn += 1
    assert drawn > 15


def test_nothing_overlaps_and_nothing_stands_out(widgets: list[dict[str, Any]]) -> None:
    taken: set[tuple[int, int]] = set()
    for widget in widgets:
        cells = {
            (x, y)
            for x in range(widget["x"], widget["x"] + widget["width"])
            for y in range(widget["y"], widget["y"] + widget["height"])
        }
        assert not cells & taken
        assert all(x < 24 for x, _ in cells)
        taken |= cells


def test_it_draws_this_region_and_names_the_functions(widgets: list[dict[str, Any]]) -> None:
    graphs = [widget for widget in widgets if widget["type"] == "metric"]
    assert {graph["properties"]["region"] for graph in graphs} == {"eu-central-1"}
    text = json.dumps(widgets)
    assert "ref-of-APIHandler" in text
    # The alarm on functions says that the dashboard shows which of them it was: every one is there.
    (broke_off,) = (graph for graph in graphs if graph["properties"]["title"] == "Functions that broke off")
    drawn = {line[-1]["label"] for line in broke_off["properties"]["metrics"]}
    assert drawn == set(FUNCTIONS)
    assert "${" not in text
