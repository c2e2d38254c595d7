"""P7: nobody who may not read gets one byte of a gated text, nor a key that opens one, from anything they can fetch.

Every GET of the reader's side is fetched by a stranger, somebody who has used the meter up, a former supporter, and a
supporter of too low a tier; with everything that they can learn on the way, in several manners of asking. In all that
came back, headers and cookies too, the texts' canaries are looked for, packed and plain; and whatever has the shape
of a key is tried on every sealed file of what they may not read.
"""

import base64
import json
import re
import zlib
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from chalicelib.http.route import Route
from chalicelib.http.routes import NOTHING_HERE, ROUTES
from chalicelib.kernel import email_address
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.reading.rules.passes import LIFE
from chalicelib.upgrade import rows as upgrades
from chalicelib.upgrade.steps import STEPS
from testkit.calls import SITE, Reply
from testkit.clock import NOW
from testkit.erasing import is_erased
from testkit.gift_links import gives
from testkit.harness import Harness
from testkit.own_address import supports
from testkit.people import member, monthly
from testkit.visitor import Visitor
from tests.articles.sealing import keys_in, unsealed
from tests.reading.metered import METER
from tests.reading.metered import newsroom as metered
from tests.reading.sealed import file_at, manifest, reads
from tests.reading.test_articles import CANARY, everything, put

DAY = 86_400
GATED = {"mist": "members", "notes": "tier:patron", "metered": "metered"}
OPEN = {"open": "open"}
GETS = [route for route in (*ROUTES, NOTHING_HERE) if route.method == "GET"]
MANNERS: tuple[dict[str, str], ...] = (
    {},
    {"Accept": "text/html"},
    {"Origin": SITE},
    {"If-None-Match": "*", "If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT", "Range": "bytes=0-"},
    {"Sec-Purpose": "prefetch;prerender", "User-Agent": "Googlebot/2.1"},
    {"Authorization": "Bearer a.b.c", "X-Forwarded-For": "127.0.0.1", "X-Spilno-Proxy": "x"},
)
_RUNS = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")


def body_of(article: str) -> str:
    """A text that holds its own canary, in words that do not pack into nothing."""
    return f"<p>{CANARY}-{article}. {' '.join(f'слово{number}' for number in range(40))}</p>"


def bytes_in(text: str) -> Iterator[str]:
    """The text, and what any base64 in it holds, plain or packed."""
    yield text
    for run in _RUNS.findall(text):
        for alphabet in ("+/", "-_"):
            try:
                raw = base64.b64decode(run + "=" * (-len(run) % 4), altchars=alphabet.encode())
            except ValueError:
                continue
            yield raw.decode(errors="replace")
            for packed in (-15, 15, 31):
                try:
                    yield zlib.decompress(raw, packed).decode(errors="replace")
                except zlib.error:
                    continue


class Hunt:
    """A newsroom with gated texts, and everything that one reader could fetch of it."""

    def __init__(self, harness: Harness) -> None:
        self.harness = harness
        metered(harness)
        for name, access in {**GATED, **OPEN}.items():
            put(harness, access, name, body_html=body_of(name), title=f"Назва {name}")
        self.told = {name: manifest(name) for name in (*GATED, *OPEN)}
        self.files = {name: file_at(self.told[name]).text for name in GATED}
        self.fetched = 0

    def addresses(self, route: Route) -> Iterator[str]:
        """Every address of a route that somebody could write who knows all manifests."""
        for name, told in self.told.items():
            path = route.path.replace("{id}", name).replace("{version}", told["version"]).replace("{proxy+}", name)
            path = re.sub(r"{\w+}", "a.b", path)
            yield path
            if path.endswith("/key"):
                for needs in ("members", "tier:member", "tier:patron", "open"):
                    for more in (*self.told.values(), {}):
                        sent = {"v": told["version"], "needs": needs, "t": more.get("ticket", ""), "gift": "g1.a"}
                        yield f"{path}?{urlencode(sent)}"
            if path == "/v1/access":
                yield f"{path}?needs=members"

    def everything_for(self, visitor: Visitor) -> list[Reply]:
        """All answers to everything that is there to fetch; cookies are kept on the way, as a browser does."""
        replies = []
        for address in dict.fromkeys(address for route in GETS for address in self.addresses(route)):
            replies += [visitor.get(address, **headers) for headers in MANNERS]
            replies.append(visitor.call("HEAD", address))
        self.fetched += len(replies)
        return replies

    def found(self, replies: list[Reply]) -> set[str]:
        """The gated articles of which anything in these answers holds a canary, or a key that opens them."""
        texts = {everything(reply) for reply in replies}
        spread = {piece for text in texts for piece in bytes_in(text)}
        read = {name for name in GATED if any(f"{CANARY}-{name}" in piece for piece in spread)}
        keys = keys_in(*texts)
        return read | {name for name, file in self.files.items() if any(unsealed(file, key) for key in keys)}


@pytest.fixture
def hunt(harness: Harness) -> Hunt:
    """See above."""
    return Hunt(harness)


def test_a_stranger_finds_nothing(hunt: Hunt) -> None:
    """Not even of the metered article, as they look at it only after the meter is used up."""
    stranger = Visitor()
    use_up(hunt, stranger)
    assert hunt.found(hunt.everything_for(stranger)) == set()
    assert hunt.fetched > 500, "or this looks at little"


def use_up(hunt: Hunt, visitor: Visitor) -> None:
    """Reads other metered articles until the meter is used up."""
    for number in range(METER.signed_in):
        put(hunt.harness, "metered", f"filler-{number}", body_html="<p>Інше.</p>")
        visitor.get(f"/v1/articles/filler-{number}")
    assert visitor.get("/v1/articles/metered").json["decision"]["reason"] == "meter_used"


def test_a_reader_by_the_meter_finds_that_article_and_no_other(hunt: Hunt) -> None:
    assert hunt.found(hunt.everything_for(Visitor())) == {"metered"}


def test_a_former_supporter_finds_nothing(hunt: Hunt) -> None:
    visitor = Visitor()
    member(hunt.harness, visitor, monthly(ends_at=NOW + 30 * DAY))
    assert reads(visitor, hunt.told["mist"]) == body_of("mist")
    hunt.harness.pass_time(30 * DAY)
    use_up(hunt, visitor)
    hunt.told = {name: manifest(name) for name in hunt.told}
    assert visitor.get("/v1/session").json["signed_in"], "they are known, and hold nothing"
    assert hunt.found(hunt.everything_for(visitor)) == set()


def test_who_was_refunded_signed_out_everywhere_or_is_erased_finds_nothing(hunt: Hunt) -> None:
    """Each within the life of a pass, with all their cookies, and every manifest of before and after."""
    harness = hunt.harness
    upgrades.note(harness.table, STEPS, harness.real_now())
    for leaves in (_is_refunded, _signs_out_elsewhere, _is_erased):
        email = email_address.read(f"{leaves.__name__}@reader.example")
        visitor = supports(harness, email)
        assert reads(visitor, hunt.told["mist"]) == body_of("mist"), leaves
        leaves(harness, visitor, email)
        harness.pass_time(LIFE)
        use_up(hunt, visitor)
        assert hunt.found(hunt.everything_for(visitor)) == set(), leaves


def _is_refunded(harness: Harness, _visitor: Visitor, _email: EmailAddress) -> None:
    harness.tell(harness.stripe.gives_back(harness.stripe.of("payment_intent")[-1]["id"]))


def _signs_out_elsewhere(harness: Harness, _visitor: Visitor, email: EmailAddress) -> None:
    phone = Visitor()
    harness.sign_in(phone, email)
    assert phone.delete("/v1/session?everywhere=true").status == 200


def _is_erased(harness: Harness, _visitor: Visitor, email: EmailAddress) -> None:
    is_erased(harness, harness.state(email).id)


def test_who_read_by_a_gift_link_finds_that_article_and_nothing_once_it_is_over(hunt: Hunt) -> None:
    giver = supports(hunt.harness)
    token = gives(giver)
    reader = Visitor()
    use_up(hunt, reader)
    assert reader.get(f"/v1/articles/mist?gift={token}").json["decision"]["reason"] == "gift"
    replies = [*hunt.everything_for(reader), *(reader.get(f"/v1/articles/{name}?gift={token}") for name in GATED)]
    assert hunt.found(replies) == {"mist"}, "the negative control: as long as it lives"
    (link,) = giver.get("/v1/me/gift-links").json
    assert giver.delete(f"/v1/me/gift-links/{link['id']}").status == 204
    replies = [*hunt.everything_for(reader), *(reader.get(f"/v1/articles/{name}?gift={token}") for name in GATED)]
    replies += [reader.navigate(f"/read/mist?gift={token}"), reader.navigate("/read/mist")]
    assert hunt.found(replies) == set()


def test_a_member_finds_the_members_texts_and_not_the_patrons(hunt: Hunt) -> None:
    """Also the negative control: the same search finds what this reader may read, by text and by key."""
    visitor = Visitor()
    member(hunt.harness, visitor)
    replies = hunt.everything_for(visitor)
    assert hunt.found(replies) == {"mist", "metered"}
    texts = [reply for reply in replies if CANARY not in reply.text]
    assert hunt.found(texts) == {"mist", "metered"}, "by their keys alone"
    opened = [reply for reply in replies if not keys_in(reply.text)]
    assert hunt.found(opened) >= {"mist"}, "by their canaries alone"


def test_what_is_packed_or_encoded_would_be_found(hunt: Hunt) -> None:
    """The negative control of the eyes: a body that leaks as base64 or packed, and a key within a longer word."""
    packed = base64.b64encode(zlib.compress(body_of("mist").encode())).decode()
    leaks = [packed, base64.urlsafe_b64encode(body_of("notes").encode()).decode()]
    for leak, name in zip(leaks, ("mist", "notes"), strict=True):
        assert hunt.found([Reply(200, {"x": leak}, (), json.dumps({"a": leak}))]) == {name}
    supporter = Visitor()
    member(hunt.harness, supporter)
    told = hunt.told["mist"]
    path = f"/v1/articles/mist/key?{urlencode({'v': told['version'], 'needs': 'members', 't': told['ticket']})}"
    key = supporter.get(path).json["key"]
    assert hunt.found([Reply(200, {}, (f"a=x{key}y",), "")]) == {"mist"}
