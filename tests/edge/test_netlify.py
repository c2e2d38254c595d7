"""The gate as an edge function of Netlify's: the same Request and Response in node, and its environment."""

import json
import tempfile
from pathlib import Path

from integrations.edge.build import HERE
from tests.edge import table
from tests.edge.hosts import output, program

_RUN = """
import { readFileSync } from 'node:fs';
const { told: stated, cases } = JSON.parse(readFileSync('CASES', 'utf8'));
let now = 0, beside = {};
Date.now = () => now * 1000;
const env = (name) => ({ ...stated, ...beside })[name.slice('SPILNO_'.length).toLowerCase()];
globalThis.Netlify = { env: { get: env } };
const { default: answer } = await import('./netlify.mjs');
for (const one of cases) {
    now = one.now;
    beside = one.told ?? {};
    const { method, path, query, headers, body } = one.asked;
    const sent = new Headers();
    for (const [name, value] of headers) sent.append(name, value);
    const carried = method === 'GET' ? undefined : body;
    const url = 'https://news.example/support' + path + (query ? '?' + query : '');
    const given = await answer(new Request(url, { method, headers: sent, body: carried }));
    if (!given) {
        console.log('null');
        continue;
    }
    const told = { status: given.status, headers: Object.fromEntries(given.headers) };
    console.log(JSON.stringify({ ...told, body: await given.text() }));
}
"""


def test_it_does_what_the_table_says() -> None:
    node, cases = program("node"), table.read()
    # Its own address needs a prefix, which is the issuer's.
    cases["cases"] = [case for case in cases["cases"] if "issuer" not in case.get("told", {})]
    with tempfile.TemporaryDirectory(prefix="edge-") as made:
        folder = Path(made)
        (folder / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
        (folder / "netlify.mjs").write_text((HERE / "netlify.js").read_text(encoding="utf-8"), encoding="utf-8")
        (folder / "run.mjs").write_text(_RUN.replace("CASES", str(folder / "cases.json")), encoding="utf-8")
        done = [json.loads(line) for line in output([node, str(folder / "run.mjs")]).splitlines()]
    assert len(done) == len(cases["cases"])
    assert not [case["name"] for case, one in zip(cases["cases"], done, strict=True) if one != case["answer"]]
