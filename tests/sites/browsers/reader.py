"""A reader in a browser that is driven by WebDriver, with a phone's width: what they see, press and write."""

import json
import re
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from selenium.common.exceptions import NoSuchFrameException
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from urllib3.exceptions import ReadTimeoutError

from testkit.stack import Stack
from testkit.waiting import until
from tests.stories.reader import CARD

# What can be seen and matches, in the page and in the elements' own parts.
_SEEN = r"""
const [css, words] = arguments, found = [], wanted = words && new RegExp(words, "u");
const look = (root) => {
  for (const one of root.querySelectorAll("*")) {
    const text = one.textContent.replace(/\s+/g, " ").trim();
    const visible = one.checkVisibility() && one.getClientRects().length;
    if (visible && one.matches(css) && (!wanted || wanted.test(text))) found.push(one);
    if (one.shadowRoot) look(one.shadowRoot);
  }
};
look(document);
return found;
"""
_TEXT = "h1, h2, h3, p, li, label, legend, strong"
_MOST_LOST = 3  # answers of a driver, one after the other; more is a driver that is gone
_CODE = re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$", re.MULTILINE)


@dataclass(frozen=True)
class Origins:
    """A running stack as its readers reach it: the website's origin and the API's."""

    stack: Stack
    site: str
    app: str


@dataclass
class Reader:
    """Somebody with this browser and an address of their own. `complaints`: what their console complained of."""

    driver: WebDriver
    newsroom: Origins
    pictures: Path
    complaints: Callable[[], list[str]]

    def __post_init__(self) -> None:
        self.email = f"reader-{uuid.uuid4().hex[:10]}@example.org"

    # ---- Going somewhere

    def opens(self, path: str) -> None:
        """A page of the news site."""
        self._leaves(lambda _page: self.driver.get(f"{self.newsroom.site}{path}"))

    def opens_article(self, name: str = "demo-members") -> None:
        """An article of the news site."""
        self.opens(f"/articles/{name}")

    def opens_hosted(self, path: str) -> None:
        """A page of Spilno's own."""
        self._leaves(lambda _page: self.driver.get(f"{self.newsroom.app}{path}"))

    def goes_back(self, to: str, pages: int = 1) -> None:
        """The browser's own way back, until the page with this in its address is there.

        Asked by a script, since WebKit's driver may wait for ever for a page that is loaded in another process.
        """
        go = "if (window.left === arguments[1]) setTimeout((pages) => history.go(-pages), 0, arguments[0])"
        self._leaves(lambda page: self._asks(go, pages, page))
        self.is_at(to)

    def _leaves(self, go: Callable[[str], object]) -> None:
        """Wait until another page is there: WebKit's driver does not, see its options. `go` gets this page's mark."""
        mark = uuid.uuid4().hex  # a page from the back-forward cache still has that of an earlier leave
        self._asks("window.left = arguments[0]", mark)
        go(mark)
        there = "return window.left !== arguments[0] && document.readyState === 'complete'"
        until(lambda: self._asks(there, mark), "another page")

    def _asks(self, script: str, *arguments: object) -> Any:
        """The script's answer from the page that is there, once one is: a page that leaves never answers.

        Most drivers say that it left. WebKit's may lose the question with the page, and then nothing comes: the same
        question is asked again, so a script that is asked here must bear being run twice.
        """
        lost = 0
        for _ in range(20):
            with suppress(NoSuchFrameException):
                try:
                    return self.driver.execute_script(script, *arguments)
                except ReadTimeoutError:
                    lost += 1
                    if lost == _MOST_LOST:
                        raise
        raise AssertionError("Pages left faster than they could be asked.")

    def is_at(self, part: str) -> None:
        """Wait until the page with this in its address is there."""
        ready = "return document.readyState === 'complete'"
        until(lambda: part in self.address and self._asks(ready), f"a page at …{part}…")

    @property
    def address(self) -> str:
        """The page's own. What a driver calls the current address may be one that is on its way."""
        return str(self._asks("return location.href"))

    # ---- Seeing

    def seen(self, css: str, words: str = "") -> list[WebElement]:
        """Everything that can be seen now and matches; `words` is a pattern for its text."""
        found: list[WebElement] = self._asks(_SEEN, css, words)
        return found

    def sees(self, words: str, css: str = _TEXT) -> WebElement:
        """Wait until these words can be read; answers what holds them."""
        return self._waits_for(css, re.sub(r"[][^$\\.*+?(){}|/]", r"\\\g<0>", words), words)

    def wall_is(self, state: str) -> None:
        """Wait until the wall says so."""
        until(lambda: self.seen(f"spilno-wall[state={state}]"), f"a wall with state={state}: {self.address}")

    def light_text(self) -> str:
        """What stands in the wall's light DOM, in one line."""
        script = "return document.querySelector('spilno-wall').textContent.replace(/\\s+/g, ' ')"
        return str(self._asks(script))

    def takes_a_picture(self, name: str) -> None:
        """What the window shows, for whoever wants to look."""
        self.driver.save_screenshot(str(self.pictures / f"{name}.png"))

    def _waits_for(self, css: str, pattern: str, what: str) -> WebElement:
        found: list[WebElement] = []

        def look() -> bool:
            found[:] = self.seen(css, pattern)
            return bool(found)

        try:
            until(look, what, 15)
        except TimeoutError:
            self.takes_a_picture("in-vain")
            told = self._asks("return document.body.innerText")
            raise AssertionError(f"{what!r} is not to be seen at {self.address}: {told}") from None
        return found[0]

    # ---- Pressing and writing

    def presses(self, words: str, css: str = "button, a, label") -> None:
        """What says this, from its beginning."""
        self._within_reach(css, f"^{words}", words).click()

    def writes(self, name: str, text: str) -> None:
        """Into the field of this name, over what stands there."""
        field = self._within_reach(f"input[name={name}]", "", f"a field {name}")
        field.clear()
        field.send_keys(text)

    def _within_reach(self, css: str, pattern: str, what: str) -> WebElement:
        # WebKit's driver does not wait until a smooth scroll has ended.
        one = self._waits_for(css, pattern, what)
        self._asks("arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })", one)
        return one

    def reads_off(self, name: str) -> str:
        """What the field of this name holds, the chosen one of several."""
        script = "return new FormData(document.querySelector('form[data-giving]')).get(arguments[0])"
        return str(self._asks(script, name))

    # ---- What they do with it

    def pays(self) -> None:
        """Fill in Stripe's page (here: the stand-in's), send it, and come back."""
        self.is_at("/c/pay/cs_")
        wanted = {"email": self.email, "number": CARD, "expiry": "12 / 35", "cvc": "123", "name": "Оксана Читачка"}
        for name, text in wanted.items():
            self.writes(name, text)
        self.presses("(Subscribe|Donate)", "button")
        self.is_at("/thanks/cs_")

    def gives(self) -> None:
        """The whole way from an article's wall to the thank-you page, as its button proposes."""
        self.opens_article()
        self.wall_is("closed")
        self.presses("Підтримувати: .*щомісяця", "button")
        self.pays()
        self.sees("Дякуємо", "h1")

    def asks_for_a_code(self) -> str:
        """Write the own address into the form on the page and send it; answers the code from the new mail."""
        before = len(self._codes())
        self.writes("email", self.email)
        self.presses("Надіслати код", "button")
        until(lambda: len(self._codes()) > before, f"a code for {self.email}")
        return self._codes()[0]

    def signs_in(self) -> None:
        """On Spilno's own page, with a new mail."""
        self.opens_hosted("/sign-in?lang=uk")
        code = self.asks_for_a_code()
        self.writes("code", code)
        self.presses("Увійти", "button")

    def session(self) -> dict[str, Any]:
        """What the API says to the page that is open, with this browser's cookies."""
        script = """
        const [address, done] = arguments;
        fetch(address, { credentials: "include" }).then((answer) => answer.text()).then(done);
        """
        told: dict[str, Any] = json.loads(self.driver.execute_async_script(script, f"{self.newsroom.app}/v1/session"))
        return told

    def _codes(self) -> list[str]:
        answer = requests.get(f"{self.newsroom.stack.mail}/messages", params={"to": self.email}, timeout=10)
        return [found.group() for mail in answer.json() if (found := _CODE.search(mail["text"]))]
