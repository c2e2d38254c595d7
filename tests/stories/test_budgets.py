"""What each page asks for and weighs, in Chromium on the running stack: budgets that hold on any machine.

They stand in `bench/lab/scenes.py`, beside the lab that also measures times (docs/lab.md).
"""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser

from bench.lab.run import Lab, open_lab
from bench.lab.scenes import SCENES, Scene
from bench.lab.visit import Visit, visit
from testkit.stack import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]


@pytest.fixture(scope="module")
def lab(browser: Browser, stack: Stack) -> Iterator[Lab]:
    """One supporter for all visits."""
    with open_lab(browser, stack) as lab:
        yield lab


def opens(lab: Lab, cookies: Any, *, html: str = "") -> Visit:
    """Whoever keeps these cookies opens the article for supporters."""
    scene = of("article for supporters", "supporter")
    address = scene.address(lab.stack, lab.people)
    return visit(lab.browser, lab.wire, lab.stack.app, address, cookies, text=scene.text, html=html, slow=False)


def without(kept: Any, *names: str) -> Any:
    """What a browser keeps, less the cookies whose names begin so."""
    return {**kept, "cookies": [one for one in kept["cookies"] if not one["name"].startswith(names)]}


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


def test_a_session_from_before_there_were_hints_is_asked_about_and_opens(lab: Lab) -> None:
    before = without(lab.people.supporter, "spilno-ask")
    assert len(before["cookies"]) < len(lab.people.supporter["cookies"])
    found = opens(lab, before)
    assert (len(found.own_calls), found.text is not None) == (1, True)


def test_a_forged_hint_costs_one_call_and_opens_nothing(lab: Lab) -> None:
    hint = next(one for one in lab.people.supporter["cookies"] if one["name"].startswith("spilno-ask-"))
    stranger = lab.people.stranger
    found = opens(lab, {**stranger, "cookies": [*stranger["cookies"], hint]})
    assert (len(found.own_calls), found.text) == (1, None)


def test_an_article_that_has_opened_to_all_is_asked_for_once(lab: Lab) -> None:
    told = requests.put(
        f"{lab.stack.app}/v1/articles/opened-by-now",
        json={
            "title": "Відкрилася",
            "url": f"{lab.stack.site}/articles/demo-members",
            "access": "members",
            "opens_at": "2026-01-01T00:00:00Z",
            "teaser_html": "<p>Початок.</p>",
            "body_html": f"<p>Початок.</p><p>{of('article for supporters', 'supporter').text}</p>",
        },
        headers={"Authorization": "Bearer local-cms-key"},
        timeout=10,
    )
    assert told.ok, told.text
    page = (
        f'<!doctype html><html lang="uk"><script src="{lab.stack.app}/widget.js" async></script>'
        f'<spilno-wall api="{lab.stack.app}" article="opened-by-now"><p>Початок.</p></spilno-wall>'
    )
    found = opens(lab, lab.people.stranger, html=page)
    assert (len(found.own_calls), found.text is not None) == (1, True), found.told()
