"""Whether a page can be used by everyone: what axe-core finds, what does not fit, what a finger cannot hit."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

# `target-size` (24 px) is off in axe-core unless the tags of WCAG 2.2 AA are asked for.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MOST_STOPS = 60


def complaints(page: Page, name: str) -> list[str]:
    """Everything that is wrong with the page as it stands, each as a sentence that begins with its name."""
    results = Axe().run(page, options={"runOnly": TAGS})
    found = [
        f"{name}: {one['id']}: {node['html'][:160]}"
        for one in results.response["violations"]
        for node in one["nodes"]
    ]  # fmt: skip
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return found + ([f"{name}: {width} px wider than the window"] if width > 0 else [])


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until this has the focus, and see that the focus is visible there.

    :raises AssertionError: Tab does not reach it, or nothing shows that it did.
    """
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if wanted.evaluate("(one) => one.getRootNode().activeElement === one"):
            ring = "(one) => [one, one.parentElement].some((it) => getComputedStyle(it).outlineStyle !== 'none')"
            assert wanted.evaluate(ring), f"the focus on {wanted} cannot be seen"
            return
    raise AssertionError(f"Tab does not lead to {wanted} within {MOST_STOPS} stops")
