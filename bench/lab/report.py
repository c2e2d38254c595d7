"""The lab's tables: what each page asks for and weighs, beside its budget, and when what matters is there."""

from bench.lab.run import Visits
from bench.lab.scenes import Scene
from bench.lab.visit import SLOW_PHONE, SLOWER_CPU, Visit
from bench.sample import Sample, figure
from bench.tables import Table

_KB = 1024


def tables(visits: Visits) -> list[Table]:
    """Both of them."""
    return [_asked(visits), _times(visits)]


def failed(visits: Visits) -> list[str]:
    """Budgets that were exceeded in any visit: none of them depends on the machine."""
    return [
        f"{_name(scene)}: {said}"
        for scene, all_ in visits.items()
        for said in dict.fromkeys(said for one in all_ for said in scene.budget.exceeded(one))
    ]


def _asked(visits: Visits) -> Table:
    rows = []
    for scene, all_ in visits.items():
        one, budget = all_[0], scene.budget
        over = any(True for each in all_ for _ in budget.exceeded(each))
        rows.append(
            [
                _name(scene),
                f"{len(one.asked)}",
                f"{budget.requests}",
                f"{len(one.calls)}",
                f"{len(one.own_calls)}",
                f"{budget.own_calls}",
                f"{one.wire / _KB:.1f}",
                f"{budget.wire / _KB:g}",
                f"{one.plain / _KB:.1f}",
                "over" if over else "ok",
            ]
        )
    columns = (
        "page",
        "requests",
        "at most",
        "of the API",
        "uncacheable",
        "exactly",
        "KB",
        "at most",
        "unpacked",
        "",
    )
    note = (
        "Everything that the page asks for with an empty cache, the site's own style sheet and icon included. "
        "Uncacheable: calls of the API that no cache may answer for everybody. KB: over the wire with the answers' "
        "headers, text compressed as API Gateway and CloudFront do it; unpacked: the bodies."
    )
    return Table("What a page asks for", columns, rows, [note])


def _times(visits: Visits) -> Table:
    rows = []
    for scene, all_ in visits.items():
        there = Sample([_there(scene, one) / 1000 for one in all_])
        largest = Sample([one.largest / 1000 for one in all_])
        shifted = max(one.shifted for one in all_)
        rows.append(
            [
                _name(scene),
                scene.sees,
                figure(there.median),
                there.spread,
                figure(largest.median),
                figure(shifted) if shifted else "0",
            ]
        )
    columns = ("page", "until there", "s", "min..max", "LCP, s", "CLS")
    mbits = float(SLOW_PHONE["downloadThroughput"]) * 8 / 1e6
    note = (
        f"A phone 360 pixels wide whose processor is {SLOWER_CPU} times slower, {SLOW_PHONE['latency']} ms away, "
        f"{mbits:g} Mbit/s, empty cache. Button: can be seen and pressed; text: what is behind the wall can be "
        "read; heading: the page's own. Medians; of the shifts (CLS) the worst. The servers are on the same machine, "
        "without TLS: a first visit over the net adds two or three times the latency for each server."
    )
    return Table("When it is there, on a slow phone", columns, rows, [note], words=2)


def _name(scene: Scene) -> str:
    return f"{scene.name}, {scene.who}"


def _there(scene: Scene, one: Visit) -> float:
    """Milliseconds until what the scene waits for.

    :raises ValueError: it never came.
    """
    came = {"button": one.button, "text": one.text, "heading": one.heading}[scene.sees]
    if came is None:
        raise ValueError(f"{_name(scene)}: no {scene.sees} was seen.\n{one.told()}")
    return came
