"""The lock: exact versions with hashes, and in step with requirements.txt."""

import pytest

from infra.package.errors import PackageFailed
from infra.package.layout import ROOT
from infra.package.pinned import IN_LAMBDA, LOCK, Pin, agree, asked, read, write

ONE, TWO = "a" * 64, "b" * 64
PINS = (Pin("jinja2", "3.1.6", (ONE,)), Pin("pydantic-core", "2.50.4", (ONE, TWO)))


def test_what_is_written_is_read_again() -> None:
    assert read(write(PINS)) == PINS


def test_ours_is_in_step_with_what_we_ask_for() -> None:
    pins = read(LOCK.read_text(encoding="utf-8"))
    agree(pins, (ROOT / "requirements.txt").read_text(encoding="utf-8"))
    assert not {pin.name for pin in pins} & IN_LAMBDA, "nothing travels that Lambda has"
    assert all(pin.hashes for pin in pins)


@pytest.mark.parametrize(
    "line", ["jinja2", "jinja2==3.1.6", f"jinja2>=3 --hash=sha256:{ONE}", "jinja2==3.1.6 --hash=sha256:short"]
)
def test_a_lock_without_versions_or_hashes_is_refused(line: str) -> None:
    with pytest.raises(PackageFailed, match=r"Make it anew: python -m infra\.package\.lock"):
        read(line)


@pytest.mark.parametrize("line", ["jinja2", "jinja2>=3", "jinja2==3.*", "-r other.txt", "./jinja2"])
def test_requirements_without_an_exact_version_are_refused(line: str) -> None:
    with pytest.raises(PackageFailed, match="Write an exact version"):
        asked(line)


def test_another_version_than_the_locks_is_told() -> None:
    with pytest.raises(PackageFailed, match=r"asks for jinja2 3\.1\.7, and the lock has 3\.1\.6\. Renew it"):
        agree(PINS, "Jinja2==3.1.7\n")


def test_a_package_that_the_lock_does_not_have_is_told() -> None:
    with pytest.raises(PackageFailed, match="asks for flask 3, and the lock does not have it"):
        agree(PINS, "jinja2==3.1.6  # templates\nflask==3\n")


def test_what_lambda_has_need_not_be_locked() -> None:
    agree(PINS, "boto3==1.44.5\njinja2==3.1.6\n")
