"""Stripe's Node package and TypeScript, as `make .stripe-node/.ready` fetches them, and scripts that use them."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from chalicelib.settings import LOCAL_STRIPE_KEY, LOCAL_WEBHOOK_SECRET
from localdev.ports import ROOT
from testkit.installed import installed

PACKAGES = ROOT / ".stripe-node"
SCRIPTS = Path(__file__).with_name("node")


def node() -> str:
    """The path of Node; the test is skipped, and fails in CI, where it or the packages are missing."""
    path = installed("Node", ["node"], package="nodejs")
    if not (PACKAGES / ".ready").exists():
        words = "Stripe's Node package is not here: make .stripe-node/.ready fetches it (npm is needed)."
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    return path


def ran(script: str, url: str, **given: object) -> Any:
    """What the script `node/<script>.mjs` found out at the stand-in with this address.

    :raises AssertionError: it did not end well, or said anything but one line of JSON.
    """
    told = {"url": url, "key": LOCAL_STRIPE_KEY, "secret": LOCAL_WEBHOOK_SECRET, **given}
    done = subprocess.run(
        [node(), str(SCRIPTS / f"{script}.mjs")],
        env={"PATH": os.environ["PATH"], "STRIPE_NODE": str(PACKAGES), "GIVEN": json.dumps(told)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr + done.stdout
    return json.loads(done.stdout)
