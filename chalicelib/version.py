"""Which Spilno this is: the release, and of a packaged one the code it was made of.

Read by health and the operator's doctor only; a gate check does not load it.
"""

import json
from functools import cache
from pathlib import Path

from chalicelib import VERSION

_BUILD = Path(__file__).with_name("build.json")  # written by `make package`, into the package alone


@cache
def version() -> str:
    """`0.1.0+1f2e3d4c5b6a` of a package, the digest being `infra.package.source_digest`; `0.1.0` of a work tree."""
    return (
        f"{VERSION}+{json.loads(_BUILD.read_text(encoding='utf-8'))['source_digest']}"
        if _BUILD.is_file()
        else VERSION
    )
