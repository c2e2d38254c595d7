"""The system's Chromium for browser tests: no download, no network, no background chatter."""

import os
import shutil

import pytest

ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def executable() -> str:
    """The path of Chromium; without one the test is skipped, or fails where CI is set."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    if os.environ.get("CI"):
        pytest.fail("There is no Chromium. Install it (Debian: apt-get install chromium): CI skips no browser test.")
    pytest.skip("There is no Chromium on this machine (Debian: apt-get install chromium).")
