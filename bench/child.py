"""Runs in a fresh process of `.venv-bench`: imports one handler, hands it events, and says what that took.

    python -s child.py cold|warm|answers MODULE:NAME < {"events": [...], "count": 1000}

Before the clock starts, only what Lambda's own Python client has imported when it comes to a handler is there: json,
logging, traceback (awslambdaric/bootstrap.py). It is process time, all threads, user and system.
"""

import gc
import json
import logging  # noqa: F401 - see above
import sys
import time
import traceback  # noqa: F401 - the same
from importlib import import_module
from typing import Any

SETTLE = 50  # requests before the first that counts


class Context:
    """As much of Lambda's context as a framework may look at."""

    function_name = "bench"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:bench"
    aws_request_id = "00000000-0000-0000-0000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        """Enough."""
        return 29_000


def without_bytecode() -> None:
    """Compile everything but the standard library anew, as where a package ships no bytecode and cannot write any."""
    external: Any = import_module("importlib._bootstrap_external")
    library, cached = (
        (import_module("os").__file__ or "").rpartition("/")[0],
        external.cache_from_source,
    )

    def nowhere(path: str, *rest: Any, **more: Any) -> Any:
        if path.startswith(f"{library}/") and "site-packages" not in path:
            return cached(path, *rest, **more)
        raise NotImplementedError  # Python's own word for "no cache here": the loader catches it and compiles

    external.cache_from_source = nowhere


def cold(name: str, event: dict[str, Any]) -> dict[str, Any]:
    """Import and first answer: CPU in milliseconds, modules, peak memory in KB."""
    module, _, attribute = name.partition(":")
    context, before = Context(), set(sys.modules)
    began = time.process_time_ns()
    answer = getattr(import_module(module), attribute)(event, context)
    spent = time.process_time_ns() - began
    loaded = sorted(set(sys.modules) - before)
    return {"cpu_ms": spent / 1e6, "modules": loaded, "memory_kb": _memory(), "status": answer["statusCode"]}


def warm(name: str, events: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """p50 and p99 of each event's CPU, in microseconds, over `count` requests."""
    module, _, attribute = name.partition(":")
    handler, context = getattr(import_module(module), attribute), Context()
    told = []
    for event in events:
        text, spent = json.dumps(event), []
        for number in range(SETTLE + count):
            fresh = json.loads(text)
            began = time.process_time_ns()
            answer = handler(fresh, context)
            if number >= SETTLE:
                spent.append(time.process_time_ns() - began)
        spent.sort()
        told.append(
            {"p50": spent[count // 2] / 1e3, "p99": spent[count * 99 // 100] / 1e3, "status": answer["statusCode"]}
        )
        gc.collect()
    return told


def answers(name: str, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What it answers."""
    module, _, attribute = name.partition(":")
    handler = getattr(import_module(module), attribute)
    return [handler(event, Context()) for event in events]


def _memory() -> int:
    """Peak memory of this process since it was started; getrusage would also tell its parent's."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - pathlib would be loaded, too
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    except OSError:
        from resource import RUSAGE_SELF, getrusage

        return getrusage(RUSAGE_SELF).ru_maxrss


def main() -> None:
    """See the top."""
    how, name = sys.argv[1:3]
    asked = json.load(sys.stdin)
    if how == "cold-uncompiled":
        without_bytecode()
    if how == "warm":
        result: Any = warm(name, asked["events"], asked["count"])
    elif how == "answers":
        result = answers(name, asked["events"])
    elif name == "nothing":
        result = {"cpu_ms": 0, "modules": [], "memory_kb": _memory(), "status": 0}
    else:
        result = cold(name, asked["events"][0])
    # Frameworks and our logger write to stdout, too: the last line is ours.
    sys.stdout.write(f"\n{json.dumps(result)}\n")


if __name__ == "__main__":
    main()
