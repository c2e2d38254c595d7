"""`doctor --leaks` and the keys of sealed texts: printed, they open every copy, also once the text has closed."""

import html
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.articles.actions.current_seal import current_seal
from chalicelib.articles.actions.seal_text import sealed_file
from chalicelib.articles.rows import articles
from chalicelib.articles.rows.articles import StoredArticleRow, packed
from chalicelib.articles.rules.policy import MEMBERS, OPEN, AtLeast
from chalicelib.kernel.moments import BusinessTime, RealTime
from ops.access_keys import SEAL_KEYS
from ops.doctor.leaks import command
from ops.doctor.leaks.command import Looked, look, look_for_leaks
from testkit.memory_table import MemoryTable
from tests.ops.doctor.here import Here
from tests.ops.doctor.leaky_site import ARTICLE, BODY, TEASER, Page, Site, page, running_site
from tests.ops.doctor.test_leaks import Local, subject
from tests.reading.sealed import K1, K2

NOW = 1_795_000_000
SEALS = ",".join(f"{kid}:{key.decode()}" for kid, key in (K1, K2))


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "Reader", Here)


def article(**changes: Any) -> StoredArticleRow:
    """The article; members read it, and its text is sealed."""
    made = StoredArticleRow("dam", "Дамба", "", MEMBERS, packed(TEASER), packed(BODY), 1)
    return replace(made, **changes)


def seal(at: StoredArticleRow, roots: Any = (K1,), now: int = NOW) -> dict[str, str]:
    """What `GET …/seal` says of a text that is open to all, as far as it matters here."""
    made = current_seal(replace(at, access=OPEN), roots, real_now=RealTime(now), now=BusinessTime(now))
    assert made is not None
    assert made.key is not None
    sealed = f"https://news.example/support/v1/articles/{at.id}/sealed/{made.version}"
    return {"access": "open", "version": made.version, "needs": made.needs, "sealed": sealed, "key": made.key}


def reading(site: Site, at: StoredArticleRow, seals: str = SEALS) -> Local:
    """The stage with this article, whose page is the site's."""
    table = MemoryTable()
    articles.put(table, replace(at, url=site.article))
    made = subject(table, site.base)
    made.local_secrets = {SEAL_KEYS: seals}
    return made


def looked_at(extra: str, at: StoredArticleRow, seals: str = SEALS) -> Looked:
    with running_site({ARTICLE: page(extra)}) as site:
        return look(reading(site, at, seals), (), budget=300, pause=0)


def wall(printed: object) -> str:
    return f'<spilno-wall article="dam" seal="{html.escape(json.dumps(printed))}"></spilno-wall>'


def by_number(text: str) -> str:
    return "".join(f"\\u{ord(letter):04X}" for letter in text)


PRINTED = {
    "the whole seal": wall(seal(article())),
    "members in another order": wall(dict(sorted(seal(article()).items()))),
    "a key by itself": f"<x-wall data-key={seal(article())['key']}>",
    "within a longer word": f"<a href='?k=%22{seal(article())['key']}%22'>",
    "a script's state": f"<script>JSON.parse({json.dumps(json.dumps(seal(article())))})</script>",
    "letters by number": f"<script>'{by_number(seal(article())['key'])}'</script>",
    "the other root": f"<!-- {seal(article(), (K2,))['key']} -->",
    "an earlier version": wall(seal(article(body=packed("<p>Було інакше.</p>")))),
    "an earlier version in pieces": "<b data-at='{sealed}' data-key='{key}'>".format(
        **seal(article(body=packed("<p>Було інакше.</p>")))
    ),
    "a root that is gone": wall(seal(article(), [("k0", b"Aq8Zr1Lw5Xn3Kc7Vb9Jt2Hm6Gd4Fs0YyUuIiOoEeAaE")])),
}


@pytest.mark.parametrize("how", PRINTED)
def test_a_printed_key_is_found(how: str) -> None:
    found = looked_at(PRINTED[how], article())
    assert {(one.article, one.how) for one in found.keys} >= {("dam", "the page")}
    assert (found.leaks, found.code) == ([], 1)


def test_what_put_answers_is_none() -> None:
    """The negative control: version and ticket, and the sealed text itself beside them."""
    printed = seal(article())
    del printed["key"]
    file = sealed_file("dam", printed["version"], "members", article().body or b"", [K1])
    found = looked_at(wall({**printed, "ticket": f"1795000600.{'A' * 24}"}) + f"<pre>{file}</pre>", article())
    assert (found.keys, found.code) == ([], 0)
    assert looked_at(wall(seal(article(id="other"))), article()).keys == [], "of an article that is not gated"
    assert looked_at(PRINTED["a key by itself"], article(), seals="").keys == [], "who seals nothing has no keys"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"access": OPEN}, False),
        ({"access": OPEN, "closes_at": NOW + 60}, True),
        ({"access": OPEN, "closes_at": NOW - 60}, True),
        ({"opens_at": NOW - 60}, False),
        ({"opens_at": NOW + 60}, True),
        ({"access": AtLeast("patron")}, True),
    ],
)
def test_it_is_one_wherever_the_text_is_closed_or_will_be(changes: dict[str, Any], *, found: bool) -> None:
    """Raised since, the text has another version; the key that stands there opens the copies of before."""
    assert bool(looked_at(PRINTED["the whole seal"], article(**changes)).keys) is found


def test_a_cache_that_goes_on_with_an_open_seal_is_found() -> None:
    """Nothing but `/seal` has the key, which a CDN keeps beyond its time."""
    stale: Page = ("application/json", json.dumps(seal(article())))
    with running_site({ARTICLE: page(), "/v1/articles/dam/seal": stale}) as site:
        found = look(reading(site, article()), (), budget=300, pause=0)
    assert [one.how for one in found.keys] == ["our own API, or a cache before it"]


def test_it_is_told_without_the_key(capsys: pytest.CaptureFixture[str]) -> None:
    with running_site({ARTICLE: page(PRINTED["the whole seal"])}) as site:
        for as_json in (False, True):
            assert look_for_leaks(reading(site, article()), (), budget=9, as_json=as_json) == 1
            printed = capsys.readouterr().out
            assert seal(article())["key"] not in printed
            assert site.article in printed
        assert json.loads(printed)["keys"][0] == {
            "article": "dam", "title": "Дамба", "url": site.article, "how": "the page"
        }  # fmt: skip


class Denied(Local):
    """A stage whose parameter store this operator may not read."""

    def secret(self, name: str) -> str:
        """See the base class."""
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": name}}, "GetParameters")


def test_without_the_roots_a_whole_seal_is_found_and_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with running_site({ARTICLE: page(PRINTED["the whole seal"])}) as site:
        allowed = reading(site, article())
        denied = Denied("local", "demo", site.base, (site.base,), "t", Path("newsroom.toml"))
        denied.table = allowed.table
        assert look_for_leaks(denied, (), budget=9, as_json=False) == 1
        assert "Keys were looked for in whole seals only" in capsys.readouterr().out
        assert look_for_leaks(allowed, (), budget=9, as_json=False) == 1
        assert "whole seals only" not in capsys.readouterr().out
