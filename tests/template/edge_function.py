"""CloudFront's functions run here: in node, or where there is none in Chromium. Their KeyValueStore is empty."""

import json
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

NODE = shutil.which("node")
Handle = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
_IMPORT = "import cf from 'cloudfront';\n"
_STORE = "const cf = {kvs: () => ({get: async () => { throw new Error('KeyNotFound'); }})};"


def runs(script: str, request: pytest.FixtureRequest, viewer: str = "203.0.113.7") -> Handle:
    """The script's `handler` as a function of requests, which come from `viewer`."""
    ours = f"{_STORE}\n{script.replace(_IMPORT, '')}"

    def written(requests: list[dict[str, Any]]) -> str:
        events = f"{json.dumps(requests)}.map(request => ({{request, viewer: {{ip: {json.dumps(viewer)}}}}}))"
        return f"Promise.all({events}.map(handler))"

    if NODE is None:
        page = request.getfixturevalue("browser").new_page()
        request.addfinalizer(page.close)
        beside = "const require = () => ({});"  # a browser has no modules; nothing here gets as far as to hash
        return lambda requests: list(page.evaluate(f"(() => {{ {beside} {ours}; return {written(requests)} }})()"))

    def in_node(requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
        program = f"{ours}\n{written(requests)}.then(answers => console.log(JSON.stringify(answers)))"
        done = subprocess.run([NODE, "-e", program], capture_output=True, text=True, check=True)
        return list(json.loads(done.stdout))

    return in_node
