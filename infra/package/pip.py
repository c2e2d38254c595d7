"""The one place that calls pip: for wheels of another Python and another processor than this machine's."""

import os
import subprocess
import sys
from collections.abc import Sequence

from infra.package.target import Target


def pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the running Python's pip with these arguments; the caller judges how it ended."""
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PIP_NO_COLOR": "1"}
    return subprocess.run(  # noqa: S603 - pip, with arguments of our own
        [sys.executable, "-m", "pip", *arguments], capture_output=True, text=True, check=False, env=os.environ | quiet
    )


def wheels_for(target: Target) -> Sequence[str]:
    """The options that make pip take wheels, never source, and only such as load on the target."""
    abi = f"cp{target.python.replace('.', '')}"
    options = ["--only-binary=:all:", "--implementation=cp", f"--python-version={target.python}"]
    options += [f"--abi={one}" for one in (abi, "abi3", "none")]
    return options + [f"--platform={one}" for one in target.platforms]
