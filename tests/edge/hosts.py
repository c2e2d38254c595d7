"""Where the core runs in a test: node without a compiler, in a context of its own; njs, CloudFront's nearest kin."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

from integrations.edge.build import HERE as EDGE
from tests.edge.table import Json

CORE = (EDGE / "parts" / "core.js").read_text(encoding="utf-8")
_RUNNER = (Path(__file__).parent / "run_table.js").read_text(encoding="utf-8")
# --jitless: no machine code is made, as at the edge. What a function there may use is all that the context holds.
_IN_NODE = """
const vm = require('vm');
const { sources, table } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const all = sources.map((source) => {
    const context = vm.createContext({ require, Buffer, table });
    vm.runInContext(source, context);
    return vm.runInContext('JSON.stringify(ran(table))', context);
});
console.log('[' + all.join(',') + ']');
"""
# njs prints two thousand characters of a text, so it prints a line a case.
_IN_NJS = """
ran(JSON.parse(require('fs').readFileSync('TABLE', 'utf8'))).forEach(function (one) {
    console.log(JSON.stringify(one));
});
"""


def program(name: str) -> str:
    """Where it is installed; else the test is skipped."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed here")
    return path


def in_node(sources: list[str], table: Json) -> list[list[Json]]:
    """What each source of the core does with each case."""
    work = json.dumps({"sources": [f"{source}\n{_RUNNER}" for source in sources], "table": table})
    return list(json.loads(output([program("node"), "--jitless", "-e", _IN_NODE], work)))


def in_njs(source: str, table: Json) -> list[Json]:
    """What this source of the core does with each case."""
    njs = program("njs")
    with tempfile.TemporaryDirectory(prefix="edge-") as made:
        folder = Path(made)
        (folder / "table.json").write_text(json.dumps(table), encoding="utf-8")
        script = f"{source}\n{_RUNNER}\n{_IN_NJS.replace('TABLE', str(folder / 'table.json'))}"
        (folder / "script.js").write_text(script, encoding="utf-8")
        return [json.loads(line) for line in output([njs, str(folder / "script.js")]).splitlines()]


def output(command: list[str], given: str = "") -> str:
    """What a program prints; it must end well."""
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr + done.stdout[-2000:]
    return done.stdout


def differing(table: Json, done: list[Any]) -> list[str]:
    """The cases in which a host did anything else than the table says."""
    assert len(done) == len(table["cases"])
    return [
        case["name"]
        for case, one in zip(table["cases"], done, strict=True)
        if (one["looks"], opened(one["answer"])) != (case["looks"], case["answer"])
    ]


def opened(answer: Json | None) -> Json | None:
    """An answer as the table writes it: header names in lower case."""
    if answer is None:
        return None
    return {**answer, "headers": dict(sorted((name.lower(), value) for name, value in answer["headers"].items()))}
