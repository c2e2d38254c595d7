"""Reading: what a stranger gets, what a supporter gets, and how it closes again."""

import html
import json
import re

import pytest
from playwright.sync_api import Response, expect

from testkit.chromium import ARGUMENTS, executable
from testkit.stack import Stack
from tests.stories.conftest import NewReader
from tests.stories.hidden import article, first_words, sentences
from tests.stories.reader import Reader

pytestmark = [pytest.mark.stack, pytest.mark.browser]
GATED = ("demo-members", "demo-sealed", "demo-patrons", "demo-members-en")


def test_a_stranger_is_sent_not_one_word_of_it(reader: Reader) -> None:
    """Front pages, articles, hosted pages, the API's answers and their headers: nothing from behind the wall."""
    arrived: list[Response] = []
    reader.page.on("response", lambda response: arrived.append(response))  # noqa: PLW0108 - Playwright marks it
    heard = ""
    for path in ("/", "/en/"):
        reader.opens(path)
        expect(reader.page.locator("spilno-donate").get_by_role("button")).to_be_visible()
        heard += drained(reader, arrived)
    for name in GATED:
        reader.opens_article(name)
        expect(reader.wall).to_have_attribute("state", "closed")
        heard += drained(reader, arrived) + reader.page.content()
        for hosted in ("read", "v1/articles"):
            reader.opens_hosted(f"/{hosted}/{name}")
            heard += drained(reader, arrived)
    assert all(article(name).teaser_html.split("</p>")[0] in heard for name in GATED), "the teasers are there"
    assert [sentence for name in GATED for sentence in sentences(name) if sentence in heard] == []


def drained(reader: Reader, arrived: list[Response]) -> str:
    """Every header and body that reached the browser since the last look, as one text; JSON unescaped too."""
    # What is still on its way when the reader leaves has no body any more.
    reader.page.wait_for_load_state("networkidle")
    texts = []
    while arrived:
        response = arrived.pop()
        texts.append(json.dumps(response.headers_array(), ensure_ascii=False))
        if response.status < 300:  # what moves on has no body in the browser's books
            body = response.body().decode("utf-8", "replace")
            texts += [body, json.dumps(json.loads(body), ensure_ascii=False) if body.startswith("{") else ""]
    return html.unescape("\n".join(texts))


def test_a_supporter_reads_and_a_sign_out_closes_every_tab(new_reader: NewReader) -> None:
    """The text stands in the page's own DOM; signing out takes it away here and in the tab beside."""
    reader = new_reader()
    reader.gives()
    reader.enters(reader.code())
    reader.page.wait_for_url("**/articles/demo-members")
    reader.sees(first_words("demo-members"))
    assert all(sentence in " ".join(reader.light_text().split()) for sentence in sentences("demo-members"))
    beside = reader.tab()
    beside.goto(f"{reader.stack.site}/articles/lystonosha")
    expect(beside.get_by_text(first_words("lystonosha"))).to_be_visible()
    kept = reader.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert re.fullmatch(r'\[\{\},\{"spilno-account \S+":"supporter \d+"\}\]', kept), "the masthead's word alone"
    # When they sign out under the text
    reader.page.get_by_role("button", name="Вийти").click()
    # Then it closes, here and there, and stays closed
    reader.sees("Уже підтримуєте?")
    assert first_words("demo-members") not in reader.page.content()
    expect(beside.get_by_text(first_words("lystonosha"))).to_have_count(0)
    assert reader.session() == {"signed_in": False}
    assert reader.article()["decision"]["open"] is False
    reader.page.reload()
    reader.sees("Уже підтримуєте?")


def test_a_page_from_the_back_forward_cache_has_closed(new_reader: NewReader, reader: Reader) -> None:
    """Playwright switches the cache off; here it is on, and really used."""
    chromium = reader.context.browser
    assert chromium
    launched = chromium.browser_type.launch(
        executable_path=executable(), args=list(ARGUMENTS), ignore_default_args=["--disable-back-forward-cache"]
    )
    try:
        keeper = new_reader(inside=launched)
        keeper.page.add_init_script("addEventListener('pageshow', (event) => { window.restored = event.persisted; })")
        keeper.gives()
        keeper.enters(keeper.code())
        keeper.sees(first_words("demo-members"))
        keeper.opens_hosted("/account?lang=uk")
        keeper.page.get_by_role("button", name="Вийти", exact=True).click()
        keeper.sees_heading("Вхід")
        keeper.page.evaluate("history.go(-2)")
        keeper.page.wait_for_url("**/articles/demo-members", wait_until="commit")
        keeper.page.wait_for_function("window.restored === true")
        keeper.sees("Уже підтримуєте?")
        assert first_words("demo-members") not in keeper.page.content()
    finally:
        launched.close()


def test_signing_out_everywhere_ends_the_other_device(new_reader: NewReader) -> None:
    """The other device's session is over at once; its five-minute pass, which opens articles only, runs out."""
    giver = new_reader()
    giver.gives()
    giver.code()
    phone, tablet = new_reader(giver.email, phone=True), new_reader(giver.email)
    phone.signs_in()
    tablet.signs_in()
    assert tablet.article()["decision"] == {"open": True, "reason": "supporter"}
    phone.page.get_by_role("button", name="Вийти на всіх пристроях").click()
    phone.sees_heading("Вхід")
    assert phone.session() == {"signed_in": False}
    assert tablet.session() == {"signed_in": False}
    tablet.opens_hosted("/account?lang=uk")
    tablet.sees_heading("Вхід")


def test_a_higher_tier_says_so_and_a_bigger_gift_opens_it(reader: Reader, stack: Stack) -> None:
    """A friend of the newsroom before a patrons' text: which level opens it, with its amount chosen."""
    reader.gives()
    reader.enters(reader.code())
    reader.page.wait_for_url("**/articles/demo-members")
    reader.opens_article("demo-patrons")
    reader.sees("Цей матеріал відкриває підтримка рівня «Опора редакції».")
    reader.sees("Ви вже з нами")
    reader.page.get_by_role("button", name="Зробити ще один внесок").click()
    reader.sees("Новий внесок додасться до того, що ви вже даєте, а не замінить його.")
    assert reader.access("tier:patron")["reason"] == "higher_tier"
    expect(reader.button).to_have_text("Підтримувати: 15 € щомісяця")
    reader.goes_to_pay()
    expect(reader.page.get_by_label("Email")).to_have_value(reader.email)
    reader.pays_as_known()
    reader.sees_the_way_back_from_paying()
    reader.sees("Вам відкрито всі статті для спільноти та редакційні нотатки.")
    expect(reader.code_field).to_have_count(0)
    reader.page.get_by_role("link", name="Повернутися до читання").click()
    reader.page.wait_for_url(f"{stack.site}/articles/demo-patrons")
    reader.sees(first_words("demo-patrons"))


def test_without_our_script_the_links_lead_on(reader: Reader) -> None:
    """`widget.js` is blocked: what stands inside the elements still gives and still reads."""
    reader.context.route("**/widget.js", lambda route: route.abort())
    reader.opens_article("demo-members")
    reader.page.get_by_role("link", name="Читати повністю на сторінці підтримки").click()
    reader.page.wait_for_url("**/read/demo-members?lang=uk")
    reader.sees("Повний текст — для тих, хто підтримує редакцію. Якщо це про вас, увійдіть нижче.")
    reader.opens_article("demo-open")
    reader.page.get_by_role("link", name="Підтримати", exact=True).click()
    reader.page.wait_for_url("**/donate?lang=uk")
    reader.button.click()
    reader.is_at_the_payment_page()


def test_when_the_api_is_down_the_fallback_stays(reader: Reader) -> None:
    """The newsroom's site does not break with ours: a link to give, the teaser, and a way to try again."""
    reader.context.route(f"{reader.stack.app}/v1/**", lambda route: route.abort())
    reader.opens_article("demo-open")
    link = reader.page.get_by_role("link", name="Підтримати", exact=True)
    expect(link).to_have_attribute("href", re.compile(f"^{reader.stack.app}/donate[?].*return_to=.*lang=uk"))
    reader.opens_article("demo-members")
    expect(reader.page.get_by_role("alert")).to_have_text(
        "Немає зв’язку із сервером. Перевірте з’єднання і спробуйте ще раз."
    )
    reader.sees("Пішохідний міст на Заріччя мали відкрити ще позаминулої весни.")
    # And when it is back, trying again is enough
    reader.context.unroute_all()
    reader.page.get_by_role("button", name="Спробувати ще раз").click()
    reader.sees("Уже підтримуєте?")
