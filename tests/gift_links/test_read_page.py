"""A gift link that leads to the article's page on our own origin; nothing here needs a script."""

import pytest

from chalicelib.aws.secrets import Secrets, SecretsUnavailable
from testkit.calls import API
from testkit.gift_links import CANARY, follows, given, put, readers, reads, reason
from testkit.harness import ADA, BEN, Harness
from testkit.own_address import supports
from testkit.visitor import Visitor

PERSON = {"Accept": "text/html", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "none"}


def test_the_token_is_gone_from_the_address_and_the_text_is_there(harness: Harness) -> None:
    giver, token = given(harness)
    reader = Visitor()
    led = reader.get(f"/read/mist?lang=en&gift={token}", **PERSON)
    assert (led.status, led.headers["location"]) == (303, f"{API}/read/mist?lang=en")
    assert CANARY not in led.text
    assert readers(giver) == 0, "only who arrives is counted"
    page = reader.get("/read/mist?lang=en", **PERSON)
    assert CANARY in page.text
    assert "Somebody gave you this article." in page.text
    assert token not in page.text + str(dict(page.headers))
    assert token not in str(reader.cookies), "what waited is a mark now"
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["cache-control"] == "private, no-store"
    for _ in range(3):
        assert CANARY in reader.get("/read/mist", **PERSON).text
        assert CANARY in follows(f"/read/mist?gift={token}", reader).text
    assert readers(giver) == 1


def test_a_program_that_keeps_cookies_and_says_nothing_of_itself_reads_as_well(harness: Harness) -> None:
    """An older browser says neither how it fetches nor why."""
    giver, token = given(harness)
    assert CANARY in follows(f"/read/mist?gift={token}", Visitor()).text
    assert readers(giver) == 1


def test_what_keeps_no_cookies_takes_no_place(harness: Harness) -> None:
    """A preview, a link checker, a mail scanner: it follows the address as often as it likes."""
    giver, token = given(harness)
    for _ in range(60):
        led = Visitor().navigate(f"/read/mist?gift={token}")
        page = Visitor().navigate(led.headers["location"].removeprefix(API))
        assert CANARY not in led.text + page.text
    assert readers(giver) == 0
    assert CANARY in follows(f"/read/mist?gift={token}", Visitor()).text


@pytest.mark.parametrize(
    "agent",
    [
        "http.rb/5.2.0 (Mastodon/4.4.1; +https://mastodon.social/) Bot",
        "TelegramBot (like TwitterBot)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "WhatsApp/2.23.20.0",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    ],
)
def test_a_preview_keeps_the_address_that_was_shared(harness: Harness, agent: str) -> None:
    """Mastodon's card leads to where a redirect ends: without the token it would lead everybody to the wall."""
    giver, token = given(harness)
    program = Visitor()
    page = program.get(f"/read/mist?gift={token}", **{"User-Agent": agent})
    assert page.status == 200
    assert CANARY not in page.text
    assert not [name for name in program.cookies if "-g-" in name]
    assert readers(giver) == 0


def test_a_persons_browser_is_no_machine(harness: Harness) -> None:
    """The negative control: browsers, and the browsers within messengers, are led on."""
    _, token = given(harness)
    silent = {"Accept": "text/html"}  # of how it fetches, as older ones are
    for agent in (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Instagram 380.0",
        "Mozilla/5.0 (Linux; Android 15) Chrome/140 Mobile Safari/537.36 Telegram-Android/12.0 (Google Pixel 9)",
        "Mozilla/5.0 (Linux; Android 9; Cubot X19) AppleWebKit/537.36 Chrome/99 Mobile Safari/537.36",
    ):
        assert Visitor().get(f"/read/mist?gift={token}", **silent, **{"User-Agent": agent}).status == 303, agent
    renamed = {"User-Agent": "Somebot/1.0"}
    assert Visitor().get(f"/read/mist?gift={token}", **PERSON, **renamed).status == 303


def test_what_a_browser_fetches_in_advance_is_refused_so_that_it_asks_again(harness: Harness) -> None:
    giver, token = given(harness)
    reader = Visitor()
    ahead = {**PERSON, "Sec-Purpose": "prefetch"}
    led = reader.get(f"/read/mist?gift={token}", **ahead)
    early = reader.get(led.headers["location"].removeprefix(API), **ahead)
    assert early.status == 403, "no browser keeps that, and what its reader follows is the link's address once more"
    assert CANARY not in led.text + early.text
    assert readers(giver) == 0
    assert CANARY in follows(f"/read/mist?gift={token}", reader).text
    assert CANARY not in reader.get("/read/mist", **{"Sec-Purpose": "prefetch;prerender"}).text
    assert readers(giver) == 1


@pytest.mark.parametrize("mode", [("no-cors", "image"), ("cors", "empty"), ("navigate", "iframe")])
def test_what_is_no_visit_of_a_page_does_not_count_who_waits(harness: Harness, mode: tuple[str, str]) -> None:
    giver, token = given(harness)
    reader = Visitor()
    reader.get(f"/read/mist?gift={token}", **PERSON)
    fetched = dict(zip(("Sec-Fetch-Mode", "Sec-Fetch-Dest"), mode, strict=True))
    assert CANARY not in reader.get("/read/mist", **fetched).text
    assert reason(reads(reader=reader, **fetched)) == "sign_in"
    assert readers(giver) == 0
    assert CANARY in reader.get("/read/mist", **PERSON).text


def test_an_ended_link_shows_the_wall_with_a_kind_sentence_once(harness: Harness) -> None:
    giver, token = given(harness)
    (link,) = giver.get("/v1/me/gift-links").json
    giver.delete(f"/v1/me/gift-links/{link['id']}")
    reader = Visitor()
    page = follows(f"/read/mist?lang=en&gift={token}", reader)
    assert "This gift link does not work any more." in page.text
    assert CANARY not in page.text
    assert "supports the newsroom" in page.text or "support the newsroom" in page.text
    assert "gift link" not in reader.navigate("/read/mist?lang=en").text


def test_a_used_up_link_says_so(harness: Harness) -> None:
    _, token = given(harness)
    for _ in range(50):
        reads(token)
    page = follows(f"/read/mist?lang=en&gift={token}", Visitor())
    assert "This gift link has been used by as many people as it was for." in page.text
    assert CANARY not in page.text


def test_two_links_opened_side_by_side_are_both_read(harness: Harness) -> None:
    """What waits stands in a cookie of its own article."""
    giver, first = given(harness)
    put(harness, article="more")
    second = giver.post("/v1/me/gift-links", {"article": "more"}).json["url"].partition("spilno=")[2]
    reader = Visitor()
    reader.navigate(f"/read/mist?gift={first}")
    reader.navigate(f"/read/more?gift={second}")
    assert CANARY in reader.navigate("/read/mist").text
    assert CANARY in reader.navigate("/read/more").text


def test_a_second_link_takes_no_place_while_the_first_opens(harness: Harness) -> None:
    ada, token = given(harness)
    ben = supports(harness, BEN)
    other = ben.post("/v1/me/gift-links", {"article": "mist"}).json["url"].partition("spilno=")[2]
    reader = Visitor()
    follows(f"/read/mist?gift={token}", reader)
    assert CANARY in follows(f"/read/mist?gift={other}", reader).text
    assert (readers(ada), readers(ben)) == (1, 0)
    assert "g1." not in str(reader.cookies)
    ada.delete(f"/v1/me/gift-links/{ada.get('/v1/me/gift-links').json[0]['id']}")
    assert CANARY in follows(f"/read/mist?gift={other}", reader).text
    assert readers(ben) == 1


def test_a_supporter_gives_from_the_page_and_copies_the_address(harness: Harness) -> None:
    put(harness)
    giver = supports(harness)
    page = giver.navigate("/read/mist?lang=en")
    assert 'action="http://127.0.0.1:8000/v1/me/gift-links"' in page.text
    led = giver.submit("/v1/me/gift-links", {"article": "mist", "lang": "en"})
    assert led.status == 303
    shown = giver.navigate(led.headers["location"].removeprefix(API))
    assert "Here is your link." in shown.text
    assert "spilno=g1." in shown.text
    assert "Read by 0 of 50" in shown.text
    (link,) = giver.get("/v1/me/gift-links").json
    assert link["url"] in shown.text
    ended = giver.submit("/account/links/end", {"link": link["id"], "lang": "en"})
    gone = giver.navigate(ended.headers["location"].removeprefix(API))
    assert "Nobody reads by it any more." in gone.text
    assert "g1." not in gone.text


def test_nobody_else_is_asked_to_give(harness: Harness) -> None:
    _, token = given(harness)
    reader = Visitor()
    assert "gift-links" not in follows(f"/read/mist?gift={token}", reader).text
    assert "gift-links" not in reader.navigate("/read/mist").text
    paid = Visitor()  # holds a pass of a guest at most
    assert "gift-links" not in paid.navigate("/read/mist").text


def test_a_website_may_lead_to_the_button(harness: Harness) -> None:
    put(harness)
    giver = supports(harness, ADA)
    assert 'value="mist"' in giver.navigate("/account/links?give=mist").text
    led = Visitor().navigate("/account/links?give=mist")
    assert led.status == 303
    assert "account%2Flinks%3Fgive%3Dmist" in led.headers["location"]
    for strange in ("never", "__proto__", "%0A", "..%2F", "%D1%8F"):
        assert giver.navigate(f"/account/links?give={strange}").status in (200, 400)


class Away(Secrets):
    """A parameter store that does not answer, in a process that has read nothing from it yet."""

    def get(self, name: str) -> str:
        """See the base class."""
        raise SecretsUnavailable(name)


def test_where_no_link_can_be_checked_who_may_read_reads_and_the_address_stays(harness: Harness) -> None:
    giver, token = given(harness)
    giver.get("/v1/access?needs=members")  # a pass, which is all that it takes
    at, secrets = f"/read/mist?gift={token}", harness.wiring.secrets
    harness.wiring.secrets = Away(harness.settings)
    page = giver.get(at, **PERSON)
    assert page.status == 200
    assert CANARY in page.text
    stranger = Visitor()
    closed = stranger.get(at, **PERSON)
    assert closed.status == 200
    assert CANARY not in closed.text
    assert "gift" not in str(stranger.cookies)
    harness.wiring.secrets = secrets
    assert CANARY in follows(at, stranger).text
    assert readers(giver) == 1
