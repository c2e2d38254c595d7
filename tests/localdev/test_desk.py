"""What is published sealed: the website carries it and cannot read it."""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from chalicelib.articles.rules import sealed_text
from localdev import desk, seed
from localdev.site import content
from localdev.site.web import make_app
from testkit.harness import Harness
from tests.articles.sealing import unsealed

SITE = Path(desk.__file__).parent.parent / "site"


def hidden(text: str) -> list[str]:
    return [found for found in re.findall(r"<(?:p|h2)>(.+?)</", text) if len(found) > 15]


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The website's folder after the seed has put and published everything."""
    monkeypatch.setenv("SPILNO_PUBLIC_URL", "http://127.0.0.1:9200")
    monkeypatch.setenv("SPILNO_SITE_PORT", "9201")
    monkeypatch.setenv("SPILNO_DATA", str(tmp_path))
    harness = Harness()
    seed.put_articles(harness.wiring, desk.sealed_articles(), {})
    seed.publish_sealed(harness.wiring, tmp_path / "published")
    return tmp_path / "published"


@pytest.fixture
def client(published: Path) -> Iterator[FlaskClient]:
    assert published.is_dir()
    app = make_app()
    app.config["SERVER_NAME"] = "127.0.0.1:9201"
    with app.test_client() as client:
        yield client


def test_nothing_that_is_published_holds_a_sentence_of_the_text(published: Path, client: FlaskClient) -> None:
    files = "".join(path.read_text("utf-8") for path in published.iterdir())
    for article in desk.sealed_articles():
        page = client.get(article.url.removeprefix("http://127.0.0.1:9201")).get_data(as_text=True)
        copy = client.get(f"/sealed/{article.id}").get_data(as_text=True)
        rest = hidden(article.body_html.removeprefix(article.teaser_html))
        assert len(rest) > 4
        for sentence in rest:
            assert sentence not in files + page + copy
        assert all(sentence in page for sentence in hidden(article.teaser_html)), (
            "the control: what is public is there"
        )


def test_the_page_carries_the_seal_and_the_copy_opens_with_the_key_alone(
    client: FlaskClient, published: Path
) -> None:
    for article in desk.sealed_articles():
        seal = json.loads(json.loads((published / f"{article.id}.json").read_text("utf-8"))["seal"])
        page = client.get(article.url.removeprefix("http://127.0.0.1:9201")).get_data(as_text=True)
        assert f'article="{article.id}"' in page
        assert seal["version"] in page
        assert seal["sealed"].endswith(f"/v1/articles/{article.id}/sealed/{seal['version']}"), "as the API answered"
        assert f'sealed="http://127.0.0.1:9201/sealed/{article.id}"' in page
        copy = client.get(f"/sealed/{article.id}")
        assert copy.content_type == "text/plain; charset=utf-8"
        roots = Harness().wiring.settings.seal_keys
        key = sealed_text.key(article.id, seal["version"], seal["needs"], roots)
        assert key is not None
        assert unsealed(copy.get_data(as_text=True), key) == article.body_html
        assert urlsafe_b64decode(f"{key}=").hex() not in copy.get_data(as_text=True)


def test_the_websites_code_never_reads_the_desk() -> None:
    sources = [path.read_text("utf-8") for path in sorted(SITE.rglob("*.py"))]
    assert sources
    assert not [source for source in sources if re.search(r"localdev(\.| import )desk", source)]


@pytest.mark.parametrize(
    "name", ["none", "..%2F..%2Flock", "demo-members", "demo-sealed.json", "%00", "demo-sealed%0A"]
)
def test_only_published_copies_are_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/sealed/{name}").status_code == 404


def test_a_site_alone_has_no_sealed_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPILNO_DATA", raising=False)
    assert content.published() == []
    assert content.listed()


def test_an_article_that_somebody_deleted_is_not_published(tmp_path: Path) -> None:
    harness = Harness()
    seed.publish_sealed(harness.wiring, tmp_path / "published")
    assert not (tmp_path / "published").exists()


def test_the_letter_gives_an_article_and_keeps_its_link_from_start_to_start(
    published: Path, client: FlaskClient
) -> None:
    assert "Цього тижня листа немає" in client.get("/letter").get_data(as_text=True)
    harness = Harness()
    seed.put_articles(harness.wiring, content.articles(), {})
    seed.publish_letter(harness.wiring, published)
    first = content.letter_gift("uk")
    assert first is not None
    assert first.article == "demo-members"
    assert "=g1." in first.url
    for path, given in (("/letter", first), ("/en/letter", content.letter_gift("en"))):
        assert given is not None
        assert f'href="{given.url}"' in client.get(path).get_data(as_text=True)
    seed.publish_letter(harness.wiring, published)
    assert content.letter_gift("uk") == first
    harness.pass_time(9 * 86_400 + 1)  # less than a day is left
    seed.publish_letter(harness.wiring, published)
    assert content.letter_gift("uk") != first
