"""Every file, folder and class that a page or a docstring names is there."""

from pathlib import Path

import pytest

from testkit.for_each import for_each
from tests.architecture.named import PACKAGE, ROOT, classes_in, is_defined, is_there, paths_in, told_in

# Decision records name files as they were on their day.
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "localdev").rglob("README.md"))]
MODULES = sorted(PACKAGE.rglob("*.py"))
# Files that are not in this repository, each with the reason.
ELSEWHERE = {
    "stages/prod.toml": "each newsroom has its own; `ops setup` writes it",
    "build/prod": "`make package` makes it",
    "netlify/edge-functions/support.js": "on the newsroom's website",
    "netlify/edge-functions/site-cookies.js": "on the newsroom's website",
    "netlify/edge-functions/a-spilno-edge.js": "the same",
    "../texts/bridge.md": "beside it, made on the page",
    "../site/spilno/bridge-2026.html": "the same",
    "./cloudflare.js": "beside the newsroom's own Worker",
}
THEIRS = {"markupsafe.Markup": "of the template engine"}


def missing_in(page: Path) -> set[str]:
    """What a page names that is not there."""
    return {path for path in paths_in(page.read_text(encoding="utf-8")) if not is_there(path, page.parent)}


@for_each(page=PAGES)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    assert not missing_in(page) - set(ELSEWHERE)


def test_every_file_and_class_that_a_docstring_names_is_there() -> None:
    wrong = {}
    for file in MODULES:
        told = "\n".join(told_in(file.read_text(encoding="utf-8")))
        paths = {path for path in paths_in(told) if not is_there(path, file.parent)} - set(ELSEWHERE)
        classes = {name for name in classes_in(told) if not is_defined(name, file)} - set(THEIRS)
        if paths | classes:
            wrong[file.relative_to(ROOT).as_posix()] = paths | classes
    assert not wrong


def test_what_is_elsewhere_is_still_named() -> None:
    assert set(ELSEWHERE) <= set().union(*(paths_in(page.read_text(encoding="utf-8")) for page in PAGES))


@pytest.mark.parametrize(
    "text",
    [
        "in `actions/apply_event.py`, the order",
        "docs/missing.md says more",
        "`domain/rebuilding*.py`",
        "chalicelib/domain is pure",
        "see reading/rules/no_such.py.",
    ],
)
def test_a_path_that_leads_nowhere_is_noticed(text: str) -> None:
    """The negative control of the tests above."""
    (path,) = paths_in(text)
    assert not is_there(path, PACKAGE)


@pytest.mark.parametrize("text", ["`chalicelib/reading`", "`rails/stripe/events/*.py`", "(see mail/rules/mails.py)."])
def test_a_path_that_leads_somewhere_is_found(text: str) -> None:
    (path,) = paths_in(text)
    assert is_there(path, PACKAGE)


def test_a_class_that_moved_is_noticed() -> None:
    """The negative control of the docstrings' test."""
    apply = PACKAGE / "booking" / "actions" / "apply.py"
    (old,) = classes_in("Implements `store.table.Table` on one DynamoDB table.")
    assert not is_defined(old, apply)
    (new,) = classes_in(":raises chalicelib.kernel.table.TransactionLost: somebody else was faster")
    assert is_defined(new, apply)
