"""CloudFront's view of a request, and its functions in node and njs with a store and a clock of the case's own."""

import json
import tempfile
from pathlib import Path
from typing import Any

from tests.edge.hosts import output, program
from tests.edge.table import Json

IMPORT = "import cf from 'cloudfront';\n"
_RUNNER = (Path(__file__).parent / "run_handler.js").read_text(encoding="utf-8")
_SAY = """
handled(JSON.parse(require('fs').readFileSync('WORK', 'utf8')), function (one) { console.log(JSON.stringify(one)); });
"""


def event(asked: Json, prefix: str = "") -> Json:
    """The event of a viewer's request: names and values as they were sent, several of one name in `multiValue`.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
    """
    lines = [value for name, value in asked["headers"] if name == "Cookie"]
    crumbs = [crumb.strip() for line in lines for crumb in line.split(";") if crumb.strip()]
    request = {
        "method": asked["method"],
        "uri": prefix + asked["path"],
        "querystring": _shown([_pair(part) for part in asked["query"].split("&") if part]),
        "headers": _shown([(name.lower(), value) for name, value in asked["headers"] if name != "Cookie"]),
        "cookies": _shown([_pair(crumb) for crumb in crumbs]),
    }
    return {"version": "1.0", "viewer": {"ip": "203.0.113.7"}, "request": request}


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


def _shown(pairs: list[tuple[str, str]]) -> Json:
    shown: Json = {}
    for name, value in pairs:
        if name not in shown:
            shown[name] = {"value": value}
        else:
            several = shown[name].setdefault("multiValue", [{"value": shown[name]["value"]}])
            several.append({"value": value})
    return shown


def work(table: Json, prefix: str = "") -> list[Json]:
    """The table's cases as events, each with the store and the time of its own."""
    return [
        {
            "now": case["now"],
            "store": {**table["told"], **case.get("told", {})},
            "event": event(case["asked"], prefix),
        }
        for case in table["cases"]
    ]


def in_node(script: str, events: list[Json]) -> list[Json]:
    """What the function does in node, without a compiler."""
    return _ran([program("node"), "--jitless"], script, events)


def in_njs(script: str, events: list[Json]) -> list[Json]:
    """What it does in njs."""
    return _ran([program("njs")], script, events)


def _ran(command: list[str], script: str, events: list[Json]) -> list[Any]:
    assert script.count(IMPORT) == 1, "CloudFront wants its module imported."
    with tempfile.TemporaryDirectory(prefix="edge-") as made:
        folder = Path(made)
        (folder / "work.json").write_text(json.dumps(events), encoding="utf-8")
        say = _SAY.replace("WORK", str(folder / "work.json"))
        (folder / "script.js").write_text(f"{_RUNNER}\n{script.replace(IMPORT, '')}\n{say}", encoding="utf-8")
        return [json.loads(line) for line in output([*command, str(folder / "script.js")]).splitlines()]


def answered(one: Json) -> Json | None:
    """What was opened, as the table writes it; None where the request goes on."""
    answer = one["answer"]
    if "statusCode" not in answer:
        return None
    headers = {name: said["value"] for name, said in sorted(answer["headers"].items())}
    assert list(answer["headers"]) == [name.lower() for name in answer["headers"]]
    return {"status": answer["statusCode"], "headers": headers, "body": answer["body"]}
