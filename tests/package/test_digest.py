"""The digest names the code: it changes when, and only when, something changes that a package is made of."""

import shutil
from pathlib import Path

import pytest

from infra.package import source_digest
from infra.package.digest import sources
from infra.package.layout import ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("chalicelib/http", "infra/package", ".chalice", "tests", "docs", "integrations/edge/parts"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("app.py", "chalicelib/http/call.py", "infra/package/lock.py", ".chalice/config.json"):
        (tmp_path / name).write_text(name)
    return tmp_path


def test_a_copy_of_the_code_has_the_same_digest(project: Path) -> None:
    copy = project / "elsewhere"
    shutil.copytree(project, copy, ignore=lambda *_: ["elsewhere"])
    assert source_digest(copy) == source_digest(project)
    assert len(source_digest(project)) == 12


@pytest.mark.parametrize(
    "name",
    [
        "app.py",
        "chalicelib/http/call.py",
        "chalicelib/http/new.py",
        "infra/template.json",
        "newsroom.toml",
        "integrations/edge/parts/core.js",
        "integrations/edge/build.py",
    ],
)
def test_what_goes_into_a_package_or_makes_it_changes_the_digest(project: Path, name: str) -> None:
    before = source_digest(project)
    (project / name).write_text("something else")
    assert source_digest(project) != before


def test_a_renamed_file_changes_the_digest(project: Path) -> None:
    before = source_digest(project)
    (project / "chalicelib/http/call.py").rename(project / "chalicelib/http/https.py")
    assert source_digest(project) != before


@pytest.mark.parametrize(
    "name",
    [
        "chalicelib/__pycache__/x.cpython-313.pyc",
        "chalicelib/.http.py.swp",
        "chalicelib/http.py~",
        "chalicelib/build.json",
        "tests/test_x.py",
        "docs/x.md",
        "README.md",
        "stages/prod.toml",
        "integrations/edge/nginx.js",
    ],
)
def test_what_goes_into_no_package_does_not(project: Path, name: str) -> None:
    before = source_digest(project)
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text("something else")
    assert source_digest(project) == before


def test_all_of_our_code_counts() -> None:
    counted = set(sources(ROOT))
    code = {path.relative_to(ROOT).as_posix() for path in (ROOT / "chalicelib").rglob("*.py")}
    assert code <= counted
    assert {"app.py", "requirements.txt", "infra/package/requirements.lock", ".chalice/config.json"} <= counted
    assert {"integrations/edge/parts/core.js", "integrations/edge/parts/cloudfront.js"} <= counted
    assert {"chalicelib/newsroom.toml", "chalicelib/i18n/uk.toml", "chalicelib/static/donate.js"} <= counted
