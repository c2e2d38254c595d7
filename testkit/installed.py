"""Programs that Debian has and a machine may lack: a test without its program is skipped, and fails in CI."""

import os
import shutil
from collections.abc import Sequence

import pytest


def installed(title: str, names: Sequence[str], *, package: str) -> str:
    """The path of the first of these programs; `package` is Debian's that has it."""
    for name in names:
        if found := shutil.which(name) or shutil.which(name, path="/usr/sbin"):
            return found
    if os.environ.get("CI"):
        pytest.fail(f"There is no {title}. Install it (Debian: apt-get install {package}): CI skips no browser test.")
    pytest.skip(f"There is no {title} on this machine (Debian: apt-get install {package}).")
