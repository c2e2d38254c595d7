"""A newer WordPress in the place of Debian's."""

import os
from collections.abc import Iterator

import pytest

from localdev.ports import ROOT
from testkit.stack import Stack
from tests.sites.wordpress.installed import wordpress
from tests.sites.wordpress.site import Site

CORE = ROOT / ".wordpress" / "site"


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """It, with the plugin on."""
    if not CORE.exists() and not os.environ.get("CI"):
        pytest.skip("The newer WordPress is not here: make .wordpress/.ready fetches it (npm is needed).")
    with wordpress(tmp_path_factory.mktemp("newer"), core=CORE) as started:
        yield started
        assert started.log() == ""


@pytest.fixture(scope="package")
def spilno(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that knows this one as its site."""
    stack = Stack(tmp_path_factory.mktemp("spilno") / "data")
    stack.settings = {"SPILNO_SITE_ORIGINS": f"{stack.site},{site.url}"}
    with stack.running() as running:
        yield running
