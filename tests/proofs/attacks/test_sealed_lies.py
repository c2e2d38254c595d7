"""P21: a sealed text is worth nothing without the gate's key. Whatever is lied about, what is answered opens nothing.

Each lie is told by somebody who holds a good pass of the tier `member`, to get at a text for patrons; and by somebody
with no pass at all, to get at the members' text. Whatever comes back, refusals included, is tried as a key.
"""

import base64
import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from chalicelib import settings
from chalicelib.articles.rules import sealed_text
from testkit.clock import NOW
from testkit.harness import Harness
from testkit.people import PASS, member
from testkit.visitor import Visitor
from tests.articles.sealing import header, keys_in, unsealed
from tests.reading.sealed import K1, K2, Manifest, asked, file_at, manifest, seals_with
from tests.reading.test_articles import BODY, everything, put

NOTES, OTHER = "<p>Нотатки для меценатів. Канарка-11e0</p>", "<p>Інше, для всіх учасників.</p>"


class Newsroom:
    """Three articles and who lies about them. `attempts`: everything that any of them was answered."""

    def __init__(self, harness: Harness) -> None:
        self.harness, self.attempts = harness, 0
        seals_with(harness, K1)
        for name, access, body in (
            ("mist", "members", BODY),
            ("notes", "tier:patron", NOTES),
            ("other", "members", OTHER),
        ):
            put(harness, access, name, body_html=body)
        self.mist, self.notes, self.other = (manifest(name) for name in ("mist", "notes", "other"))
        self.files = {name: file_at(told).text for name, told in self.by_name.items()}
        self.member, self.stranger = Visitor(), Visitor()
        member(harness, self.member)

    @property
    def by_name(self) -> dict[str, Manifest]:
        """The manifests by the article's name."""
        return {"mist": self.mist, "notes": self.notes, "other": self.other}

    def opens(self, visitor: Visitor, article: str, **sent: str) -> set[str]:
        """The names of the articles that anything in the answer opens, which is never a fault."""
        query = urlencode({name: value for name, value in sent.items() if value})
        reply = visitor.get(f"/v1/articles/{quote(article, safe='')}/key?{query}")
        assert reply.status < 500, (article, sent, reply.text)
        assert reply.headers["cache-control"] == "private, no-store"
        self.attempts += 1
        keys = keys_in(everything(reply))
        return {name for name, file in self.files.items() if any(unsealed(file, key) for key in keys)}


@pytest.fixture
def newsroom(harness: Harness) -> Newsroom:
    """See above."""
    return Newsroom(harness)


def sent_with(told: Manifest) -> dict[str, str]:
    return {"v": told["version"], "needs": told["needs"], "t": told["ticket"]}


def test_the_truth_opens(newsroom: Newsroom) -> None:
    """The negative control of all that follows: the same search finds the key where it is."""
    assert newsroom.opens(newsroom.member, "mist", **sent_with(newsroom.mist)) == {"mist"}
    assert newsroom.opens(newsroom.member, "other", **sent_with(newsroom.other)) == {"other"}
    assert newsroom.opens(newsroom.member, "mist", v=newsroom.mist["version"]) == {"mist"}
    for told in (newsroom.mist, newsroom.notes):
        assert not newsroom.opens(newsroom.stranger, "mist", **sent_with(told))
    assert not newsroom.opens(newsroom.member, "notes", **sent_with(newsroom.notes))


def test_every_mixture_of_what_is_public_opens_what_one_may_read_and_nothing_else(newsroom: Newsroom) -> None:
    """Article, version, needs and ticket of any of the three, in any combination: 2 readers, 3 × 4 × 5 × 4 calls."""
    told = newsroom.by_name
    versions = [*(one["version"] for one in told.values()), ""]
    tickets = [*(one["ticket"] for one in told.values()), ""]
    for article in told:
        for version in versions:
            for needs in ("members", "tier:patron", "tier:member", "open", ""):
                for ticket in tickets:
                    sent = {"v": version, "needs": needs, "t": ticket}
                    assert not newsroom.opens(newsroom.stranger, article, **sent), (article, sent)
                    mine = newsroom.opens(newsroom.member, article, **sent)
                    right = article != "notes" and version == told[article]["version"]
                    assert mine == ({article} if right else set()), (article, sent)
    assert newsroom.attempts == 2 * 3 * 4 * 5 * 4


STRANGE = (
    *(
        "__proto__",
        "constructor",
        "hasOwnProperty",
        "toString",
        "k1",
        "k1.",
        ".",
        "..",
        "k1.k1.k1",
        "null",
        "0",
        "-1",
    ),
    *("\n", "\r\nX-Evil: 1", "\x00", "%", "%0A", "%%30", "a%20b", "+", "*", "Ж", "\u202e", "\U0001f600", "a" * 5000),
)


@pytest.mark.parametrize("place", ["v", "needs", "t", "gift", "article", "more"])
def test_strange_words_in_any_place_are_no_fault_and_open_nothing(newsroom: Newsroom, place: str) -> None:
    """By themselves, before, behind and within what would be right."""
    told = newsroom.notes
    right = {**sent_with(told), "gift": "g1.abc", "article": "notes", "more": ""}
    for word in STRANGE:
        for value in (word, word + right[place], right[place] + word, right[place][:5] + word + right[place][5:]):
            sent = {**right, place: value}
            if place == "more":
                sent = {**right, word: "x"}
            article = sent.pop("article")
            for visitor in (newsroom.member, newsroom.stranger):
                assert not newsroom.opens(visitor, article, **sent), (place, value)


@pytest.mark.parametrize("place", ["v", "needs", "t"])
def test_altered_cut_short_and_doubled(newsroom: Newsroom, place: str) -> None:
    """Of the ticket, version and needs of a text for patrons, and of one's own: each character, each length."""
    mine, theirs = sent_with(newsroom.mist), sent_with(newsroom.notes)
    for article, sent in (("mist", mine), ("notes", theirs)):
        text = sent[place]
        wrong = {text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :] for at in range(len(text))}
        wrong |= {text[:at] for at in range(1, len(text))} | {
            text * 2,
            f"{text}.{text}",
            f"{text},{text}",
            f"{text}=",
        }
        for one in wrong - {text}:
            assert not newsroom.opens(newsroom.stranger, article, **{**sent, place: one})
            by_member = newsroom.opens(newsroom.member, article, **{**sent, place: one})
            # Without a right ticket the reader is looked up: a member reads the members' text by their session.
            assert by_member == ({"mist"} if article == "mist" and place != "v" else set()), (place, one)


def test_a_parameter_that_comes_twice_is_read_once_and_opens_nothing_more(newsroom: Newsroom) -> None:
    told, other = newsroom.notes, newsroom.mist
    for name, mine, theirs in (("v", "version", "version"), ("needs", "needs", "needs"), ("t", "ticket", "ticket")):
        for first, last in ((told[mine], other[theirs]), (other[theirs], told[mine])):
            rest = urlencode({key: value for key, value in sent_with(told).items() if key != name})
            path = f"/v1/articles/notes/key?{name}={quote(first)}&{name}={quote(last)}&{rest}"
            reply = newsroom.member.get(path)
            assert reply.json["decision"] == {"open": False, "reason": "higher_tier"}


@pytest.mark.parametrize("minutes", [-30, -11, -10, -1, 0, 1, 9, 11, 30])
def test_clocks_that_are_off_by_minutes(newsroom: Newsroom, minutes: int) -> None:
    """A ticket of another clock opens early, late or not at all, and never for somebody else."""
    newsroom.harness.clock.real += minutes * 60
    mine, theirs = sent_with(newsroom.mist), sent_with(newsroom.notes)
    assert newsroom.opens(newsroom.member, "mist", **mine) <= {"mist"}
    assert not newsroom.opens(newsroom.member, "notes", **theirs)
    assert not newsroom.opens(newsroom.stranger, "mist", **mine)


def forged(token: str, **claims: Any) -> str:
    """A pass with other claims, under its old signature."""
    head, body, signature = token.split(".")
    said = {**json.loads(base64.urlsafe_b64decode(body + "==")), **claims}
    raw = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    return f"{head}.{raw}.{signature}"


def test_passes_of_others_open_nothing(newsroom: Newsroom) -> None:
    """Another stage's, another newsroom's, one with a higher tier written into it, one that lives for years."""
    token, here = newsroom.member.cookies[PASS], newsroom.harness.settings
    wrong = [forged(token, tiers=["patron"]), forged(token, exp=NOW + 10**6)]
    for stage in (here._replace(site_id="other"), here._replace(public_url="http://other.example:8000")):
        newsroom.harness.wiring.settings = stage
        elsewhere = Visitor(cookies={name: value for name, value in newsroom.member.cookies.items() if name != PASS})
        assert elsewhere.get("/v1/access?needs=members").json["open"]
        wrong.append(elsewhere.cookies[PASS])
    newsroom.harness.wiring.settings = here
    for spoiled in wrong:
        thief = Visitor(cookies={PASS: spoiled})
        assert not newsroom.opens(thief, "mist", **sent_with(newsroom.mist))
        assert not newsroom.opens(thief, "notes", **sent_with(newsroom.notes))
    thief = Visitor(cookies={PASS: token})
    assert newsroom.opens(thief, "mist", **sent_with(newsroom.mist)) == {"mist"}, "the negative control"


def test_tickets_and_keys_of_another_stage_or_of_a_key_that_was_dropped(newsroom: Newsroom) -> None:
    here = {name: dict(told) for name, told in newsroom.by_name.items()}
    for keys in ((K2,), (("k1", K2[1]),), (settings.from_environment({}).seal_keys[0],)):
        seals_with(newsroom.harness, *keys)
        for name in ("mist", "other"):
            sent = sent_with(here[name])
            newsroom.harness.pass_time(11)
            assert asked(newsroom.member, here[name], name).json.get("code") == "stale_version"
            assert not newsroom.opens(newsroom.member, name, **sent), "its file is dead, wherever it lies"


@pytest.mark.parametrize("name", ["spl", "article", "version", "needs", "alg", "zip", "iv"])
def test_a_file_whose_first_line_was_altered_does_not_open(newsroom: Newsroom, name: str) -> None:
    """Nobody can give one text another's name, tier or version: the line is authenticated with the text."""
    key = asked(newsroom.member, newsroom.mist).json["key"]
    file = newsroom.files["mist"]
    assert unsealed(file, key) == BODY, "the negative control"
    line, _, rest = file.partition("\n")
    other = header(newsroom.files["notes"])[name] if name in ("article", "version", "needs", "iv") else "x"
    for value in (other, header(file)[name] * 2, ""):
        altered = json.dumps({**header(file), name: value}, separators=(",", ":"))
        assert altered != line
        assert unsealed(f"{altered}\n{rest}", key) is None
    for spoiled in (f"{line} \n{rest}", f"{line}\n{rest[:-8]}", f"{line}\n{rest[4:]}", f"{line}\n{rest}{rest}"):
        assert unsealed(spoiled, key) is None
    for at in range(0, len(rest), 16):
        put_in = "A" if rest[at] != "A" else "B"
        assert unsealed(f"{line}\n{rest[:at]}{put_in}{rest[at + 1 :]}", key) is None
    assert unsealed(f"{newsroom.files['notes'].partition(chr(10))[0]}\n{rest}", key) is None


def test_who_claims_less_than_a_text_is_sealed_for_would_get_a_key_that_opens_nothing(newsroom: Newsroom) -> None:
    """The second net, should a gate ever be made to believe a claim: needs are in the key, and in the version."""
    told, file = newsroom.notes, newsroom.files["notes"]
    roots = newsroom.harness.settings.seal_keys
    for needs in ("members", "tier:member", "tier:patron2"):
        key = sealed_text.key("notes", told["version"], needs, roots)
        assert key is not None
        assert unsealed(file, key) is None
    right = sealed_text.key("notes", told["version"], "tier:patron", roots)
    assert right is not None
    assert unsealed(file, right) == NOTES, "the negative control"


def test_the_files_of_versions_that_never_were_are_not_there(newsroom: Newsroom) -> None:
    mine, others = newsroom.mist["version"], newsroom.other["version"]
    for version in (others, f"k9.{mine[3:]}", f"k1.{'A' * 24}", mine[:-1], mine.upper()):
        reply = Visitor().get(f"/v1/articles/mist/sealed/{version}")
        assert (reply.status, reply.code) == (404, "unknown_version")
    for word in STRANGE:
        reply = Visitor().get(f"/v1/articles/mist/sealed/{quote(word, safe='')}")
        assert reply.status in (400, 404)
        assert not reply.set_cookies
