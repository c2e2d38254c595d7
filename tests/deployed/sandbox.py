"""Loaded by the interpreter that stands for Lambda's before anything else: see `runtime.py`.

An audit hook sees every file that Python code opens. Lambda's file system is read-only but for /tmp, which nothing of
ours needs, so any write is refused, as there, and told on a line that the tests look for in the function's log. The
same for an address outside this machine.
"""

import errno
import os
import sys

TOLD = "REFUSED BY THE RUNTIME"
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGING = frozenset({"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate"})
# Local AWS hands its own environment to its functions; Lambda does not. What a function's own settings or ministack's
# idea of Lambda add stays.
_NOT_LAMBDAS = (
    *("HOME", "TMPDIR", "BIND_HOST", "GATEWAY_PORT", "IOT_MTLS_ENABLED", "LOG_LEVEL", "PERSIST_STATE", "S3_PERSIST"),
    *("STATE_DIR", "S3_DATA_DIR", "AUTH"),
)


def _refuse(what: str) -> None:
    os.write(2, f"{TOLD}: {what}\n".encode(errors="backslashreplace"))
    raise OSError(errno.EROFS, f"{TOLD}: {what}")


def _look(event: str, args: tuple[object, ...]) -> None:
    if event == "open":
        path, _, flags = args
        if isinstance(flags, int) and flags & _WRITING and not isinstance(path, int) and path != os.devnull:
            _refuse(f"to write {path!r}")
    elif event in _CHANGING:
        _refuse(f"{event} {args[0]!r}")
    elif event == "socket.connect":
        address = args[1]
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1"):
            _refuse(f"to connect to {address[0]!r}")


if __name__ == "prison":  # under its whole name it only tells what the tests look for
    for _name in _NOT_LAMBDAS:
        os.environ.pop(_name, None)
    sys.addaudithook(_look)
