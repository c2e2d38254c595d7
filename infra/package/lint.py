"""The template under cfn-lint, the way CloudFormation would look at it before anything is made."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.package.errors import PackageFailed

_RUN = "import sys; from cfnlint.runner import main; sys.exit(main())"  # what its command does
_REGIONS = ("eu-central-1", "us-east-1")


def lint(template: Path) -> Sequence[str]:
    """What cfn-lint warns of, a sentence each.

    :raises PackageFailed: when it finds an error, with all that it says.
    """
    done = subprocess.run(  # noqa: S603 - the linter of this environment
        [sys.executable, "-c", _RUN, "--format", "json", "--regions", *_REGIONS, "--", str(template)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        found = json.loads(done.stdout or "[]")
    except ValueError:
        raise PackageFailed(f"cfn-lint does not run:\n{done.stdout}{done.stderr}") from None
    if not found and done.returncode:
        raise PackageFailed(f"cfn-lint does not run:\n{done.stderr.strip()}")
    errors = [_told(one) for one in found if one["Level"] == "Error"]
    if errors:
        raise PackageFailed("cfn-lint refuses the template:\n" + "\n".join(errors))
    return [_told(one) for one in found]


def _told(one: Mapping[str, object]) -> str:
    rule, place = one["Rule"], one["Location"]
    assert isinstance(rule, dict), "cfn-lint's format"
    assert isinstance(place, dict), "the same"
    path = "/".join(str(part) for part in place.get("Path") or [])
    return f"  {rule['Id']} {one['Message']} ({path})"
