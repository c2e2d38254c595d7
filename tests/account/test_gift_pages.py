"""The pages about one recurring gift: the money before the click, one button that does it, nothing typed is lost."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from testkit.calls import Reply
from testkit.harness import ADA, BEN, Harness
from testkit.visitor import Visitor
from tests.pages.markup import Markup

LONG_AGO = 700  # seconds: longer than a sign-in counts as fresh


@pytest.fixture
def ada(harness: Harness) -> Visitor:
    """Ada, who gives 5 € a month, signed in just now."""
    harness.tell(harness.gives(500, "month"))
    visitor = Visitor()
    harness.sign_in(visitor, ADA)
    return visitor


def page_of(harness: Harness) -> str:
    return f"/account/gifts/{harness.state().standing.recurring[0].id}"


def text(reply: Reply) -> str:
    return Markup(unescape(reply.text)).text.replace("\N{NO-BREAK SPACE}", " ")


def form(reply: Reply, end: str) -> dict[str, str]:
    """The hidden fields of the form whose action ends so."""
    found = re.search(
        rf'<form[^>]*method="post"[^>]*action="[^"]*{re.escape(end)}"[^>]*>(.*?)</form>', reply.text, re.DOTALL
    )
    assert found, end
    return {name: str(value) for name, value in Markup(unescape(found[1])).fields().items()}


def gift(harness: Harness) -> tuple[int, str]:
    kept = harness.state().standing.recurring[0]
    return kept.amount, kept.interval


def test_the_money_is_shown_before_the_click_and_then_it_is_so(harness: Harness, ada: Visitor) -> None:
    here = page_of(harness)
    assert "Зараз ви даєте 5 € щомісяця." in text(ada.navigate(f"{here}?lang=uk"))
    shown = ada.navigate(f"{here}?lang=uk&interval=month&amount=1000&see=1")
    said = text(shown)
    assert "5 € щомісяця → 10 € щомісяця" in said
    assert "Зараз спишеться нічого" in said
    assert "Наступний внесок 10 € 21 жовтня 2026" in said
    assert gift(harness) == (500, "month"), "nothing is changed by looking"
    sent = form(shown, here.rpartition("/")[2])
    done = ada.submit(f"/v1/me/recurring/{here.rpartition('/')[2]}", sent)
    assert (done.status, urlsplit(done.headers["location"]).path) == (303, "/account")
    assert gift(harness) == (1000, "month")
    assert "10 € щомісяця Наступний внесок — 21 жовтня 2026 року." in text(ada.navigate("/account?lang=uk"))


def test_a_lower_amount_says_how_long_what_is_paid_for_stays(harness: Harness) -> None:
    harness.tell(harness.gives(1500, "month"))
    visitor = Visitor()
    harness.sign_in(visitor, ADA)
    shown = visitor.navigate(f"{page_of(harness)}?lang=uk&interval=month&amount=own&own_amount=4&see=1")
    assert "15 € щомісяця → 4 € щомісяця" in text(shown)
    assert "Усе, що вам відкрито зараз, лишиться відкритим до 21 жовтня 2026 року." in text(shown)
    assert "Коли почати" not in shown.text, "there is nothing to charge now"


def test_a_raise_may_be_charged_now_after_a_fresh_sign_in(harness: Harness, ada: Visitor) -> None:
    here, wish = page_of(harness), "lang=uk&interval=month&amount=1500&charge=now&see=1&return_to=%2Fread%2F1"
    harness.clock.real += LONG_AGO
    led = ada.navigate(f"{here}?{wish}")
    back = parse_qs(urlsplit(led.headers["location"]).query)["return_to"][0]
    assert (led.status, urlsplit(led.headers["location"]).path) == (303, "/sign-in")
    assert urlsplit(back).path == here
    asked = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    kept = {"lang": "uk", "interval": "month", "amount": "1500", "charge": "now", "see": "1", "return_to": "/read/1"}
    assert asked == kept
    harness.sign_in(ada, ADA)
    shown = ada.navigate(f"{urlsplit(back).path}?{urlsplit(back).query}")
    assert "Зараз спишеться 10 €" in text(shown)
    assert "Одразу відкриє" in text(shown)
    done = ada.submit(f"/v1/me/recurring/{here.rpartition('/')[2]}", form(shown, here.rpartition("/")[2]))
    assert done.headers["location"].endswith("/read/1"), "back to the article that asked for it"
    assert harness.access(ADA).tier == "patron"


def test_what_needs_a_fresh_sign_in_and_was_posted_keeps_what_was_typed(harness: Harness, ada: Visitor) -> None:
    here = page_of(harness)
    sent = form(ada.navigate(f"{here}?lang=uk&interval=month&amount=1500&charge=now&see=1"), here.rpartition("/")[2])
    harness.clock.real += LONG_AGO
    led = ada.submit(f"/v1/me/recurring/{here.rpartition('/')[2]}", sent)
    back = parse_qs(urlsplit(led.headers["location"]).query)["return_to"][0]
    assert {"amount=1500", "charge=now", "see=1"} <= set(urlsplit(back).query.split("&"))
    assert gift(harness) == (500, "month")


def test_what_changed_meanwhile_is_shown_as_it_is_and_asked_again(harness: Harness, ada: Visitor) -> None:
    here = page_of(harness)
    sent = form(ada.navigate(f"{here}?lang=uk&interval=month&amount=1000&see=1"), here.rpartition("/")[2])
    other = form(ada.navigate(f"{here}?lang=uk&interval=month&amount=300&see=1"), here.rpartition("/")[2])
    assert ada.submit(f"/v1/me/recurring/{here.rpartition('/')[2]}", other).status == 303
    refused = ada.submit(f"/v1/me/recurring/{here.rpartition('/')[2]}", sent)
    assert refused.status == 409
    assert "Тим часом ваша підтримка змінилася." in text(refused)
    assert "3 € щомісяця → 10 € щомісяця" in text(refused)
    assert gift(harness) == (300, "month")
    again = ada.submit(f"/v1/me/recurring/{here.rpartition('/')[2]}", form(refused, here.rpartition("/")[2]))
    assert (again.status, gift(harness)) == (303, (1000, "month"))


@pytest.mark.parametrize(
    ("typed", "words"),
    [("0,5", "Найменша сума — 1 €."), ("п’ять", "Напишіть суму цифрами"), ("$5", "Тут обрано іншу валюту.")],
)
def test_an_amount_that_cannot_be_keeps_what_was_typed(
    harness: Harness, ada: Visitor, typed: str, words: str
) -> None:
    page = ada.call(
        "GET",
        f"{page_of(harness)}?lang=uk&interval=month&amount=own&own_amount={typed}&see=1",
        headers={"Accept": "text/html"},
    )
    assert page.status == 400
    assert words in text(page)
    assert f'value="{typed}"' in unescape(page.text)


def test_another_rhythm_is_chosen_on_the_page_and_shown_as_the_same_support(harness: Harness, ada: Visitor) -> None:
    here = page_of(harness)
    turned = ada.navigate(f"{here}?lang=uk&interval=month&amount=500&to=interval.year")
    assert turned.status == 303
    year = ada.navigate(f"{here}?{urlsplit(turned.headers['location']).query}")
    assert re.search(r'aria-pressed="true">\s*Щороку', year.text)
    assert 'value="60"' in year.text, "5 € a month are 60 € a year"
    shown = ada.navigate(f"{here}?lang=uk&interval=year&amount=6000&see=1")
    assert "5 € щомісяця → 60 € щороку" in text(shown)
    assert "Наступний внесок 60 € 21 жовтня 2026" in text(shown)


def test_what_is_given_already_is_no_change(harness: Harness, ada: Visitor) -> None:
    shown = ada.navigate(f"{page_of(harness)}?lang=uk&interval=month&amount=500&see=1")
    assert "Ви вже даєте саме стільки." in text(shown)
    assert "Підтвердити" not in text(shown)


def test_stripe_away_loses_nothing(harness: Harness, ada: Visitor) -> None:
    here = page_of(harness)
    harness.stripe.down = True
    page = ada.navigate(f"{here}?lang=uk&interval=month&amount=1000&see=1")
    assert page.status == 503
    assert "Платіжна система зараз не відповідає." in text(page)
    assert re.search(r'value="1000"[^>]* checked', page.text)


def test_stopping_is_one_press_and_can_be_undone(harness: Harness, ada: Visitor) -> None:
    here = page_of(harness)
    page = ada.navigate(f"{here}/stop?lang=uk")
    assert "Усе, що вам відкрито, лишиться відкритим до 21 жовтня 2026 року." in text(page)
    assert "Давати менше: 3 € щомісяця" in text(page)
    assert "Давати раз на рік: 60 € щороку" in text(page)
    first = re.search(r"<form.*?</form>", page.text, re.DOTALL)
    assert first
    assert "/stop" in first[0], "the way out that was asked for comes first"
    stopped = ada.submit(f"/v1/me/recurring/{here.rpartition('/')[2]}/stop", {"lang": "uk", "reason": "money"})
    assert (stopped.status, urlsplit(stopped.headers["location"]).path) == (303, "/account")
    page = ada.navigate(f"{here}/stop?lang=uk")
    assert "Підтримку зупинено" in text(page)
    assert "лишається відкритим до 21 жовтня 2026 року" in text(page)
    assert "Або інакше" not in text(page), "whoever has stopped is offered nothing else"
    kept = ada.submit(f"/v1/me/recurring/{here.rpartition('/')[2]}/keep", form(page, "/keep"))
    assert kept.status == 303
    assert harness.state().standing.recurring[0].will_renew


def test_a_pause_comes_to_the_day_that_was_shown_and_can_be_ended(harness: Harness, ada: Visitor) -> None:
    here = page_of(harness)
    name = here.rpartition("/")[2]
    for page in (here, f"{here}/stop"):
        assert "2 внески. Наступний внесок — 21 грудня 2026 року." in text(ada.navigate(f"{page}?lang=uk"))
    assert ada.submit(f"/v1/me/recurring/{name}/pause", {"lang": "uk", "months": "2"}).status == 303
    account = ada.navigate("/account?lang=uk")
    assert "Призупинено. Наступний внесок — 21 грудня 2026 року." in text(account)
    assert "Скільки внесків пропустити" not in text(ada.navigate(f"{here}?lang=uk"))
    assert ada.submit(f"/v1/me/recurring/{name}/resume", form(account, "/resume")).status == 303
    assert "Наступний внесок — 21 жовтня 2026 року." in text(ada.navigate("/account?lang=uk"))


@pytest.mark.parametrize("page", ["", "/stop"])
def test_the_page_is_its_supporters_own(harness: Harness, ada: Visitor, page: str) -> None:
    here = f"{page_of(harness)}{page}"
    stranger = Visitor().navigate(f"{here}?lang=uk")
    asked = parse_qs(urlsplit(stranger.headers["location"]).query)
    assert (stranger.status, urlsplit(asked["return_to"][0]).path) == (303, here)
    ben = Visitor()
    harness.sign_in(ben, BEN)
    assert ben.navigate(here).status == 404
    assert ada.navigate(here).status == 200, "the control"
    assert ada.navigate(f"/account/gifts/sub_none{page}").status == 404
