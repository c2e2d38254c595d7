"""One WordPress for all tests of a run, with the plugin on and a whole stack of Spilno beside it."""

from collections.abc import Iterator

import pytest

from testkit.stack import Stack
from tests.sites.wordpress.away import Away, away
from tests.sites.wordpress.installed import wordpress
from tests.sites.wordpress.sent import KEY
from tests.sites.wordpress.site import Site


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A WordPress with the plugin on, connected to nothing yet. Its log of the plugin stays empty."""
    with wordpress(tmp_path_factory.mktemp("wordpress")) as started:
        yield started
        assert started.log() == ""


@pytest.fixture(scope="package")
def spilno(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A whole stack that knows the WordPress as one of its sites."""
    stack = Stack(tmp_path_factory.mktemp("spilno") / "data")
    stack.settings = {"SPILNO_SITE_ORIGINS": f"{stack.site},{site.url}"}
    with stack.running() as running:
        yield running


@pytest.fixture
def connected(site: Site, spilno: Stack) -> Iterator[Site]:
    """The WordPress connected to the stack."""
    site.options(api=spilno.app, key=KEY, category_rules={})
    yield site
    site.options(api="", key="")


@pytest.fixture
def elsewhere(site: Site) -> Iterator[Away]:
    """The WordPress connected to what does not do as Spilno does."""
    # What a test before could not send to a Spilno that was slow just then is planned still.
    _nothing_planned(site)
    with away() as state:
        site.options(api=state.url, key=KEY)
        yield state
    site.options(api="", key="")
    _nothing_planned(site)


def _nothing_planned(site: Site) -> None:
    site.run("foreach (['spilno_push', 'spilno_remove'] as $hook) wp_unschedule_hook($hook);")
