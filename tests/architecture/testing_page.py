"""The examples of docs/testing.md, to be run as they stand there."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "testing.md"


def example(name: str) -> Callable[..., Any]:
    """The test function of this name, made from the page's block that defines it."""
    text = PAGE.read_text("utf-8")
    blocks = re.finditer(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    (block,) = (block for block in blocks if f"def {name}(" in block.group())
    above = "\n" * text.count("\n", 0, block.start(1))  # so that a failure names the page's own line
    made: dict[str, Any] = {}
    exec(compile(above + block.group(1), str(PAGE), "exec"), made)  # noqa: S102 - our own page
    found: Callable[..., Any] = made[name]
    return found
