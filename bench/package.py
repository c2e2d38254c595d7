"""The size of what is deployed, as the packaging step wrote it down."""

import json
from pathlib import Path

from bench.processes import ROOT
from infra.package.sizes import MOST

__all__ = ["MOST", "zip_bytes"]


def zip_bytes(directory: Path = ROOT / "build" / "prod") -> int | None:
    """The zip's size in bytes, or None where nothing was packaged (`make package STAGE=prod`)."""
    manifest = directory / "manifest.json"
    return int(json.loads(manifest.read_text(encoding="utf-8"))["zip_bytes"]) if manifest.exists() else None
