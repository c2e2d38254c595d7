"""`python -m infra.package`: the deployable package and its template, made without an AWS account."""

from infra.package.digest import source_digest
from infra.package.errors import PackageFailed

__all__ = ["PackageFailed", "source_digest"]
