"""Where the API stands that the demo site belongs to."""

import os

from localdev.ports import ports


def api_address() -> str:
    """The public address of the Spilno that this site belongs to, path included."""
    return (os.environ.get("SPILNO_PUBLIC_URL") or ports().url("app")).rstrip("/")
