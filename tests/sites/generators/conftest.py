"""The newsroom whose sites the static generators make: a stack of its own, as they share an origin of articles."""

from collections.abc import Iterator

import pytest

from testkit.ports import free_ports
from testkit.stack import Stack
from tests.stories.conftest import prepared


@pytest.fixture(scope="package")
def addresses() -> tuple[str, str]:
    """Of the Hugo site and of the plain one."""
    hugo, plain = free_ports(2)
    return f"http://127.0.0.1:{hugo}", f"http://127.0.0.1:{plain}"


@pytest.fixture(scope="package")
def newsroom(tmp_path_factory: pytest.TempPathFactory, addresses: tuple[str, str]) -> Iterator[Stack]:
    """With the settings that the pages name: the origins of both sites beside the demo's."""
    with prepared(tmp_path_factory.mktemp("newsroom"), *addresses).running() as stack:
        yield stack
