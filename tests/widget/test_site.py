"""The demo site: what it shows, what it must never hold, and how it embeds the elements."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from localdev.site.content import Article, articles, time_zone
from localdev.site.web import make_app
from localdev.site.words import date_and_time

IDENTIFIER = re.compile(r"[A-Za-z0-9._~-]{1,128}")


class Outline(HTMLParser):
    """Counts what stands on a page, and collects its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href" and value]


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    """A client of the site beside an API on port 9200."""
    monkeypatch.setenv("SPILNO_PUBLIC_URL", "http://127.0.0.1:9200")
    monkeypatch.setenv("SPILNO_SITE_PORT", "9201")
    app = make_app()
    app.config["SERVER_NAME"] = "127.0.0.1:9201"
    with app.test_client() as client:
        yield client


def path_of(article: Article) -> str:
    return article.url.removeprefix("http://127.0.0.1:9201")


def test_there_is_something_to_read_in_both_languages() -> None:
    found = articles()
    assert len([one for one in found if one.lang == "uk"]) >= 10
    assert len([one for one in found if one.lang == "en"]) >= 5
    policies = {one.id: one.access for one in found}
    assert policies["demo-open"] == "open"
    assert policies["demo-metered"] == "metered"
    assert policies["demo-members"] == "members"
    assert policies["demo-patrons"] == "tier:patron"
    assert all(IDENTIFIER.fullmatch(one.id) for one in found)
    assert len(policies) == len(found)


def test_what_is_behind_the_wall_is_worth_reading() -> None:
    for one in articles():
        words = len(re.sub(r"<[^>]+>", " ", one.body_html).split())
        assert not one.gated or 300 <= words <= 600, f"{one.id}: {words} words"
        assert one.body_html.startswith(one.teaser_html)
        assert len(one.body_html) > len(one.teaser_html)


def test_every_twin_has_its_twin() -> None:
    by_id = {one.id: one for one in articles()}
    for one in by_id.values():
        assert one.twin is None or by_id[one.twin].twin == one.id


def test_no_page_holds_a_sentence_that_is_behind_the_wall(client: FlaskClient) -> None:
    pages = ["/", "/en/", *(path_of(one) for one in articles())]
    everything = "".join(client.get(path).get_data(as_text=True) for path in pages)
    for one in articles():
        hidden = one.body_html.removeprefix(one.teaser_html)
        paragraphs = re.findall(r"<(?:p|h2)>(.+?)</", hidden)
        assert paragraphs
        for paragraph in paragraphs:
            assert (paragraph in everything) != one.gated, f"{one.id}: {paragraph}"


def test_every_article_page_stands_by_itself(client: FlaskClient) -> None:
    for one in articles():
        html = client.get(path_of(one)).get_data(as_text=True)
        assert f'<html lang="{one.lang}">' in html
        assert f'<link rel="canonical" href="{one.url}">' in html
        assert Outline(html).tags.count("h1") == 1
        assert ("<spilno-wall" in html) == one.gated
        assert html.count("<spilno-donate") == 1
        give = {"uk": "Підтримати", "en": "Support us"}[one.lang]
        assert f">{give}</a></spilno-donate>" in html
        assert len(re.findall(r"<script(?! type=.application/ld\+json)", html)) == 1, (
            "beside what search engines read"
        )
        assert 'src="http://127.0.0.1:9200/widget.js"' in html


def test_under_an_article_stand_the_latest_by_section_with_date_time_and_lead(client: FlaskClient) -> None:
    html = client.get("/articles/demo-open").get_data(as_text=True)
    below = html.split("Читайте далі")[1].replace("\xa0", " ")  # no line begins with a dash
    for one in articles():
        if one.id in {"demo-members", "byudzhet", "biblioteka"}:
            assert one.title in below
            assert one.lead in below
    assert re.search(r"<time datetime=[^>]+>сьогодні, 07:00</time>", below) or "учора, 07:00" in below
    assert "Для спільноти" in below


def test_every_link_of_the_site_leads_somewhere(client: FlaskClient) -> None:
    for page in ("/", "/en/", "/articles/demo-members", "/en/articles/demo-open-en"):
        for link in Outline(client.get(page).get_data(as_text=True)).links:
            path = link.removeprefix("http://127.0.0.1:9201").split("#")[0]
            if path.startswith("/"):
                with client.get(path) as answer:  # a style sheet is an open file until it is closed
                    assert answer.status_code == 200, f"{page} -> {link}"


def test_localhost_is_sent_to_the_one_name_that_cookies_know(client: FlaskClient) -> None:
    answer = client.get("/articles/demo-open?a=1", base_url="http://localhost:9201")
    assert (answer.status_code, answer.location) == (307, "http://127.0.0.1:9201/articles/demo-open?a=1")


def test_the_policy_allows_the_api_and_nothing_else(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert set(re.findall(r"https?://\S+?(?=;| |$)", policy)) == {"http://127.0.0.1:9200"}
    assert "unsafe" not in policy


def test_unknown_pages_are_404_in_the_readers_language(client: FlaskClient) -> None:
    for path, words in (("/articles/none", "Такої сторінки немає"), ("/en/none", "There is no such page")):
        answer = client.get(path)
        assert answer.status_code == 404
        assert words in answer.get_data(as_text=True)
    assert client.post("/").status_code == 405


def test_only_known_previews_reach_the_page(client: FlaskClient) -> None:
    assert 'preview="thanks"' in client.get("/articles/demo-members?preview=thanks").get_data(as_text=True)
    assert "preview=" not in client.get("/articles/demo-members?preview=%22onload").get_data(as_text=True)


def test_dates_are_written_as_a_newspaper_writes_them() -> None:
    now = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
    written = [date_and_time(datetime(2026, 11, day, 7, 30, tzinfo=UTC), "uk", now) for day in (22, 21, 17)]
    assert written == ["сьогодні, 09:30", "учора, 09:30", "17 листопада, 09:30"]


def test_nothing_is_published_in_the_future() -> None:
    assert all(one.published_at <= datetime.now(UTC) for one in articles())
    assert time_zone().utcoffset(datetime(2026, 11, 22)) is not None  # noqa: DTZ001 - the zone is what is asked
