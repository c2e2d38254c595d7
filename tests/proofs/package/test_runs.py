"""The real package runs as it is: unpacked, on its own Python, beside nothing but what Lambda has."""

import json
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.i18n.language import Language
from chalicelib.i18n.texts import LANGUAGES
from infra.package.interpreter import find
from infra.package.layout import ROOT
from infra.package.target import ARCHITECTURES
from testkit.packaged import packaged
from tests.proofs.package import running

MACHINE = {"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), platform.machine())

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        platform.system() != "Linux" or MACHINE not in ARCHITECTURES, reason="runs Lambda's own wheels"
    ),
]


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as it lies in /var/task."""
    return running.laid(packaged("prod", MACHINE), tmp_path_factory.mktemp("task"))


@pytest.fixture(scope="module")
def lambdas_own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the runtime brings."""
    return running.lambdas_own(tmp_path_factory.mktemp("runtime"))


def ran(task: Path, lambdas_own: Path) -> Any:
    return running.ran([find().path], task, lambdas_own)


@pytest.fixture(scope="module")
def found(task: Path, lambdas_own: Path) -> Any:
    return ran(task, lambdas_own)


def test_it_opens_the_gate(found: Any) -> None:
    assert found["answer"]["statusCode"] == 200
    assert json.loads(found["answer"]["body"])["open"]


def test_all_of_our_modules_import(found: Any) -> None:
    assert found["modules"] == len(list((ROOT / "chalicelib").rglob("*.py"))) - 1, "all but the package"


def test_nothing_is_compiled_at_start(found: Any) -> None:
    assert found["compiled"] == []


def test_nothing_comes_from_this_machines_environment(found: Any) -> None:
    assert found["from_elsewhere"] == []


def test_stripe_is_called_and_its_silence_understood(found: Any) -> None:
    assert found["unavailable"] == "StripeUnavailable"


def test_it_seals_as_the_standard_says(found: Any) -> None:
    """Test case 14 of the GCM specification; more of it in test_cut.py."""
    assert found["sealed"] == ["cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"]


def test_it_knows_its_version(found: Any, task: Path) -> None:
    built = json.loads((task / "chalicelib/build.json").read_text(encoding="utf-8"))
    assert found["version"] == f"0.1.0+{built['source_digest']}"


def test_it_speaks_as_with_all_of_babels_data(found: Any) -> None:
    moment = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    for lang in LANGUAGES:
        here = Language(lang, "Europe/Kyiv")
        amounts = [here.money(amount, one) for amount in (500, 123456789) for one in ("eur", "uah", "usd", "jpy")]
        assert found["spoken"][lang] == [*amounts, here.day(moment), *(here.name_of(other) for other in LANGUAGES)]


def test_every_time_zone_is_there(task: Path) -> None:
    """A newsroom may be anywhere: all zones that the time zone package has are in the package."""
    zones = (task / "tzdata/zones").read_text(encoding="utf-8").split()
    assert {"Europe/Kyiv", "America/Argentina/Buenos_Aires"} <= set(zones)
    assert not [zone for zone in zones if not (task / "tzdata/zoneinfo" / zone).is_file()]


def test_without_its_bytecode_it_would_compile(task: Path, lambdas_own: Path) -> None:
    """The negative control of "nothing is compiled"; last, since it takes something away."""
    (cached,) = (task / "chalicelib/__pycache__").glob("wiring.*.pyc")
    away = cached.rename(cached.with_suffix(".away"))
    try:
        assert [Path(path).name for path in ran(task, lambdas_own)["compiled"]] == ["wiring.py"]
    finally:
        away.rename(cached)
