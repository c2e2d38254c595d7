"""Nobody gets whole text without access, whatever it calls itself: over all routes that carry text or a key."""

from dataclasses import replace

import pytest

from chalicelib.http.routes import ROUTES
from chalicelib.newsroom.rules import Machines, Meter
from testkit.harness import Harness
from testkit.people import member
from testkit.visitor import Visitor
from tests.reading.metered import CANARY as METERED
from tests.reading.metered import marks, read
from tests.reading.metered import newsroom as with_meter
from tests.reading.sealed import asked as asks_for_key
from tests.reading.sealed import manifest
from tests.reading.test_articles import CANARY, everything, put

MOZILLA = "Mozilla/5.0 (compatible; {}; +https://{})"
MACHINES = {
    "googlebot": MOZILLA.format("Googlebot/2.1", "www.google.com/bot.html"),
    "googlebot-phone": "Mozilla/5.0 (Linux; Android 6.0.1) Chrome/141.0 Mobile Safari/537.36 (compatible; "
    "Googlebot/2.1; +http://www.google.com/bot.html)",
    "bingbot": MOZILLA.format("bingbot/2.0", "www.bing.com/bingbot.htm"),
    "facebook": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "telegram": "TelegramBot (like TwitterBot)",
    "whatsapp": "WhatsApp/2.23.20.0 A",
    "archive": MOZILLA.format("archive.org_bot", "archive.org/details/archive.org_bot"),
    "gptbot": MOZILLA.format("GPTBot/1.3", "openai.com/gptbot"),
    "chatgpt-user": MOZILLA.format("ChatGPT-User/1.0", "openai.com/bot"),
    "claudebot": "Mozilla/5.0 (compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
    "perplexity-user": MOZILLA.format("Perplexity-User/1.0", "perplexity.ai/perplexity-user"),
    "ccbot": "CCBot/2.0 (https://commoncrawl.org/faq/)",
}
# All that goes with being Google, and that anybody can send: its address where API Gateway sees it stands for a
# reverse DNS name that is right.
GOOGLES_ADDRESS = "66.249.66.1"
GOOGLES_OWN = {
    "From": "googlebot(at)googlebot.com",
    "X-Forwarded-For": GOOGLES_ADDRESS,
    "Forwarded": f"for={GOOGLES_ADDRESS}",
    "Referer": "https://www.google.com/",
    "Amp-Cache-Transform": 'google;v="1..8"',
    "Signature-Agent": '"https://chatgpt.com"',
}
# Who drives a whole browser fetches like a person's, and still says what it is.
DRIVEN = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-User": "?1", "Accept": "text/html"}
DRIVE_A_BROWSER = {"googlebot", "googlebot-phone", "bingbot", "facebook", "archive"} | {
    *("gptbot", "chatgpt-user", "claudebot", "perplexity-user")
}
TEXT = ("/read/mist", "/v1/articles/mist", "/v1/articles/mist/seal")


def machine() -> Visitor:
    return Visitor(origin=None, client=GOOGLES_ADDRESS)


@pytest.mark.parametrize("name", MACHINES)
@pytest.mark.parametrize("access", ["members", "tier:patron", "metered"])
def test_a_machine_gets_the_teaser_and_no_key(harness: Harness, name: str, access: str) -> None:
    harness.wiring.newsroom = replace(harness.newsroom, meter=Meter(3, 5))
    put(harness, access)
    told, caller = manifest(), machine()
    driven = DRIVEN if name in DRIVE_A_BROWSER else {}
    for headers in ({}, GOOGLES_OWN, {"Accept": "text/html"}, driven):
        said = {"User-Agent": MACHINES[name], **headers}
        for path in TEXT:
            reply = caller.get(path, **said)
            assert reply.status == 200
            assert CANARY not in everything(reply)
        sent = f"v={told['version']}&needs={told['needs']}&t={told['ticket']}"
        key = caller.get(f"/v1/articles/mist/key?{sent}", **said)
        assert "key" not in key.json
        assert key.json["decision"]["open"] is False
    assert not marks(caller)


def test_every_other_route_as_google_has_no_text_either(harness: Harness) -> None:
    put(harness)
    caller, seen = machine(), 0
    for route in ROUTES:
        if route.method == "GET":
            path = route.path.replace("{id}", "mist").replace("{token}", "a.b")
            reply = caller.get(path, **{"User-Agent": MACHINES["googlebot"], **GOOGLES_OWN})
            assert CANARY not in everything(reply), path
            seen += reply.status == 200
    assert seen > 8, "or this looks at nothing"


def test_whatever_the_table_says_the_answer_is_the_same(harness: Harness) -> None:
    """`teaser` and `nothing` are what machines are asked for, not what opens."""
    put(harness)
    for taken in ("teaser", "nothing"):
        harness.wiring.newsroom = replace(
            harness.newsroom, machines=Machines(search=taken, ai_answers=taken, ai_training=taken)
        )
        for agent in MACHINES.values():
            reply = machine().get("/read/mist", **{"User-Agent": agent})
            assert CANARY not in everything(reply)


def test_the_meter_is_for_people_and_a_machine_spends_nothing(harness: Harness) -> None:
    with_meter(harness, *"abcd")
    reader = Visitor()
    assert read(reader, *"abcd", **{"User-Agent": MACHINES["googlebot"]}) == "----"
    assert read(reader, *"abcd", **{"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}) == "+++-"


def test_a_supporter_reads_whatever_their_browser_calls_itself(harness: Harness) -> None:
    put(harness)
    supporter = Visitor()
    member(harness, supporter)
    reply = supporter.get("/v1/articles/mist", **{"User-Agent": MACHINES["googlebot"]})
    assert CANARY in reply.text
    assert "key" in asks_for_key(supporter, manifest()).json


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (Linux; Android 13; CUBOT X30) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36",
        "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.1; Trident/6.0)",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 [FBAN/FBIOS;FBAV/500.0]",
        "",
    ],
    ids=["cubot", "msie", "firefox", "in-facebook", "none"],
)
def test_a_person_reads_by_the_meter_whatever_the_browser(harness: Harness, agent: str) -> None:
    with_meter(harness, "a")
    for headers in ({}, DRIVEN):
        assert METERED in Visitor().get("/read/a", **{"User-Agent": agent, **headers}).text
