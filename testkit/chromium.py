"""The system's Chromium for browser tests: no download, no network, no background chatter."""

from testkit.installed import installed

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
    return installed("Chromium", ("chromium", "chromium-browser", "google-chrome"), package="chromium")
