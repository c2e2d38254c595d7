"""The story of docs/testing.md runs as it stands there."""

import pytest

from tests.architecture.testing_page import example
from tests.stories.reader import Reader

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_the_story_of_the_page(reader: Reader) -> None:
    example("test_a_stranger_gives_and_reads_on")(reader)
