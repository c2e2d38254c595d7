"""The pictures in `docs/pictures/`: `make pictures` makes them anew, on a stack of its own.

WebP as Chromium itself writes it, at half the size of PNG and without another dependency. Nothing moves and no caret
blinks, so that what did not change is the same file again. Which pictures there are: `picture_list.py`.
"""

import base64
import re
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from testkit.chromium import ARGUMENTS, executable
from testkit.stack import Stack
from tests.stories.conftest import prepared
from tests.stories.hidden import first_words
from tests.stories.picture_list import FOLDER, LIMIT, NAMES, PAGE, WALKS, page
from tests.stories.reader import Reader

PHONE, DESK = (360, 740), (1100, 740)


@dataclass
class Album:
    """Takes the pictures of one walk, and remembers how large each became. What is not listed is not taken."""

    walk: str
    sizes: dict[str, int] = field(default_factory=dict)

    def take(self, page: Page, state: str, *, whole: bool = False) -> None:
        """What the window shows now, or the whole page; at the best quality that fits."""
        name = f"{self.walk}{state}"
        if name not in NAMES:
            return
        page.wait_for_load_state("networkidle")
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement?.blur(); document.fonts.ready")
        window = page.viewport_size
        if whole and window:
            page.set_viewport_size({**window, "height": page.evaluate("document.documentElement.scrollHeight")})
        camera = page.context.new_cdp_session(page)
        for quality in (80, 65, 50, 35):
            shot = camera.send("Page.captureScreenshot", {"format": "webp", "quality": quality})
            picture = base64.b64decode(shot["data"])
            if len(picture) < LIMIT:
                break
        camera.detach()
        if whole and window:
            page.set_viewport_size(window)
        (FOLDER / f"{name}.webp").write_bytes(picture)
        self.sizes[name] = len(picture)


def somebody(browser: Browser, stack: Stack, walk: str) -> Reader:
    """A reader of this walk: language, window, light or dark. Nothing on their pages moves."""
    width, height = PHONE if "phone" in walk else DESK
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="en-GB" if walk.startswith("en-") else "uk-UA",
        timezone_id="Europe/Kyiv",
        reduced_motion="reduce",
        color_scheme="dark" if "dark" in walk else "light",
    )
    context.set_default_timeout(15_000)
    return Reader(context, stack, f"{walk}oksana@example.org")


def show(reader: Reader, selector: str, above: int = 24) -> None:
    """Scroll so that this stands at the top of the window."""
    script = "(one, above) => scrollTo(0, one.getBoundingClientRect().top + scrollY - above)"
    reader.page.locator(selector).first.evaluate(script, above)


def walk_through(album: Album, reader: Reader) -> None:
    """From the front page over a gift to the open article, the account and the mail."""
    english = album.walk.startswith("en-")
    ending, front = ("-en", "/en/") if english else ("", "/")
    lang = "en" if english else "uk"
    tab, article = reader.page, f"demo-members{ending}"
    reader.opens(front)
    tab.locator("spilno-donate").get_by_role("button").wait_for()
    album.take(tab, "front-page")
    reader.opens_article(f"demo-open{ending}")
    tab.locator("spilno-donate").get_by_role("button").click()
    show(reader, ".appeal")
    album.take(tab, "article-appeal")
    reader.opens_hosted(f"/donate?lang={lang}&interval=month")
    album.take(tab, "donate", whole=True)
    reader.opens_article(article)
    reader.button.wait_for()
    show(reader, "spilno-wall [part~=appeal]", 60)
    album.take(tab, "wall-closed")
    tab.locator("spilno-wall input[name=amount]").nth(1).check()
    reader.goes_to_pay()
    album.take(tab, "checkout-stand-in")
    reader.pays()
    reader.sees_the_way_back_from_paying()
    album.take(tab, "thank-you", whole=True)
    reader.enters(reader.code())
    reader.sees(first_words(article))
    show(reader, "spilno-wall > h2:last-of-type", 160)
    album.take(tab, "wall-open")
    reader.opens_hosted(f"/account?lang={lang}")
    album.take(tab, "account", whole=True)
    gift = re.sub(r"/stop.*", "", str(tab.locator("a[href*='/account/gifts/'][href*='/stop']").get_attribute("href")))
    tab.goto(f"{gift}?lang={lang}")
    tab.locator("label[for^='amount-']").last.click()
    tab.locator("#give").click()
    tab.locator("#preview").wait_for()
    album.take(tab, "account-change", whole=True)
    tab.goto(f"{gift}/stop?lang={lang}")
    album.take(tab, "account-stop", whole=True)
    tab.goto(f"{reader.stack.mail}/?to={reader.email}")
    tab.get_by_role("link", name=re.compile("Дякуємо|Thank")).first.click()
    album.take(tab, "mail")


def of_the_elements(album: Album, reader: Reader) -> None:
    """The page where designers look at all of them."""
    reader.opens("/elements")
    button = reader.page.locator(".specimen:has(#wall-sign_in) .dark").get_by_role("button")
    expect(button.first).to_be_visible()
    show(reader, ".specimen:has(#donate-full)", 60)
    album.take(reader.page, "elements")


def made(browser: Browser, stack: Stack) -> dict[str, int]:
    """Make all pictures; answers the size of each."""
    sizes: dict[str, int] = {}
    for walk in WALKS:
        album, reader = Album(walk), somebody(browser, stack, walk)
        walk_through(album, reader)
        of_the_elements(album, reader)
        reader.context.close()
        sizes |= album.sizes
    return sizes


def main() -> None:
    """Make all pictures and their page, and take away what is no longer listed.

    :raises SystemExit: one of them is too large, or was never taken.
    """
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        prepared(Path(folder)).running() as stack,
        playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS)) as browser,
    ):
        sizes = made(browser, stack)
    for path in FOLDER.glob("*.webp"):
        if path.stem not in NAMES:
            path.unlink()
    PAGE.write_text(page(), "utf-8")
    sys.stdout.writelines(f"{size:>7} {name}.webp\n" for name, size in sorted(sizes.items()))
    too_large = [name for name, size in sizes.items() if size >= LIMIT]
    if wrong := sorted([*too_large, *(NAMES - set(sizes))]):
        sys.exit(f"Larger than {LIMIT} bytes, or never taken: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
