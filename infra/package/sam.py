"""What `chalice package` writes as a template, without what it would pack: `python -m infra.package.sam STAGE ARCH`.

Chalice's own classes do it, put together as its `create_app_packager` does. Only its packing of wheels is left out:
that takes a missing wheel for a warning, ships no bytecode and is not the same twice. Runs as a process of its own,
since Chalice imports app.py and boto3 looks at the environment; no account and no credentials are asked for.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

from infra.package.errors import PackageFailed

_REGION = "eu-central-1"  # only to name service principals; the template works in every region
_ZIP = "spilno.zip"  # in the place of the package's name, which `finish` puts in


def sam(root: Path, stage: str, architecture: str) -> dict[str, Any]:
    """Chalice's SAM template for the app at `root`.

    :raises PackageFailed: when Chalice cannot make one, with what it says.
    """
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SPILNO_", "STRIPE_"))
    }
    # Nobody's account is looked at, not even for a default region.
    environ |= {
        "AWS_DEFAULT_REGION": _REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    done = subprocess.run(  # noqa: S603 - this module
        [sys.executable, "-m", "infra.package.sam", stage, architecture],
        capture_output=True, text=True, check=False, cwd=root, env=environ,
    )  # fmt: skip
    if done.returncode:
        raise PackageFailed(f"Chalice could not write the template:\n{done.stderr.strip()}")
    return cast("dict[str, Any]", json.loads(done.stdout))


class _OurZip:
    """In the place of Chalice's packer: the package is made elsewhere."""

    def create_deployment_package(self, _project: str, _python: str) -> str:
        """The name that the template's functions carry for now."""
        return _ZIP


def _generate(stage: str, architecture: str) -> dict[str, Any]:
    from chalice.cli.factory import CLIFactory
    from chalice.deploy.appgraph import ApplicationGraphBuilder, DependencyBuilder
    from chalice.deploy.deployer import (
        BuildStage,
        DeploymentPackager,
        InjectDefaults,
        PolicyGenerator,
        SwaggerBuilder,
    )
    from chalice.deploy.swagger import CFNSwaggerGenerator
    from chalice.package import ResourceBuilder, SAMTemplateGenerator
    from chalice.policy import AppPolicyGenerator
    from chalice.utils import OSUtils

    factory = CLIFactory(str(Path.cwd()))
    config = factory.create_config_obj(stage, user_provided_params={"lambda_architecture": architecture})
    files = OSUtils()
    steps = [
        InjectDefaults(),
        DeploymentPackager(packager=cast("Any", _OurZip())),
        PolicyGenerator(policy_gen=AppPolicyGenerator(osutils=files), osutils=files),
        SwaggerBuilder(swagger_generator=CFNSwaggerGenerator()),
    ]
    builder = ResourceBuilder(ApplicationGraphBuilder(), DependencyBuilder(), BuildStage(steps=steps))
    resources = builder.construct_resources(config, stage)
    generator = SAMTemplateGenerator(config, factory.create_package_options())
    return generator.generate(resources)


if __name__ == "__main__":
    from chalice.utils import serialize_to_json

    sys.stdout.write(serialize_to_json(_generate(*sys.argv[1:])))
