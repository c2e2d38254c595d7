"""The table of cases as JSON, for every host of the gate at the edge: `python -m tests.edge.table` writes it anew.

Whoever writes an adapter of their own can hold it against the table, too. What is opened is answered in the table as
the API answers it: the app of this process is asked.
"""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from localdev.ports import ROOT as TOP
from testkit.calls import event, invoke
from testkit.harness import Harness
from tests.edge.asking import Case
from tests.edge.cases import every
from tests.edge.material import ENVIRON, TOLD

PATH = TOP / "integrations" / "edge" / "cases.json"
SETTINGS = {
    "pass_keys": "SPILNO_PASS_KEYS",
    "seal_keys": "SPILNO_SEAL_KEYS",
    "issuer": "SPILNO_PUBLIC_URL",
    "audience": "SPILNO_SITE_ID",
}
Json = dict[str, Any]


def table() -> Json:
    """What every host is told, and the cases."""
    cases = list(every())
    twice = [name for name, times in Counter(case.name for case in cases).items() if times > 1]
    assert not twice, f"Cases of one name: {twice}"
    return {"told": TOLD, "cases": [_as_json(case) for case in cases]}


def text(made: Json) -> str:
    """The table, a case a line."""
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in made["cases"])
    return f'{{"told": {json.dumps(made["told"])}, "cases": [\n{lines}\n]}}\n'


def read(path: Path = PATH) -> Json:
    """The table as it lies there."""
    made: Json = json.loads(path.read_text(encoding="utf-8"))
    return made


def _as_json(case: Case) -> Json:
    asked = {
        "method": case.method,
        "path": case.path,
        "query": case.query,
        "headers": [list(one) for one in case.headers],
    }
    return {
        "name": case.name,
        "now": case.now,
        **({"told": dict(case.told)} if case.told else {}),
        "asked": {**asked, **({"body": case.body} if case.body else {})},
        "looks": case.looks,
        "answer": api_answer(asked, case.now, case.told) if case.opens else None,
    }


def api_answer(asked: Mapping[str, Any], now: int, told: Mapping[str, str] = {}) -> Json:
    """What the API answers to this at this moment, without a table: on a valid pass alone.

    :param told: settings other than the table's own, under the edge's names; another issuer is the local stack's.
    """
    others = {SETTINGS[name]: value for name, value in told.items()}
    harness = Harness(environ={**ENVIRON, **others, **({"SPILNO_STAGE": "local"} if "issuer" in told else {})})
    harness.clock.real = harness.clock.business = now
    headers = {name: value for name, value in asked["headers"] if name != "Content-Length"}
    sent = event(asked["method"], f"{asked['path']}?{asked['query']}", "", headers, "192.0.2.1")
    with harness.installed():
        reply = invoke(sent)
    assert not reply.set_cookies
    return {"status": reply.status, "headers": dict(sorted(reply.headers.items())), "body": reply.text}


if __name__ == "__main__":
    PATH.write_text(text(table()), encoding="utf-8")
