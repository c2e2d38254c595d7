"""`/read/{id}` in Chromium, with articles as content management systems write them."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Route, expect

from chalicelib.articles.rules.structured_data import script_text, structured_data
from chalicelib.http import pages
from chalicelib.newsroom.frames import USUAL
from chalicelib.reading.views.pages import AboutArticle, Appeal, ReadPage
from tests.pages import samples

pytestmark = pytest.mark.browser
BODIES = Path(__file__).parents[1] / "bodies"
SITE = "https://news.example"
HERE = f"{samples.PUBLIC_URL}/read/mist"
UNCLOSED = [
    "<p>Початок<!-- wp:more",
    "<div><p>Початок</div></div></main>",
    "<table><tr><td>Початок",
    "<p>Початок<script>x(",
]
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000"
    "000049454e44ae426082"
)


class Shown:
    """The page in a tab, with all that it asked for and complained about. Nothing leaves the browser."""

    def __init__(
        self,
        context: BrowserContext,
        html: str,
        *,
        teaser: bool = False,
        lang: str = "uk",
        about: AboutArticle | None = None,
    ) -> None:
        appeal = Appeal(samples.form(lang, amount=300, interval="month"), samples.ATTEMPT, samples.ATTEMPT)
        page = ReadPage(
            "Міст",
            html,
            url=f"{SITE}/2026/11/mist/",
            here=HERE,
            open=not teaser,
            reason="sign_in" if teaser else "supporter",
            appeal=appeal if teaser else None,
            signed_in=not teaser,
            frames=USUAL,
            about=about,
        )
        layout = samples.layout(lang)
        self.asked: dict[str, str] = {}
        self.complaints: list[str] = []
        self._html = pages.render(page, layout)
        self._policy = pages.content_security_policy(page, layout)
        context.route("**/*", self._answer)
        self.tab: Page = context.new_page()
        self.tab.on("console", lambda message: self.complaints.append(message.text))
        self.tab.goto(HERE)

    def _answer(self, route: Route) -> None:
        url = route.request.url
        self.asked[url] = route.request.headers.get("referer", "")
        if url == HERE:
            headers = {"Content-Security-Policy": self._policy, "Referrer-Policy": "same-origin"}
            route.fulfill(body=self._html, content_type="text/html; charset=utf-8", headers=headers)
        elif route.request.resource_type == "image":
            route.fulfill(body=PICTURE, content_type="image/png")
        else:
            route.fulfill(body="<title>there</title>", content_type="text/html")


@pytest.mark.parametrize("teaser", UNCLOSED)
def test_the_appeal_the_sign_in_and_the_foot_stand_after_any_teaser(context: BrowserContext, teaser: str) -> None:
    tab = Shown(context, teaser, teaser=True).tab
    expect(tab.locator("article .text")).to_contain_text("Початок")
    expect(tab.locator("main > section")).to_have_count(2)
    expect(tab.locator("main > section button").first).to_be_visible()
    expect(tab.locator("input[type=email]")).to_be_visible()
    expect(tab.locator("body > footer")).to_be_visible()


@pytest.mark.parametrize("teaser", UNCLOSED)
def test_put_on_the_page_as_it_is_it_takes_them_away(context: BrowserContext, teaser: str) -> None:
    """The negative control."""
    shown = Shown(context, "<p>HERE</p>", teaser=True)
    shown._html = shown._html.replace("<p>HERE</p>", teaser)
    shown.tab.reload()
    assert shown.tab.locator("main > section").count() < 2


@pytest.mark.parametrize("name", ["gutenberg", "ghost", "old"])
@pytest.mark.parametrize("width", [360, 1280])
def test_an_article_of_each_time_fits_the_page_and_says_nothing_wrong(
    context: BrowserContext, name: str, width: int
) -> None:
    shown = Shown(context, (BODIES / f"{name}.html").read_text(encoding="utf-8"))
    shown.tab.set_viewport_size({"width": width, "height": 800})
    assert shown.tab.evaluate("document.documentElement.scrollWidth") == width
    assert [one for one in shown.complaints if "404" not in one] == []
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    results = Axe().run(shown.tab, options={"runOnly": rules, "iframes": False})
    assert results.violations_count == 0, results.generate_report()
    # Nothing is asked of the page's own host but the page: pictures are where the newsroom has them.
    assert [url for url in shown.asked if url.startswith(samples.PUBLIC_URL)] == [HERE]


def test_what_search_engines_are_told_is_data_that_the_policy_lets_stand(context: BrowserContext) -> None:
    """Whatever stands in it: no script runs, no policy is violated, and the page's own parser reads it whole."""
    awkward = '«Сім\'я» & сім’я</script><script>document.title = "run"</script><!-- 🙂 \u2028'
    about = structured_data(headline=awkward, url=f"{SITE}/mist/", publisher=awkward, free=False, tags=[awkward])
    described = AboutArticle(awkward, script_text(about), "https://support.news.example/license.xml", free=False)
    shown = Shown(context, "<p>Початок</p>", teaser=True, about=described)
    blocks = shown.tab.locator("script").evaluate_all("all => all.map(one => [one.type, JSON.parse(one.text)])")
    assert blocks == [["application/ld+json", about]]
    assert shown.complaints == []
    assert shown.tab.title().startswith("Міст")
    assert shown.tab.locator('meta[property="og:description"]').get_attribute("content") == awkward
    assert shown.tab.locator(".spilno-wall").count() == 1
    assert shown.tab.locator(".spilno-wall").inner_text() == "Початок"


def test_a_script_in_its_place_would_be_refused_and_told(context: BrowserContext) -> None:
    """The negative control."""
    described = AboutArticle("", "1</script><script>document.title = 'run'", "", free=False)
    assert any("Content Security Policy" in one for one in Shown(context, "<p>а</p>", about=described).complaints)


def test_frames_media_and_pictures_load_and_only_frames_learn_which_site_this_is(context: BrowserContext) -> None:
    shown = Shown(context, (BODIES / "gutenberg.html").read_text(encoding="utf-8"))
    shown.tab.locator("iframe").first.scroll_into_view_if_needed()
    shown.tab.wait_for_load_state("networkidle")
    video = "https://www.youtube.com/embed/dQw4w9WgXcQ"
    assert shown.asked[video] == f"{samples.PUBLIC_URL.partition('/support')[0]}/"
    for path in ("/wp-content/uploads/2026/11/a.jpg", "/b.jpg", "/wp-content/uploads/v.mp4"):
        assert shown.asked[f"{SITE}{path}"] == ""
    assert not any("facebook" in url or "telegram" in url or "twitter" in url for url in shown.asked)


def test_no_script_of_an_article_runs_and_no_style_covers_the_form(context: BrowserContext) -> None:
    html = """
        <script>document.title = "run"</script><img src="/x" onerror="document.title = 'run'">
        <svg onload="document.title = 'run'"></svg>
        <iframe srcdoc="<script>parent.document.title='run'</script>"></iframe>
        <style>main { display: none }</style><div style="position:fixed;inset:0">over</div>
    """
    shown = Shown(context, html, teaser=True)
    shown.tab.locator("input[type=email]").click(timeout=2000)
    assert shown.tab.title() != "run"
