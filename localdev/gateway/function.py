"""One function process: reads events as lines of JSON, calls the app, writes answers as lines of JSON.

Run by the pool: python -m localdev.gateway.function MODULE:ATTRIBUTE
"""

import importlib
import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

from localdev.gateway.context import LambdaContext
from localdev.gateway.pool import PAYLOAD_BYTES, REQUESTS_LOG
from localdev.wired import install_business_clock


def load(path: str) -> Any:
    """The app object that `module:attribute` names. Spilno's own app gets the stack's business clock."""
    module, _, attribute = path.partition(":")
    if module == "app":
        install_business_clock()
    return getattr(importlib.import_module(module), attribute)


def describe(app: Any) -> dict[str, Any]:
    """What the gateway must know of the app: routes and binary media types."""
    routes = {pattern: sorted(methods) for pattern, methods in app.routes.items()}
    return {"routes": routes, "binary_types": list(app.api.binary_types)}


def invoke(handler: Callable[[Any, Any], Any], line: bytes) -> bytes:
    """One event's answer, or its error as Lambda words it; as a line without its end."""
    try:
        answer = handler(json.loads(line.decode("utf-8", "surrogatepass")), LambdaContext("spilno-local-APIHandler"))
        framed = _encoded({"answer": answer})
    except Exception as error:  # noqa: BLE001 - Lambda turns every error of a function into an answer
        traceback.print_exc()
        return _encoded({"error": f"{type(error).__name__}: {error}"})
    if len(framed) > PAYLOAD_BYTES:
        return _encoded({"error": f"The answer is {len(framed)} bytes; Lambda's limit is {PAYLOAD_BYTES}."})
    return framed


def _encoded(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _log() -> int:
    """Where the app's log goes: to the gateway's own lines about requests, else to standard error."""
    file = os.environ.get(REQUESTS_LOG)
    return os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644) if file else 2


def main(path: str) -> None:
    """Serve events until the end of input."""
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(_log(), 1)  # what the app writes goes to the log, never between the answers
    app = load(path)
    pipe.write(_encoded(describe(app)) + b"\n")
    pipe.flush()
    for line in sys.stdin.buffer:
        pipe.write(invoke(app, line) + b"\n")
        pipe.flush()


if __name__ == "__main__":
    main(sys.argv[1])
