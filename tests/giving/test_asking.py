"""The donation page over HTTP: in whose currency it asks, how choices change, who already gives, what is kept."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib import wiring
from chalicelib.http.pages import script
from chalicelib.kernel.languages import region
from chalicelib.newsroom.presets import middle, of_same_rank
from testkit.calls import API, Reply
from testkit.harness import ADA, Harness
from testkit.visitor import Visitor
from tests.reading.test_articles import put

SECRET = "proxy-secret-for-this-test"


@pytest.mark.parametrize(
    ("presets", "chosen"),
    [([3, 5, 10, 15], 5), ([3, 5, 10], 5), ([3, 5], 3), ([3], 3), ([1, 2, 3, 4, 5], 3)],
)
def test_the_middle_one_is_chosen_and_of_two_the_lower(presets: list[int], chosen: int) -> None:
    assert middle(presets) == chosen


@pytest.mark.parametrize(("amount", "after"), [(3, 30), (10, 100), (15, 100), (7, None)])
def test_the_rank_stays(amount: int, after: int | None) -> None:
    assert of_same_rank(amount, [3, 5, 10, 15], [30, 50, 100]) == after


@pytest.mark.parametrize(
    ("accept", "country"),
    [
        ("uk-UA,uk;q=0.9,en-US;q=0.8", "UA"),
        ("uk,uk-UA;q=0.9", "UA"),
        ("uk,en-US;q=0.7,en;q=0.3", ""),  # Firefox in Ukrainian, in any country
        ("en;q=0.5, pl-PL", "PL"),
        ("zh-Hant-TW", "TW"),
        ("es-419", ""),
        ("en_gb", "GB"),
        ("*", ""),
        ("", ""),
        ("uk-UA;q=0, en", ""),
        ("-,;=" * 500, ""),
    ],
)
def test_the_region_of_the_language_preferred_most(accept: str, country: str) -> None:
    assert region(accept) == country


def currency(page: Reply) -> str:
    found = re.search(r'name="currency" value="(\w+)"', page.text)
    return found[1] if found else ""


@pytest.fixture
def proxy(harness: Harness) -> dict[str, str]:
    """The headers of the newsroom's own proxy, which the app knows by its secret."""
    wiring.install(Harness(harness.stored, {"SPILNO_PROXY_SECRET": SECRET}).wiring)
    return {"X-Spilno-Proxy": SECRET}


def asks_in(query: str = "", **headers: str) -> str:
    return currency(Visitor().get(f"/donate{query}", **{"Accept": "text/html", **headers}))


def test_what_the_link_asks_for_goes_before_the_proxy_and_the_browser(proxy: dict[str, str]) -> None:
    polish, american = {"Accept-Language": "pl-PL"}, {"X-Spilno-Country": "US", **proxy}
    assert asks_in() == "eur"
    assert asks_in(**polish) == "pln"
    assert asks_in(**polish, **american) == "usd"
    assert asks_in("?currency=uah", **polish, **american) == "uah"
    assert asks_in("?currency=gbp", **polish, **american) == "usd", "a currency that is not taken is no currency"
    assert asks_in(**polish, **proxy, **{"X-Spilno-Country": "DE"}) == "eur", "Germany is asked in the default one"


@pytest.mark.parametrize("nowhere", ["XX", "T1", "", "U", "Ukraine", "u", "У А"])
def test_a_proxy_that_does_not_know_leaves_it_to_the_browser(proxy: dict[str, str], nowhere: str) -> None:
    assert asks_in(**{"Accept-Language": "pl-PL", "X-Spilno-Country": nowhere}, **proxy) == "pln"
    assert asks_in(**{"X-Spilno-Country": "ua"}, **proxy) == "uah", "the negative control"


@pytest.mark.parametrize("presented", [{}, {"X-Spilno-Proxy": "guessed"}, {"X-Spilno-Proxy": ""}])
@pytest.mark.usefixtures("proxy")
def test_nobody_else_is_believed_about_the_country(presented: dict[str, str]) -> None:
    assert asks_in(**{"X-Spilno-Country": "US"}, **presented) == "eur"


def test_an_article_of_ours_asks_in_the_same_currency(harness: Harness, proxy: dict[str, str]) -> None:
    put(harness)
    page = Visitor().get("/read/mist", **{"Accept": "text/html", "X-Spilno-Country": "PL"}, **proxy)
    assert currency(page) == "pln"
    assert currency(Visitor().get("/read/mist", Accept="text/html")) == "eur"


@pytest.mark.usefixtures("harness")
def test_a_refused_form_stays_in_its_currency() -> None:
    fields = {"currency": "usd", "interval": "once", "amount": "own", "own_amount": "0", "attempt": "a" * 20}
    assert currency(Visitor().submit("/donate", fields)) == "usd"


def changed(query: str, to: str) -> dict[str, str]:
    """The choices of the page that one press leads to."""
    answer = Visitor().get(f"/donate?{query}&to={to}", Accept="text/html")
    assert (answer.status, answer.headers["cache-control"]) == (303, "private, no-store")
    assert answer.headers["location"].startswith(f"{API}/donate?")
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


def test_one_choice_changes_and_all_others_stay() -> None:
    before = {"lang": "uk", "currency": "eur", "interval": "month", "amount": "1000", "campaign": "winter"}
    query = "&".join(f"{name}={value}" for name, value in before.items()) + "&attempt=secret"
    assert changed(query, "interval.year") == {**before, "interval": "year", "amount": "10000"}
    assert changed(query, "currency.uah") == {**before, "currency": "uah", "amount": "50000"}
    assert changed(query, "lang.en") == {**before, "lang": "en"}
    for nonsense in ("", "interval", "interval.week", "currency.xxx", "lang.de", "amount.1", ".", "interval.year.x"):
        assert changed(query, nonsense) == before, nonsense


def test_what_was_typed_stays_in_every_rhythm_and_currency() -> None:
    typed = {"lang": "uk", "currency": "eur", "interval": "month", "amount": "own", "own_amount": "7,5"}
    query = "&".join(f"{name}={value}" for name, value in typed.items())
    assert changed(query, "currency.uah") == {**typed, "currency": "uah"}
    assert changed(query.replace("amount=own&", "amount=500&"), "interval.year")["own_amount"] == "7,5"


@pytest.mark.usefixtures("harness")
def test_the_script_is_kept_for_good_under_its_own_address_alone() -> None:
    page = Visitor().navigate("/donate").text
    address = re.search(rf'src="{API}(/donate\.js\?v=\w+)"', page)
    assert address
    kept = Visitor().get(address[1])
    assert kept.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert kept.text == script.text()
    for other in ("/donate.js", "/donate.js?v=older", f"{address[1]}x"):
        assert Visitor().get(other).headers["cache-control"] == "private, no-store", other


def monthly(harness: Harness) -> Visitor:
    """Somebody who gives 3 € a month and is signed in."""
    reader = Visitor()
    harness.tell(harness.gives(300, "month"))
    harness.sign_in(reader, ADA)
    return reader


def test_who_gives_already_is_not_asked_like_a_stranger(harness: Harness) -> None:
    page = monthly(harness).navigate("/donate?lang=uk").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Зараз ви даєте 3 € щомісяця." in page
    assert "data-giving" not in page
    assert f'href="{API}/account/gifts/{harness.stripe.of("subscription")[-1]["id"]}?lang=uk"' in page
    assert "interval=once" in page
    assert "data-giving" in Visitor().navigate("/donate?lang=uk").text, "the negative control: a stranger is asked"


def test_who_gives_already_may_give_once_more_and_is_told_that_it_adds(harness: Harness) -> None:
    reader = monthly(harness)
    for interval in ("once", "month"):
        page = reader.navigate(f"/donate?lang=uk&interval={interval}").text.replace("\N{NO-BREAK SPACE}", " ")
        assert "Ви вже підтримуєте: 3 € щомісяця." in page
        assert "Цей внесок додасться" in page
        assert "data-giving" in page


def test_what_was_ended_is_not_said_to_run(harness: Harness) -> None:
    reader = monthly(harness)
    harness.tell(harness.stripe.end(harness.stripe.of("subscription")[-1]["id"]))
    page = reader.navigate("/donate?lang=uk").text
    assert "Ви вже підтримуєте" not in page
    assert "data-giving" in page


def test_the_policy_lets_in_the_editors_picture_from_the_website_and_nothing_else(harness: Harness) -> None:
    page = Visitor().navigate("/donate")
    site = harness.settings.site_origins[0]
    assert f"img-src data: {site};" in page.headers["content-security-policy"] + ";"
    assert f'<img src="{site}/static/editor.svg" alt=""' in page.text


def wish(**more: object) -> dict[str, str]:
    given = {"amount": 500, "currency": "eur", "interval": "month", "attempt": "a" * 20, "lang": "uk", **more}
    return {name: str(value) for name, value in given.items()}


def test_a_second_gift_of_the_same_currency_needs_a_deliberate_yes(harness: Harness) -> None:
    reader = monthly(harness)
    refused = reader.submit("/donate", wish())
    page = refused.text.replace("\N{NO-BREAK SPACE}", " ")
    assert refused.status == 409
    assert "на додачу до 3 € щомісяця" in page
    assert 'name="second"' in page
    assert len(harness.stripe.of("checkout.session")) == 1, "nothing was started"
    assert reader.submit("/donate", wish(second="true")).status == 303


@pytest.mark.parametrize("other", [{"interval": "once"}, {"currency": "uah", "amount": 20000}])
def test_a_gift_once_or_in_another_currency_is_no_second_one(harness: Harness, other: dict[str, object]) -> None:
    assert monthly(harness).submit("/donate", wish(**other)).status == 303


def test_strangers_and_who_has_stopped_are_not_asked_whether_they_mean_it(harness: Harness) -> None:
    reader = monthly(harness)
    assert Visitor().submit("/donate", wish(attempt="b" * 20)).status == 303
    harness.tell(harness.stripe.end(harness.stripe.of("subscription")[-1]["id"]))
    assert reader.submit("/donate", wish()).status == 303


def test_the_api_refuses_a_second_gift_only_where_it_is_asked_to(harness: Harness) -> None:
    reader = monthly(harness)
    gift = {"amount": 500, "currency": "eur", "interval": "month", "attempt": "a" * 20}
    assert reader.post("/v1/checkouts", {**gift, "unless_supporting": True}).code == "already_supporting"
    assert reader.post("/v1/checkouts", gift).status == 201
