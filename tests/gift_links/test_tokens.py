"""Tokens and marks that are not ours, or not of this article: the plain refusal, never an error, nothing counted."""

from urllib.parse import quote

import pytest

from chalicelib.kernel import link_tokens
from chalicelib.observing.log import LogLine
from chalicelib.reading.rules import gift_links as rules
from testkit.calls import API
from testkit.gift_links import CANARY, follows, given, put, readers, reads, reason
from testkit.harness import EMAIL_KEY, Harness
from testkit.visitor import Visitor

_OTHER_STAGE = "another-stages-key-of-at-least-32-bytes"


def forged(token: str) -> dict[str, str]:
    """What somebody might send in the place of a token."""
    link = rules.link_of(token, EMAIL_KEY)
    assert link
    head, name, proof = token.split(".")
    return {
        "of another stage": rules.token(link, _OTHER_STAGE),
        "of a link that never was": f"g1.AAAAAAAAAAAAAAAA.{proof}",
        "a mark in its place": f"g1.{link_tokens.make('gift_mark', link, EMAIL_KEY)}",
        "of another purpose": f"g1.{link_tokens.make('undo', link, EMAIL_KEY)}",
        "without its version": token.removeprefix("g1."),
        "of another version": f"g2.{name}.{proof}",
        "its id alone": link,
        "without a proof": f"{head}.{name}",
        "with an empty proof": f"{head}.{name}.",
        "doubled": token + token,
        "twice": f"{token},{token}",
        "in capitals": f"{head}.{name}.{proof.upper()}",
        "in fullwidth digits": token.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}),
        "with a space": f"{token} ",
        "with a line break": f"{token}\n",
        "with a line break before it": f"\r\n{token}",
        "with a null": f"{token}\0",
        "a prototype": "__proto__",
        "a constructor": "constructor",
        "percent signs": "%%%25%0d%0a",
        "half a character": "%ff%fe",
        "very long": "g1." + "A" * 5000,
        "Ukrainian": "g1.подарунок.посилання",
        "nothing": "",
    }


@pytest.mark.parametrize("kind", list(forged(rules.token("0123456789abcdef", EMAIL_KEY))))
def test_what_is_no_token_is_refused_like_nothing(harness: Harness, kind: str) -> None:
    giver, token = given(harness)
    sent = quote(forged(token)[kind], safe="%")
    plain = reads()
    reply = Visitor().get(f"/v1/articles/mist?gift={sent}")
    assert (reply.status, reply.text) == (200, plain.text)
    reader = Visitor()
    led = reader.navigate(f"/read/mist?gift={sent}")
    assert (led.status, led.headers["location"], led.set_cookies) == (303, f"{API}/read/mist", ())
    assert CANARY not in reader.navigate("/read/mist").text
    assert readers(giver) == 0


def test_every_letter_of_a_token_counts(harness: Harness) -> None:
    giver, token = given(harness)
    for place in range(len(token)):
        other = "1" if token[place] != "1" else "0"
        assert reason(reads(token[:place] + other + token[place + 1 :])) == "sign_in", place
        assert reason(reads(token[:place] + token[place + 1 :])) == "sign_in", place
        assert reason(reads(token[:place])) == "sign_in", place
    assert readers(giver) == 0
    assert reason(reads(token)) == "gift", "the negative control"


def test_a_token_of_another_article_says_nothing_of_it(harness: Harness) -> None:
    giver, token = given(harness)
    put(harness, article="more")
    plain = reads(article="more")
    assert reads(token, article="more").text == plain.text
    reader = Visitor()
    reads(token, reader)
    assert reads(token, reader, article="more").text == plain.text
    assert CANARY not in follows(f"/read/more?gift={token}", reader).text
    assert readers(giver) == 1


def test_a_token_given_twice_counts_as_the_last(harness: Harness) -> None:
    giver, token = given(harness)
    assert Visitor().get(f"/v1/articles/mist?gift={token}&gift=x").json["decision"]["open"] is False
    assert Visitor().get(f"/v1/articles/mist?gift=x&gift={token}").json["decision"]["open"] is True
    led = Visitor().navigate(f"/read/mist?gift={token}&gift={token}&lang=uk")
    assert led.headers["location"] == f"{API}/read/mist?lang=uk"
    assert readers(giver) == 1


def test_a_mark_cannot_be_made_from_a_token(harness: Harness) -> None:
    """Else one reader could hand on a cookie that costs nobody's place, made from the link alone."""
    giver, token = given(harness)
    link = rules.link_of(token, EMAIL_KEY)
    assert link
    name = f"__Host-spilno-{rules.mark_name('mist', EMAIL_KEY)}-8000"
    proof = token.rpartition(".")[2]
    for value in (
        f"{link}.{proof}",
        link,
        f"{link}.",
        token.removeprefix("g1."),
        f"{link}.{proof}~",
        "~",
        "~g1.",
        "x" * 4000,
    ):
        assert reason(reads(reader=Visitor(cookies={name: value}))) == "sign_in", value
    assert readers(giver) == 0
    genuine = rules.mark("mist", link, EMAIL_KEY).value
    assert reason(reads(reader=Visitor(cookies={name: genuine}))) == "gift", "the negative control"


def test_a_mark_opens_no_other_article_by_another_name(harness: Harness) -> None:
    _, token = given(harness)
    put(harness, article="more")
    reader = Visitor()
    reads(token, reader)
    (name,) = [name for name in reader.cookies if "-g-" in name]
    other = f"__Host-spilno-{rules.mark_name('more', EMAIL_KEY)}-8000"
    assert other != name
    moved = Visitor(cookies={other: reader.cookies[name]})
    reply = reads(reader=moved, article="more")
    assert (reason(reply), "gift" in reply.json["decision"]) == ("sign_in", False)


def test_two_hundred_marks_of_others_cost_no_read(harness: Harness) -> None:
    _, token = given(harness)
    jar = {f"__Host-spilno-g-{number:05}-8000": f"0123456789abcdef.{'0' * 32}" for number in range(200)}
    assert reason(reads(reader=Visitor(cookies=dict(jar)))) == "sign_in"
    assert reason(reads(token, Visitor(cookies=dict(jar)))) == "gift"


def test_the_token_stands_in_no_line_of_the_log(harness: Harness, lines: list[LogLine]) -> None:
    """P13."""
    giver, token = given(harness)
    reads(token)
    follows(f"/read/mist?gift={token}", Visitor())
    Visitor().get(f"/v1/articles/never?gift={token}")
    giver.navigate("/account/links")
    giver.delete("/v1/me/gift-links/never")
    told = " ".join(str(vars(line)) for line in lines)
    assert "unknown_gift_link" in told, "there are lines"
    assert token not in told
    assert token.rpartition(".")[2] not in told


def test_neither_another_language_nor_signing_in_carries_the_token_on(harness: Harness) -> None:
    _, token = given(harness)
    reader = Visitor()
    led = reader.navigate(f"/read/mist?gift={token}&lang=en")
    assert token not in led.headers["location"]
    page = reader.navigate("/read/mist?lang=en").text
    assert token not in page
    assert "gift=" not in page
