"""The donation page in Chromium, served by the app: within a phone's first screen, changed in place, nothing lost."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

import localdev
from chalicelib import wiring
from chalicelib.kernel.moments import month_of
from chalicelib.supporters.rows import how_many
from chalicelib.supporters.rules.givers import HowMany
from testkit.app_server import Answered, app, served
from testkit.harness import Harness

pytestmark = pytest.mark.browser
PICTURE = (Path(localdev.__file__).parent / "site" / "static" / "editor.svg").read_bytes()
WIDTH, HEIGHT = 360, 740
Opens = Callable[..., "Tab"]


@dataclass
class Tab:
    """A tab of a phone, with what the servers were asked for and what went wrong in it."""

    page: Page
    address: str
    asked: list[str]
    troubles: list[str] = field(default_factory=list)

    def goes(self, query: str) -> "Tab":
        self.page.goto(f"{self.address}/donate?{query}")
        return self

    @property
    def chosen(self) -> str:
        return self.page.locator("input[name=amount]:checked").input_value()

    @property
    def focused(self) -> str:
        return str(self.page.evaluate("document.activeElement.id"))


@pytest.fixture
def opens(harness: Harness, browser: Browser) -> Iterator[Opens]:
    """A tab of a phone before the app, with a picture of the editor and a number of supporters."""
    month = month_of(harness.now(), harness.newsroom.zone)
    how_many.write(harness.table, HowMany(1234, 138, month, harness.now()))
    contexts = []

    asked: list[str] = []
    by_the_app = app()

    def a_picture(request: BaseHTTPRequestHandler, _body: bytes) -> Answered:
        asked.append(request.path)
        return 200, [("Content-Type", "image/svg+xml"), ("Cache-Control", "max-age=600")], PICTURE

    def a_page(request: BaseHTTPRequestHandler, body: bytes) -> Answered:
        asked.append(request.path)
        return by_the_app(request, body)

    with served(a_picture) as site, served(a_page) as port:
        wired, address = wiring.current(), f"http://127.0.0.1:{port}"
        wired.settings = wired.settings._replace(public_url=address, site_origins=(f"http://127.0.0.1:{site}",))

        def opened(locale: str = "uk", *, javascript: bool = True) -> Tab:
            context = browser.new_context(
                viewport={"width": WIDTH, "height": HEIGHT}, locale=locale, java_script_enabled=javascript
            )
            contexts.append(context)
            tab = Tab(context.new_page(), address, asked)
            tab.page.on("pageerror", lambda error: tab.troubles.append(str(error)))
            tab.page.on("console", lambda line: tab.troubles.append(line.text))
            return tab

        yield opened
        for context in contexts:
            context.close()


@pytest.mark.parametrize("lang", ["uk", "en"])
def test_amount_and_button_stand_within_the_first_screen_of_a_phone(opens: Opens, lang: str) -> None:
    tab = opens().goes(f"lang={lang}")
    for seen in (tab.page.locator(".who img"), tab.page.locator(".fact"), tab.page.locator("#own + label")):
        expect(seen).to_be_in_viewport(ratio=1)
    assert tab.page.locator(".who img").evaluate("image => image.naturalWidth") > 0, "the policy lets it in"
    for interval in ("once", "year", "month"):
        tab.goes(f"lang={lang}&interval={interval}&currency=eur")
        button = tab.page.locator("#give").bounding_box()
        assert button
        assert button["y"] + button["height"] <= HEIGHT, (interval, button)
    assert tab.troubles == []
    # The page, its script and the picture; the script once.
    first = sorted(one.partition("?")[0] for one in tab.asked[:3])
    assert first == ["/donate", "/donate.js", "/static/editor.svg"]
    assert {one.partition("?")[0] for one in tab.asked[3:]} == {"/donate"}, "the others are kept"
    assert len(tab.page.content().encode()) < 27_000


def test_rhythm_currency_and_language_change_in_place(opens: Opens) -> None:
    tab = opens().goes("campaign=winter&currency=eur")
    page = tab.page
    page.evaluate("window.stays = true")
    page.locator("#amount-1000 + label").click()
    page.get_by_role("button", name="Щороку").click()
    expect(page.locator("[name=interval]")).to_have_value("year")
    assert (tab.chosen, tab.focused) == ("10000", "to-interval-year"), "the third of four stays the third"
    said = page.locator("body > .unseen[role=status]")
    expect(said).to_have_text("Обрано: 100 € щороку")
    page.get_by_role("button", name="₴ UAH").click()
    expect(page.locator("[name=currency]")).to_have_value("uah")
    assert (tab.chosen, tab.focused) == ("500000", "to-currency-eur")
    page.locator("#own + label").click()
    page.locator("#own-amount").fill("750,50")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.title() == "Support us · Nadrichchia News"
    assert (tab.chosen, page.locator("#own-amount").input_value(), tab.focused) == ("own", "750,50", "to-lang-uk")
    expect(page.locator("#give")).to_have_text("Support us: ₴750.50 a year")
    assert page.evaluate("window.stays"), "nothing was loaded anew"
    assert page.locator("[name=campaign]").input_value() == "winter"
    # The address says what is chosen, for whoever loads it anew.
    page.reload()
    assert (tab.chosen, page.locator("#own-amount").input_value()) == ("own", "750,50")
    assert "to=" not in page.url
    assert "attempt=" not in page.url
    assert tab.troubles == []


def test_what_is_typed_while_the_answer_is_on_its_way_stays(opens: Opens) -> None:
    tab = opens().goes("currency=eur&amount=own&own_amount=7")
    held: list[Route] = []
    tab.page.route("**/donate?**to=**", lambda route: held.append(route))  # noqa: PLW0108 - it wants a function
    tab.page.get_by_role("button", name="Щороку").click()
    tab.page.locator("#own-amount").fill("77")
    tab.page.wait_for_timeout(50)
    held.pop().continue_()
    expect(tab.page.locator("[name=interval]")).to_have_value("year")
    expect(tab.page.locator("#own-amount")).to_have_value("77")
    assert tab.focused == "own-amount"


def test_where_the_answer_cannot_be_fetched_the_page_is_loaded_as_without_a_script(opens: Opens) -> None:
    tab = opens().goes("currency=eur&amount=1000")
    tab.page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('no network')); }")
    tab.page.get_by_role("button", name="Щороку").click()
    expect(tab.page.locator("[name=interval]")).to_have_value("year")
    assert tab.chosen == "10000"


def test_without_a_script_the_same_choices_are_kept(opens: Opens) -> None:
    tab = opens(javascript=False).goes("currency=eur&lang=uk&campaign=winter")
    page = tab.page
    page.locator("#amount-1000 + label").click()
    page.get_by_role("button", name="Щороку").click()
    assert tab.chosen == "10000"
    page.locator("#own + label").click()
    page.get_by_label("Ваша сума").fill("47,5")
    page.get_by_role("button", name="English").click()
    assert (tab.chosen, page.get_by_label("Your amount").input_value()) == ("own", "47,5")
    assert page.locator("[name=campaign]").input_value() == "winter"


@pytest.mark.parametrize("javascript", [True, False])
def test_nothing_is_lost_while_stripe_is_down(opens: Opens, harness: Harness, javascript: bool) -> None:
    tab = opens(javascript=javascript).goes("currency=eur&lang=uk&campaign=winter&interval=year")
    page = tab.page
    harness.stripe.down = True
    page.locator("#own + label").click()
    page.get_by_label("Ваша сума").fill("47,5")
    attempt = page.locator("[name=attempt]").input_value()
    page.get_by_label("Ваша сума").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Платіжна система зараз не відповідає.")
    expect(page.get_by_role("alert")).to_be_focused()
    kept = {name: page.locator(f"[name={name}]").input_value() for name in ("interval", "currency", "campaign")}
    assert kept == {"interval": "year", "currency": "eur", "campaign": "winter"}
    assert (tab.chosen, page.get_by_label("Ваша сума").input_value()) == ("own", "47,5")
    assert page.locator("[name=attempt]").input_value() == attempt, "to be sent once more as it is"
    harness.stripe.down = False
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_role("button", name="Спробувати ще раз").click()
    fields = sent.value.post_data_json or {}
    assert (fields["attempt"], fields["own_amount"], fields["campaign"]) == (attempt, "47,5", "winter")
    page.wait_for_timeout(100)
    assert len(harness.stripe.of("checkout.session")) == 1
