"""Runs one part of the stack, and ends it when its supervisor is gone: keeper.py PARENT_PID MODULE [ARGUMENT …].

Even after `kill -9` of the supervisor every part gets SIGTERM, so that local AWS can write its state. On Linux the
kernel sends it; elsewhere a thread watches. Standard library only: local AWS runs it in an environment of its own.
"""

import ctypes
import os
import runpy
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1  # prctl(2)


def ask_the_kernel() -> bool:
    """Have SIGTERM sent to this process when its parent ends; False where the kernel does not do that."""
    if not sys.platform.startswith("linux"):
        return False
    return bool(ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0) == 0)


def watch(parent: int) -> None:
    """Send SIGTERM to this process once it has another parent."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


def main(arguments: list[str]) -> None:
    """Become the module, tied to the parent."""
    parent, module = int(arguments[0]), arguments[1]
    if os.environ.get("SPILNO_KEEPER") == "watch" or not ask_the_kernel():
        threading.Thread(target=watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it ended before we asked
        sys.exit(0)
    sys.argv = [module, *arguments[2:]]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
