"""CloudFront's functions run here: in node, or where there is none in Chromium."""

import json
import shutil
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

NODE = shutil.which("node")
Handle = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


def runs(script: str, request: pytest.FixtureRequest, viewer: str = "203.0.113.7") -> Handle:
    """The script's `handler` as a function of requests, which come from `viewer`."""

    def written(requests: list[dict[str, Any]]) -> str:
        return f"{json.dumps(requests)}.map(request => handler({{request, viewer: {{ip: {json.dumps(viewer)}}}}}))"

    if NODE is None:
        page = request.getfixturevalue("browser").new_page()
        request.addfinalizer(page.close)
        return lambda requests: list(page.evaluate(f"(() => {{ {script}; return {written(requests)} }})()"))

    def in_node(requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
        program = f"{script}\nconsole.log(JSON.stringify({written(requests)}))"
        done = subprocess.run([NODE, "-e", program], capture_output=True, text=True, check=True)
        return list(json.loads(done.stdout))

    return in_node
