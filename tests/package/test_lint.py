"""The template's linter, as a step that fails."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from infra.package.errors import PackageFailed
from infra.package.lint import lint
from infra.package.target import SUPPORTED


def template(folder: Path, *functions: Mapping[str, Any]) -> Path:
    always = {"Handler": "app.app", "Code": {"ZipFile": "x"}, "Role": "arn:aws:iam::111122223333:role/x"}
    resources = {
        f"View{number}": {"Type": "AWS::Lambda::Function", "Properties": {**always, **properties}}
        for number, properties in enumerate(functions)
    }
    written = folder / "template.json"
    written.write_text(json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}))
    return written


def test_a_template_with_an_error_is_refused_with_the_place(tmp_path: Path) -> None:
    with pytest.raises(
        PackageFailed, match=r"(?s)cfn-lint refuses the template:\n  E3012 .*View0/Properties/MemorySize"
    ):
        lint(template(tmp_path, {"Runtime": "python3.13", "MemorySize": "plenty"}))


def test_every_runtime_that_we_package_for_is_one_of_lambdas(tmp_path: Path) -> None:
    """And none that can no longer be deployed; cfn-lint has the dates."""
    assert lint(template(tmp_path, *({"Runtime": f"python{python}"} for python in SUPPORTED))) == []


def test_what_is_no_template_is_told(tmp_path: Path) -> None:
    (tmp_path / "template.json").write_text("{")
    with pytest.raises(PackageFailed, match="cfn-lint"):
        lint(tmp_path / "template.json")
