"""The package that is to be deployed: template, zip and manifest, as `make package` wrote them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ops.output import Refusal
from ops.stages import ROOT


@dataclass(frozen=True)
class Artefact:
    """A package to deploy. `hash` is the sha256 of its zip in hex."""

    directory: Path
    template: Mapping[str, Any]
    manifest: Mapping[str, Any]
    zip: Path
    hash: str

    @property
    def key(self) -> str:
        """Where the zip lies in the bucket: under its own hash, so that no upload changes what is deployed."""
        return f"functions/{self.zip.stem}.zip"


def read_artefact(directory: Path, stage: str, template: Path | None = None) -> Artefact:
    """The package in this folder, checked; `template` takes the place of its own template.

    :raises Refusal: something is missing, was made for another stage, or is not what the manifest says.
    """
    again = f"Run `make package STAGE={stage}`."
    try:
        manifest = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
        zipped = directory / manifest["zip"]
        digest = hashlib.sha256(zipped.read_bytes()).hexdigest()
        described = json.loads((template or directory / "template.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError) as error:
        raise Refusal(f"There is no package in {directory} ({type(error).__name__}). {again}") from None
    if manifest["stage"] != stage:
        raise Refusal(f"The package in {directory} is for the stage '{manifest['stage']}'. {again}")
    if digest[:12] not in zipped.name:
        raise Refusal(f"{zipped.name} is not the zip that it was: its bytes have changed. {again}")
    return Artefact(directory, described, manifest, zipped, digest)


def check_fresh(artefact: Artefact) -> None:
    """Check that a package was made of the code that is in this directory.

    :raises Refusal: it was not; package again.
    """
    from infra.package import source_digest

    now, then = source_digest(ROOT), str(artefact.manifest["source_digest"])
    if not then.startswith(now[:12]):
        stage = artefact.manifest["stage"]
        raise Refusal(
            f"The package was made of other code than lies here ({then[:12]}, now {now[:12]}). "
            f"Run `make package STAGE={stage}` and deploy again."
        )


def placed(artefact: Artefact, bucket: str) -> dict[str, Any]:
    """The template, with the zip's place in the bucket put into every function, be it SAM's or Lambda's own.

    :raises Refusal: no function of it uses the zip.
    """
    template: dict[str, Any] = json.loads(json.dumps(artefact.template))
    found = 0
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function" and _is_it(properties.get("CodeUri"), artefact):
            properties["CodeUri"] = {"Bucket": bucket, "Key": artefact.key}
            found += 1
        elif resource["Type"] == "AWS::Lambda::Function" and _is_it(properties.get("Code"), artefact):
            properties["Code"] = {"S3Bucket": bucket, "S3Key": artefact.key}
            found += 1
    if not found:
        raise Refusal(f"No function of the template uses {artefact.zip.name}.")
    return template


def _is_it(code: Any, artefact: Artefact) -> bool:
    where = code.get("S3Key") or code.get("Key") if isinstance(code, dict) else code
    return isinstance(where, str) and where.endswith(artefact.zip.name)
