"""The gate at the edge in CloudFront: its code, behind the function that takes the site's path off, and its store.

A behaviour can have one function only, so both are one. The store is empty until `ops deploy` has written the keys:
no template holds them, as whoever may read a stack may read its template. Without them everything goes on to the API.

Costs: a store nothing; a read of it 0.03 USD a million, one for a gate check and two for a key, and none for who
brings no pass.
"""

from typing import Any

from infra.template.cfn import attribute, ref, text
from integrations.edge.build import built, without_comments

STORE = "EdgeKeys"
STORE_ARN = attribute(STORE, "Arn")
_OWN = "function handler("


def store(stage: str) -> dict[str, Any]:
    """The properties of the store."""
    name = text(f"spilno-{stage}-edge-keys-${{AWS::Region}}")
    return {"Name": name, "Comment": "The keys of passes and of sealed texts, written by ops deploy."}


def code(prefix: Any, strip_prefix: str) -> dict[str, Any]:
    """The whole function: the gate, and before it the script that takes `prefix` off."""
    if strip_prefix.count(_OWN) != 1:
        raise ValueError("The script must define one handler, which is called by the gate's here.")
    before = _short(strip_prefix).replace(_OWN, "function stripPrefix(")
    told = [
        "var PREFIX = '/",
        prefix,
        "', SPILNO_ISSUER = '",
        ref("PublicUrl"),
        "', SPILNO_AUDIENCE = '",
        ref("SiteId"),
    ]
    return {"Fn::Join": ["", [_short(built("cloudfront")), *told, "';\n", before]]}


def _short(script: str) -> str:
    """The script without comments and indentation: a function may have ten thousand bytes."""
    return "".join(f"{line.strip()}\n" for line in without_comments(script).splitlines())
