"""One visit of one page in Chromium: every request that it makes, what they weigh, and when what matters is there."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession, Page, ViewportSize

# Lighthouse's slow phone: https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md, with twice its
# latency, as far from a city.
SLOW_PHONE = {"offline": False, "latency": 300, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
SLOWER_CPU = 4
SIZE: ViewportSize = {"width": 360, "height": 740}
_QUIET = 500  # milliseconds without a request or anything new to see, after which a page is finished
_WATCH = """({ button, text }) => {
  if (window.top !== window) return;
  const lab = (window.__lab = { cls: 0, lcp: 0, changed: 0, seen: {} });
  const observe = (type, each) => new PerformanceObserver((list) => list.getEntries().forEach(each))
    .observe({ type, buffered: true });
  observe("layout-shift", (one) => { if (!one.hadRecentInput) lab.cls += one.value; });
  observe("largest-contentful-paint", (one) => { lab.lcp = one.startTime; });
  const there = (one) => one.checkVisibility() && one.getBoundingClientRect().height > 0;
  const buttons = (root) => [...root.querySelectorAll("*")].flatMap((one) =>
    [...(one.localName === "button" ? [one] : []), ...(one.shadowRoot ? buttons(one.shadowRoot) : [])]);
  // Where there is a wall its own button counts: the page's general one stands there before and may go.
  const asking = () => {
    const wall = document.querySelector("spilno-wall");
    return wall ? (wall.shadowRoot ? buttons(wall.shadowRoot) : []) : buttons(document);
  };
  const is = {
    button: () => asking().some((one) =>
      new RegExp(button).test(one.textContent.trim()) && there(one) && !one.disabled && one.ariaDisabled !== "true"),
    text: () => text && document.body?.innerText.includes(text),
    heading: () => [...document.querySelectorAll("h1")].some(there),
  };
  const look = () => {
    for (const [name, found] of Object.entries(is))
      if (!(name in lab.seen) && found()) lab.seen[name] = lab.changed = performance.now();
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


@dataclass
class Asked:
    """One request: what was asked, and what came. `wire` is with headers, as it came; `plain` the body unpacked."""

    method: str
    url: str
    status: int = 0
    wire: int = 0
    plain: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    done: bool = False

    @property
    def cacheable(self) -> bool:
        """Whether any cache between may keep it for everybody."""
        told = self.headers.get("cache-control", "")
        return self.method == "GET" and "public" in told and "max-age=0" not in told and not self._of_the_reader

    @property
    def _of_the_reader(self) -> bool:
        return "set-cookie" in self.headers or "cookie" in self.headers.get("vary", "").lower()


@dataclass(frozen=True)
class Visit:
    """What a visit asked for, and milliseconds from its start until something was there; None: it never was."""

    asked: Sequence[Asked]
    api: str
    button: float | None
    text: float | None
    heading: float | None
    largest: float
    shifted: float

    @property
    def wire(self) -> int:
        """Bytes over the wire, compressed, with the answers' headers."""
        return sum(one.wire for one in self.asked)

    @property
    def plain(self) -> int:
        """Bytes of all bodies, unpacked."""
        return sum(one.plain for one in self.asked)

    @property
    def calls(self) -> list[Asked]:
        """What was asked of the API's `/v1`, preflights included."""
        return [one for one in self.asked if one.url.startswith(f"{self.api}/v1/")]

    @property
    def own_calls(self) -> list[Asked]:
        """Those that no cache can answer for everybody."""
        return [one for one in self.calls if not one.cacheable]

    def told(self) -> str:
        """Every request on a line, for whoever wonders."""
        return "\n".join(
            f"{one.method} {urlsplit(one.url).path} {one.status} {one.wire} ({one.plain})"
            f"{' public' if one.cacheable else ''}"
            for one in self.asked
        )


def visit(
    browser: Browser,
    wire: str,
    api: str,
    address: str,
    cookies: Any = None,
    *,
    text: str = "",
    html: str = "",
    slow: bool = True,
) -> Visit:
    """Open a page with an empty cache and these cookies, and wait until nothing happens any more.

    :param wire: the proxy's address.
    :param cookies: the storage of a browser that somebody used before; none: a stranger's.
    :param html: what stands at the address in the place of the site's own page.
    :param text: what is to be read in the end, beside the button and the heading.
    :param slow: as a slow phone; else as this machine does it, for whoever counts requests only.
    """
    context = browser.new_context(
        viewport=SIZE,
        locale="uk-UA",
        timezone_id="Europe/Kyiv",
        proxy={"server": wire, "bypass": "<-loopback>"},
        storage_state=cookies,
    )
    context.set_default_timeout(60_000)
    try:
        page = context.new_page()
        wanted = {"button": "^(Підтрим|Support)", "text": text}
        page.add_init_script(f"({_WATCH})({json.dumps(wanted)})")
        asked = _listen(context.new_cdp_session(page), slow=slow)
        if html:
            page.route(address, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        page.goto(address, wait_until="load")
        _wait(page, asked)
        lab = page.evaluate("window.__lab")
    finally:
        context.close()
    seen = lab["seen"]
    return Visit(
        list(asked.values()),
        api,
        seen.get("button"),
        seen.get("text"),
        seen.get("heading"),
        lab["lcp"],
        lab["cls"],
    )


def _listen(tools: CDPSession, *, slow: bool) -> dict[str, Asked]:
    """Everything that the page asks for from now on, by Chromium's own number; redirects as requests of their own."""
    asked: dict[str, Asked] = {}

    def begins(event: dict[str, Any]) -> None:
        before = event.get("redirectResponse")
        number = event["requestId"]
        if before and number in asked:
            answers({"requestId": number, "response": before})
            asked[number].done = True
            asked[f"{number}, redirect {len(asked)}"] = asked.pop(number)
        asked[number] = Asked(event["request"]["method"], event["request"]["url"])

    def answers(event: dict[str, Any]) -> None:
        one = asked[event["requestId"]]
        one.status = event["response"]["status"]
        one.wire = int(event["response"].get("encodedDataLength") or 0)
        heads({"requestId": event["requestId"], "headers": event["response"]["headers"]})

    def heads(event: dict[str, Any]) -> None:
        """Also as they came: what a page may not see, such as Set-Cookie, stands here alone."""
        if one := asked.get(event["requestId"]):
            one.headers |= {name.lower(): value for name, value in event["headers"].items()}

    def comes(event: dict[str, Any]) -> None:
        asked[event["requestId"]].plain += event["dataLength"]

    def ends(event: dict[str, Any]) -> None:
        asked[event["requestId"]].wire = int(event["encodedDataLength"])
        asked[event["requestId"]].done = True

    def fails(event: dict[str, Any]) -> None:
        asked[event["requestId"]].done = True

    tools.on("Network.requestWillBeSent", begins)
    tools.on("Network.responseReceived", answers)
    tools.on("Network.dataReceived", comes)
    tools.on("Network.responseReceivedExtraInfo", heads)
    tools.on("Network.loadingFinished", ends)
    tools.on("Network.loadingFailed", fails)
    tools.send("Network.enable")
    if slow:
        tools.send("Network.emulateNetworkConditions", SLOW_PHONE)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_CPU})
    return asked


def _wait(page: Page, asked: Mapping[str, Asked]) -> None:
    """Until everything came and nothing new was asked for or seen for a while."""
    before: object = None
    while True:
        now = (len(asked), page.evaluate("window.__lab.changed"))
        if now == before and all(one.done for one in asked.values()):
            return
        before = now
        page.wait_for_timeout(_QUIET)
