"""The finished template of each stage, made once."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infra.package.sam import sam
from infra.template import finish
from tests.template.resolve import GIVEN, WHOLE, Stack

ROOT = Path(__file__).resolve().parents[2]


@cache
def by_chalice(stage: str) -> dict[str, Any]:
    """What Chalice writes of the code as it is now."""
    return sam(ROOT, stage, "arm64")


@cache
def finished(stage: str) -> dict[str, Any]:
    """The deployable template."""
    return finish(
        by_chalice(stage),
        stage=stage,
        code_uri="./spilno-0123456789ab.zip",
        runtime="python3.13",
        architecture="arm64",
        version="0.1.0+0123456789ab",
    )


@pytest.fixture(params=["prod", "dev"])
def stage(request: pytest.FixtureRequest) -> str:
    """Each stage that is deployed."""
    return str(request.param)


@pytest.fixture
def template(stage: str) -> dict[str, Any]:
    """Its template."""
    return finished(stage)


@pytest.fixture
def stack(template: dict[str, Any]) -> Stack:
    """With what is needed, and nothing that is optional."""
    return Stack(template, **GIVEN)


@pytest.fixture
def whole(template: dict[str, Any]) -> Stack:
    """With everything that is optional, too."""
    return Stack(template, **WHOLE)
