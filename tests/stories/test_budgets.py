"""What each page asks for and weighs, in Chromium on the running stack: budgets that hold on any machine.

They stand in `bench/lab/scenes.py`, beside the lab that also measures times (docs/lab.md).
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from bench.lab.run import Lab, open_lab
from bench.lab.scenes import SCENES, Scene
from testkit.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]


@pytest.fixture(scope="module")
def lab(browser: Browser, stack: Stack) -> Iterator[Lab]:
    """One supporter for all visits."""
    with open_lab(browser, stack) as lab:
        yield lab


def of(name: str, who: str) -> Scene:
    return next(one for one in SCENES if (one.name, one.who) == (name, who))


@pytest.mark.parametrize("scene", SCENES, ids=lambda one: f"{one.name}, {one.who}")
def test_a_page_keeps_to_its_budget(lab: Lab, scene: Scene) -> None:
    visit = lab.visit(scene, slow=False)
    assert list(scene.budget.exceeded(visit)) == [], visit.told()
    assert getattr(visit, scene.sees) is not None, "it shows what the reader came for"


def test_a_page_that_asks_for_more_is_noticed(lab: Lab) -> None:
    """The negative control: an article that asks about its reader, held against one that need not."""
    visit = lab.visit(of("article for supporters", "supporter"), slow=False)
    over = list(of("article open to all", "stranger").budget.exceeded(visit))
    assert "1 calls that no cache can answer, 0 expected" in over
