"""What is measured at the edge is what its name says: two calls that open, two that are handed on."""

import shutil

import pytest

from bench import edge, speed_report
from bench.sample import Sample
from bench.speed import Speed
from bench.tables import plain


@pytest.mark.parametrize("name", list(edge.asked()))
@pytest.mark.parametrize("host", ["node", "njs"])
def test_each_call_does_what_it_is_called(host: str, name: str) -> None:
    path = shutil.which(host)
    if path is None:
        pytest.skip(f"{host} is not installed here")
    opens = "opened" in name
    assert edge.spent([path], edge.asked()[name], opens=opens, times=3) > 0
    with pytest.raises(RuntimeError, match="did not open"):
        edge.spent([path], edge.asked()[name], opens=not opens, times=3)


def test_the_table_shows_each_host_and_the_target_looks_at_njs() -> None:
    told = {"njs": {name: Sample([77.0, 80.0, 81.0]) for name in edge.asked()}}
    shown = plain([edge.table(told)])
    assert "njs" in shown
    assert shown.count("80.0") == len(edge.asked())
    (target,) = (one for one in speed_report.TARGETS if "edge" in one.name)
    assert target.verdict(Speed(edge=told)) == "ok"
    assert target.verdict(Speed(edge={"njs": {edge.GATE: Sample([101.0])}})) == "over"
    assert target.verdict(Speed()) == "not measured"
