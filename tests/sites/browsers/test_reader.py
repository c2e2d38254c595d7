"""What a driver loses with a page that leaves is asked for again."""

from pathlib import Path
from typing import cast

import pytest
from selenium.common.exceptions import NoSuchFrameException
from selenium.webdriver.remote.webdriver import WebDriver
from urllib3 import HTTPConnectionPool
from urllib3.exceptions import ReadTimeoutError

from tests.sites.browsers.reader import Origins, Reader

LEFT = NoSuchFrameException()
LOST = ReadTimeoutError(HTTPConnectionPool("127.0.0.1"), "/", "nothing came")


class Driver:
    """Answers a script after these failures."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)

    def execute_script(self, _script: str, *_arguments: object) -> str:
        """Fail, or answer."""
        if self.failures:
            raise self.failures.pop(0)
        return "https://site.example/"


def reader(*failures: Exception) -> Reader:
    driver = cast("WebDriver", Driver(*failures))
    return Reader(driver, cast("Origins", None), Path(), list[str])


@pytest.mark.parametrize("failures", [(), (LEFT,) * 5, (LOST,), (LOST, LEFT, LOST)])
def test_a_question_that_went_with_its_page_is_asked_again(failures: tuple[Exception, ...]) -> None:
    assert reader(*failures).address == "https://site.example/"


def test_a_driver_that_never_answers_is_not_asked_for_ever() -> None:
    with pytest.raises(ReadTimeoutError):
        _ = reader(LOST, LOST, LOST).address


def test_a_page_that_always_leaves_is_an_error() -> None:
    with pytest.raises(AssertionError, match="Pages left"):
        _ = reader(*(LEFT,) * 20).address
