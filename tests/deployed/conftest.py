"""The package of this machine's architecture, and newsrooms deployed from it."""

import contextlib
import json
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

import pytest

from infra.package.interpreter import find
from testkit.packaged import packaged
from testkit.stand_in import running as running_stand_in
from tests.deployed.cloud import Cloud, running_cloud
from tests.deployed.deployment import STRIPE_KEY, STRIPE_SECRET, Package, deploy
from tests.deployed.newsroom import DeployedNewsroom
from tests.deployed.runtime import runtime
from tests.deployed.scenario import gives_on_a_day_that_has_ended

# Behind real time, so that no event is too fresh for reconcile: a webhook may still bring one of the last minutes.
# And two days more until the first gift is made, so that the run that closes days finds one.
_STRIPES_CLOCK = {"offset_seconds": -600 - 2 * 86_400}


@pytest.fixture(scope="session")
def lambda_python() -> Path:
    """The interpreter that stands for Lambda's, of the version that the package is for."""
    if sys.platform != "linux":
        pytest.skip("The package holds native code for Linux, as Lambda is.")
    return runtime(Path(find().path))


@cache
def package(stage: str) -> Package:
    """The real one, for this machine; the same for a whole run, even if somebody saves a file meanwhile."""
    return Package(packaged(stage, "arm64" if platform.machine() in ("aarch64", "arm64") else "x86_64"))


@pytest.fixture(scope="module")
def clouds(
    tmp_path_factory: pytest.TempPathFactory, lambda_python: Path
) -> Callable[[], AbstractContextManager[Cloud]]:
    """Makes an empty cloud."""
    return lambda: running_cloud(tmp_path_factory.mktemp("cloud"), lambda_python)


@pytest.fixture(scope="module")
def newsroom(
    tmp_path_factory: pytest.TempPathFactory, clouds: Callable[[], AbstractContextManager[Cloud]]
) -> Iterator[DeployedNewsroom]:
    """The stage dev deployed, with the Stripe stand-in beside it. Production has no setting for another Stripe."""
    scratch = tmp_path_factory.mktemp("newsroom")
    with contextlib.ExitStack() as running:
        deployed = deploy(running.enter_context(clouds()), package("dev"), "dev")
        (scratch / "clock.json").write_text(json.dumps(_STRIPES_CLOCK))
        webhook = f"{deployed.api}/v1/stripe/webhook"
        stripe = running.enter_context(
            running_stand_in(scratch, STRIPE_KEY, webhook=webhook, secret=STRIPE_SECRET, process=True)
        )
        deployed.set_environment(STRIPE_API_BASE=stripe.url)
        newsroom = DeployedNewsroom(deployed, stripe, scratch)
        newsroom.once(gives_on_a_day_that_has_ended)
        yield newsroom
