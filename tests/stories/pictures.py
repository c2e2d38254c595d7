"""The pictures in `docs/pictures/`: `python -m tests.stories.pictures` makes them anew, on a stack of its own.

WebP as Chromium itself writes it, at half the size of PNG and without another dependency; each stays under 60 KB.
"""

import base64
import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from localdev.ports import ROOT
from testkit.chromium import ARGUMENTS, executable
from testkit.stack import Stack
from tests.stories.conftest import prepared
from tests.stories.hidden import first_words
from tests.stories.reader import Reader

FOLDER = ROOT / "docs" / "pictures"
LIMIT = 60_000  # bytes
PHONE, DESK = (390, 844), (1100, 740)


class Album:
    """Takes pictures of pages and remembers how large each became."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sizes: dict[str, int] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, page: Page, name: str, *, whole: bool = False) -> None:
        """What the window shows now, or the whole page; at the best quality that fits."""
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        window = page.viewport_size
        if whole and window:
            page.set_viewport_size({**window, "height": page.evaluate("document.documentElement.scrollHeight")})
        camera = page.context.new_cdp_session(page)
        for quality in (85, 70, 55, 40):
            shot = camera.send("Page.captureScreenshot", {"format": "webp", "quality": quality})
            picture = base64.b64decode(shot["data"])
            if len(picture) < LIMIT:
                break
        camera.detach()
        if whole and window:
            page.set_viewport_size(window)
        (self.folder / f"{name}.webp").write_bytes(picture)
        self.sizes[name] = len(picture)


def visitor(browser: Browser, stack: Stack, size: tuple[int, int], lang: str = "uk-UA", email: str = "") -> Reader:
    """A reader with a window of this size who does not wait for smooth scrolling."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale=lang,
        timezone_id="Europe/Kyiv",
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    return Reader(context, stack, email or None)


def show(reader: Reader, selector: str, above: int = 24) -> None:
    """Scroll so that this stands at the top of the window."""
    script = "(one, above) => scrollTo(0, one.getBoundingClientRect().top + scrollY - above)"
    reader.page.locator(selector).first.evaluate(script, above)


def on_the_desk(album: Album, browser: Browser, stack: Stack) -> None:
    """The news site at a desk, from the front page to the account."""
    reader = visitor(browser, stack, DESK, email="oksana@example.org")
    page = reader.page
    reader.opens("/")
    page.locator("spilno-donate").get_by_role("button").wait_for()
    album.take(page, "front-page")
    reader.opens_article("demo-open")
    page.locator("spilno-donate").get_by_role("button").click()
    show(reader, ".appeal")
    page.mouse.move(0, 0)
    album.take(page, "article-appeal")
    reader.opens_article("demo-members")
    reader.button.wait_for()
    show(reader, "spilno-wall [part~=appeal]", 60)
    album.take(page, "wall-closed")
    reader.picks("5 €")
    reader.goes_to_pay()
    album.take(page, "checkout-stand-in")
    reader.pays()
    reader.sees_the_way_back_from_paying()
    album.take(page, "thank-you", whole=True)
    reader.enters(reader.code())
    reader.sees(first_words("demo-members"))
    show(reader, "spilno-wall > h2:last-of-type", 160)
    album.take(page, "wall-open")
    reader.opens_hosted("/account?lang=uk")
    album.take(page, "account", whole=True)
    page.goto(f"{stack.mail}/?to={reader.email}")
    page.get_by_role("link", name=re.compile("Дякуємо")).click()
    album.take(page, "mail")


def on_the_phone(album: Album, browser: Browser, stack: Stack) -> None:
    """The same newsroom on a phone: front page, wall, donation page, thank-you page, account."""
    reader = visitor(browser, stack, PHONE, email="petro@example.org")
    page = reader.page
    reader.opens("/")
    page.locator("spilno-donate").get_by_role("button").wait_for()
    album.take(page, "phone-front-page")
    reader.opens_article("demo-members")
    reader.button.wait_for()
    show(reader, "spilno-wall [part~=appeal]", 60)
    album.take(page, "phone-wall-closed")
    reader.opens_hosted(f"/donate?lang=uk&interval=once&return_to={stack.site}/articles/demo-members")
    album.take(page, "phone-donate", whole=True)
    reader.button.click()
    reader.is_at_the_payment_page()
    reader.pays()
    reader.sees_the_way_back_from_paying()
    album.take(page, "phone-thank-you", whole=True)
    reader.enters(reader.code())
    reader.sees(first_words("demo-members"))
    reader.opens_hosted("/account?lang=uk")
    album.take(page, "phone-account")


def in_english(album: Album, browser: Browser, stack: Stack) -> None:
    """Two pages as an English reader sees them."""
    reader = visitor(browser, stack, DESK, "en-GB")
    reader.opens_article("demo-members-en")
    reader.button.wait_for()
    show(reader, "spilno-wall [part~=appeal]", 60)
    album.take(reader.page, "en-wall-closed")
    phone = visitor(browser, stack, PHONE, "en-GB")
    phone.opens_hosted("/donate")
    album.take(phone.page, "en-phone-donate", whole=True)


def main() -> None:
    """Make all pictures.

    :raises SystemExit: one of them is too large.
    """
    album = Album(FOLDER)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        stack = prepared(Path(folder))
        stack.start()
        try:
            stack.wait_until_ready()
            browser = playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
            for series in (on_the_desk, on_the_phone, in_english):
                series(album, browser, stack)
            browser.close()
        finally:
            stack.stop()
    for name, size in sorted(album.sizes.items()):
        sys.stdout.write(f"{size:>7} {name}.webp\n")
    if too_large := [name for name, size in album.sizes.items() if size >= LIMIT]:
        sys.exit(f"Larger than {LIMIT} bytes: {', '.join(too_large)}")


if __name__ == "__main__":
    main()
