"""Which Spilno this is: the release, and for a package a digest of its sources.

Used by the health check and the operator's doctor only; a gate check does not load it.
"""

import json
from functools import cache
from pathlib import Path

from chalicelib import VERSION

_BUILD = Path(__file__).with_name("build.json")  # written by `make package`, only into the package


@cache
def version() -> str:
    """The version: `0.1.0+1f2e3d4c5b6a` in a package (`infra.package.source_digest`), `0.1.0` in a work tree."""
    return (
        f"{VERSION}+{json.loads(_BUILD.read_text(encoding='utf-8'))['source_digest']}"
        if _BUILD.is_file()
        else VERSION
    )
