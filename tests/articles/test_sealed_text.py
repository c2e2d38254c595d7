"""The derivation of versions, keys and tickets, held against a second one that is written from the contract alone."""

import base64
import json
import subprocess
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.articles.actions.seal_text import sealed_file
from chalicelib.articles.rules import sealed_text
from chalicelib.articles.rules.sealed_text import TICKET_LIFE, check_ticket
from chalicelib.kernel.moments import RealTime
from testkit.installed import installed
from tests.articles.sealing import b64, expand, header, keys_in, unsealed

ROOTS = (
    ("k2", b"second-root-second-root-second-root-second-r"),
    ("k1", b"first-root-first-root-first-root-first-root-f"),
)
NOW = RealTime(1_790_000_000)
BODY = b"\x78\x9c\x4b\x4c\x4a\x06\x00\x02\x4d\x01\x27"  # zlib.compress(b"abc")
V = sealed_text.version("mist", "members", BODY, ROOTS[0])

# Two busy cores are no reason to fail.
BUSY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
articles = st.from_regex(r"[A-Za-z0-9._~-]{1,128}", fullmatch=True)
kids = st.from_regex(r"[A-Za-z0-9_-]{1,16}", fullmatch=True)
needed = st.just("members") | st.from_regex(r"tier:[A-Za-z0-9._~-]{1,128}", fullmatch=True)
roots = st.from_regex(r"[A-Za-z0-9_-]{43,60}", fullmatch=True)


@BUSY
@given(articles, needed, st.binary(max_size=200), kids, roots, st.integers(1_000_000_000, 9_000_000_000))
def test_a_second_implementation_derives_the_same(
    article: str, needs: str, body: bytes, kid: str, text: str, at: int
) -> None:
    root = text.encode()
    named = expand(root, f"spl1-version\n{article}\n{needs}\n".encode() + body, 18)
    version = f"{kid}.{b64(named)}"
    assert sealed_text.version(article, needs, body, (kid, root)) == version
    key = b64(expand(root, f"spl1-key\n{article}\n{version}\n{needs}".encode(), 32))
    assert sealed_text.key(article, version, needs, [(kid, root)]) == key
    exp = at // 60 * 60 + 600
    proof = b64(expand(root, f"spl1-ticket\n{article}\n{version}\n{needs}\n{exp}".encode(), 18))
    ticket = sealed_text.ticket(article, version, needs, [(kid, root)], RealTime(at))
    assert ticket == f"{exp}.{proof}"
    assert check_ticket(ticket, article, version, needs, [(kid, root)], RealTime(at))


@BUSY
@given(articles, needed, st.binary(max_size=500))
def test_what_is_sealed_opens_with_the_derived_key_and_is_the_same_each_time(
    article: str, needs: str, text: bytes
) -> None:
    body = zlib.compress(b64(text).encode())
    version = sealed_text.version(article, needs, body, ROOTS[1])
    file = sealed_file(article, version, needs, body, ROOTS)
    key = sealed_text.key(article, version, needs, ROOTS)
    assert file is not None
    assert key is not None
    assert unsealed(file, key) == b64(text)
    assert sealed_file(article, version, needs, body, ROOTS[::-1]) == file


NODE = """
const {createHmac, webcrypto} = require('crypto'), {inflateSync} = require('zlib');
const {root, article, needs, body, exp, file} = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const x = (info) => createHmac('sha256', root).update(info).update(Buffer.from([1])).digest();
const head = Buffer.from(`spl1-version\\n${article}\\n${needs}\\n`);
const version = 'k2.' + x(Buffer.concat([head, Buffer.from(body, 'base64')])).subarray(0, 18).toString('base64url');
const raw = x(`spl1-key\\n${article}\\n${version}\\n${needs}`);
const proof = x(`spl1-ticket\\n${article}\\n${version}\\n${needs}\\n${exp}`).toString('base64url').slice(0, 24);
const [line, rest] = file.split('\\n'), iv = Buffer.from(JSON.parse(line).iv, 'base64');
(async () => {
  const key = await webcrypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt']);
  const how = {name: 'AES-GCM', iv, additionalData: Buffer.from(line)};
  const packed = Buffer.from(await webcrypto.subtle.decrypt(how, key, Buffer.from(rest, 'base64')));
  const text = inflateSync(packed).toString();
  console.log(JSON.stringify({version, key: raw.toString('base64url'), ticket: `${exp}.${proof}`, text}));
})();
"""


def test_node_derives_the_same_and_opens_the_file() -> None:
    """With the string as the key, as a CDN's functions have it, and with WebCrypto, as browsers have it."""
    needs = "tier:patron"
    version = sealed_text.version("mist-2026.7", needs, BODY, ROOTS[0])
    ticket = sealed_text.ticket("mist-2026.7", version, needs, ROOTS, NOW)
    told = {
        "root": ROOTS[0][1].decode(),
        "article": "mist-2026.7",
        "needs": needs,
        "body": base64.b64encode(BODY).decode(),
        "exp": NOW // 60 * 60 + 600,
        "file": sealed_file("mist-2026.7", version, needs, BODY, ROOTS),
    }
    node = installed("Node", ["node"], package="nodejs")
    done = subprocess.run([node, "-e", NODE], input=json.dumps(told), capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {
        "version": version,
        "key": sealed_text.key("mist-2026.7", version, needs, ROOTS),
        "ticket": ticket,
        "text": "abc",
    }


def test_a_file_of_today_is_the_same_for_ever() -> None:
    """Copies that lie somewhere are opened by keys derived years later; pages name their versions."""
    file = sealed_file("mist", V, "members", BODY, ROOTS)
    assert V == "k2.gkOzFjU3rf19ot3WOV22ht9a"
    assert file == (
        '{"spl":1,"article":"mist","version":"k2.gkOzFjU3rf19ot3WOV22ht9a","needs":"members","alg":"A256GCM",'
        '"zip":"deflate","iv":"ZwznjL9pS8btYEfb"}\nKzXvo6Nf8wdzrzvFpFebXFAjqH53kFgDHIQ0'
    )
    key = "tVinQoB37PqzgslSnNt5tRQ0VrOFzbn060n2IJEIlHA"
    assert sealed_text.key("mist", V, "members", ROOTS) == key
    assert unsealed(file, key) == "abc"


def test_a_file_says_what_it_is_in_its_first_line_and_holds_nothing_of_the_text() -> None:
    file = sealed_file("mist", V, "members", BODY, ROOTS)
    assert file is not None
    assert list(header(file)) == ["spl", "article", "version", "needs", "alg", "zip", "iv"]
    assert {**header(file), "iv": ""} == {
        "spl": 1,
        "article": "mist",
        "version": V,
        "needs": "members",
        "alg": "A256GCM",
        "zip": "deflate",
        "iv": "",
    }
    line, rest = file.split("\n")
    assert " " not in line
    assert len(base64.b64decode(rest, validate=True)) == len(BODY) + 16
    assert BODY not in base64.b64decode(rest)


@pytest.mark.parametrize(
    ("article", "needs", "body", "root"),
    [
        ("mist2", "members", BODY, ROOTS[0]),
        ("mist", "tier:members", BODY, ROOTS[0]),
        ("mist", "members", BODY + b"\0", ROOTS[0]),
        ("mist", "members", BODY, ("k2", ROOTS[1][1])),
        ("mist", "members", BODY, ("k3", ROOTS[0][1])),
    ],
)
def test_each_part_makes_another_version(article: str, needs: str, body: bytes, root: tuple[str, bytes]) -> None:
    assert sealed_text.version(article, needs, body, root) != V


NO_PARTS = ("", "a\nb", "members\n", "a b", "a%0Ab", "ї", "__proto__ ", "a" * 129, "tier:", "tier:\u0430", "\0")


@pytest.mark.parametrize(
    "strange", [*NO_PARTS, "open", "metered", "Members", "members,open", "tier:a\n", "constructor"]
)
def test_nothing_is_derived_for_needs_that_nobody_can_hold(strange: str) -> None:
    assert sealed_text.key("mist", V, strange, ROOTS) is None
    assert sealed_text.ticket("mist", V, strange, ROOTS, NOW) is None
    assert sealed_file("mist", V, strange, BODY, ROOTS) is None
    assert not check_ticket(f"{NOW + 60}.{'A' * 24}", "mist", V, strange, ROOTS, NOW)
    with pytest.raises(ValueError, match="sealed under"):
        sealed_text.version("mist", strange, BODY, ROOTS[0])


@pytest.mark.parametrize(
    "strange",
    [
        *NO_PARTS,
        "k2",
        "k2.",
        f"k3.{V[3:]}",
        f"K2.{V[3:]}",
        V[3:],
        V[:-1],
        f"{V}A",
        f"{V}=",
        f"{V}\n",
        f" {V}",
        f"__proto__.{V[3:]}",
        f"constructor.{V[3:]}",
        f"k2.{V}",
    ],
)
def test_nothing_is_derived_for_versions_of_no_root_of_ours(strange: str) -> None:
    assert sealed_text.key("mist", strange, "members", ROOTS) is None
    assert sealed_text.ticket("mist", strange, "members", ROOTS, NOW) is None
    assert sealed_file("mist", strange, "members", BODY, ROOTS) is None


@pytest.mark.parametrize("strange", ["", "a\nb", "a b", "a%20b", "ї", "a" * 129, "a/b", "mist\n"])
def test_nothing_is_derived_for_names_of_no_article(strange: str) -> None:
    assert sealed_text.key(strange, V, "members", ROOTS) is None
    with pytest.raises(ValueError, match="sealed under"):
        sealed_text.version(strange, "members", BODY, ROOTS[0])


def test_a_ticket_lives_ten_minutes_at_most_and_never_from_the_future() -> None:
    made = RealTime(1_790_000_040)  # a full minute
    ticket = sealed_text.ticket("mist", V, "members", ROOTS, made)
    assert ticket is not None

    def genuine(at: int, over_for: int = 0) -> bool:
        return check_ticket(ticket, "mist", V, "members", ROOTS, RealTime(at), over_for=over_for)

    assert [genuine(made + after) for after in (-1, 0, 1, 599, 600, 601)] == [False, True, True, True, False, False]
    assert [genuine(made + after, 86_400 - TICKET_LIFE) for after in (599, 600, 86_399, 86_400)] == [
        True,
        True,
        True,
        False,
    ]
    for at in range(60):
        assert sealed_text.ticket("mist", V, "members", ROOTS, RealTime(made + at)) == ticket, "copies agree"
    assert sealed_text.ticket("mist", V, "members", ROOTS, RealTime(made + 60)) != ticket


@BUSY
@given(st.data())
def test_no_ticket_but_the_very_one_is_taken(data: st.DataObject) -> None:
    ticket = sealed_text.ticket("mist", V, "members", ROOTS, NOW)
    assert ticket is not None
    at = data.draw(st.integers(0, len(ticket) - 1))
    other = data.draw(st.text(max_size=2).filter(lambda put: put != ticket[at]))
    assert not check_ticket(ticket[:at] + other + ticket[at + 1 :], "mist", V, "members", ROOTS, NOW)
    assert check_ticket(ticket, "mist", V, "members", ROOTS, NOW), "the negative control"


@pytest.mark.parametrize(
    "of",
    [
        ("mist2", V, "members"),
        ("mist", f"k1.{V[3:]}", "members"),
        ("mist", f"k2.{'A' * 24}", "members"),
        ("mist", V, "tier:patron"),
    ],
)
def test_a_ticket_or_key_of_another_text_is_none_of_this(of: tuple[str, str, str]) -> None:
    ticket = sealed_text.ticket(*of, ROOTS, NOW)
    assert ticket is not None
    assert not check_ticket(ticket, "mist", V, "members", ROOTS, NOW)
    file = sealed_file("mist", V, "members", BODY, ROOTS)
    assert file is not None
    key = sealed_text.key(*of, ROOTS)
    assert key is not None
    assert unsealed(file, key) is None
    assert {unsealed(file, found) for found in keys_in(ticket, V, file)} <= {None}
