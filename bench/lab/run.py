"""Visits every scene in turns on a stack of its own, as a slow phone, each time with an empty cache."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bench.lab.people import People, people
from bench.lab.scenes import SCENES, Scene
from bench.lab.visit import Visit, visit
from bench.lab.wire import open_wire
from testkit.chromium import ARGUMENTS, executable
from testkit.stack import Stack

ROUNDS = 5
Visits = Mapping[Scene, Sequence[Visit]]


@dataclass(frozen=True)
class Lab:
    """A browser, the proxy before it, the stack that it visits, and who visits."""

    browser: Browser
    wire: str
    stack: Stack
    people: People

    def visit(self, scene: Scene, *, slow: bool) -> Visit:
        """One visit, with an empty cache."""
        address, cookies = scene.address(self.stack, self.people), scene.cookies(self.people)
        return visit(self.browser, self.wire, self.stack.app, address, cookies, text=scene.text, slow=slow)


def has_chromium() -> bool:
    """Whether there is a browser to measure with."""
    return any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))


@contextmanager
def open_lab(browser: Browser, stack: Stack) -> Iterator[Lab]:
    """A lab on a running stack, with a supporter of its own."""
    with open_wire() as wire:
        yield Lab(browser, wire, stack, people(browser, stack, "lab@example.org"))


def measured(step: Callable[[], None], rounds: int = ROUNDS) -> Visits:
    """Every scene so many times, in turns; `step` is told of each visit."""
    told: dict[Scene, list[Visit]] = {scene: [] for scene in SCENES}
    with (
        tempfile.TemporaryDirectory(prefix="spilno-lab-") as directory,
        Stack(Path(directory) / "data").running() as stack,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS)) as browser,
        open_lab(browser, stack) as lab,
    ):
        lab.visit(SCENES[0], slow=False)  # what the local servers do once is not a reader's time
        for _ in range(rounds):
            for scene in SCENES:
                told[scene].append(lab.visit(scene, slow=True))
                step()
    return told
