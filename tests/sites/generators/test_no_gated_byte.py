"""A site of each generator, made as its page says, is walked by a stranger: no gated byte in any file of it."""

import shutil

import pytest

from testkit.ports import free_port
from testkit.stack import Stack
from tests.sites.from_docs import blocks
from tests.sites.generators.generators import GENERATORS, Newspaper, newspaper
from tests.sites.generators.texts import GATED, TEASER
from tests.sites.walk import files_of, leaks

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module", params=GENERATORS)
def published(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, newsroom: Stack) -> Newspaper:
    """The newspaper, published by the commands of its page."""
    made = newspaper(
        GENERATORS[request.param], tmp_path_factory.mktemp(request.param), f"http://127.0.0.1:{free_port()}", newsroom
    )
    (made.output / "old").mkdir(parents=True)
    (made.output / "old" / "index.html").write_text(f"From before it was gated: {GATED[0]}", encoding="utf-8")
    done = made.types(blocks(made.generator.page)["publish"])
    assert done.returncode == 0, done.stdout + done.stderr
    return made


# What each one makes of an article beside its page, and where the teaser must be.
PLACES = {
    "hugo": "posts/dam/index.html posts/dam/index.json index.xml index.json tags/місто/index.xml sitemap.xml".split(),
    "pelican": "posts/dam.html posts/dam.text feeds/all.atom.xml feeds/all.rss.xml search.json sitemap.xml".split(),
    "eleventy": "posts/dam/index.html feed/feed.xml feed/feed.json search.json index.html sitemap.xml".split(),
}


def test_no_file_has_a_gated_byte(published: Newspaper) -> None:
    files = files_of(published.output)
    assert leaks(files, GATED) == []
    assert not [name for name in files if "draft" in name]
    places = PLACES[published.generator.name]
    assert set(places) <= set(files)
    have = {place for place in places if leaks({place: files[place]}, [TEASER])}
    assert have == set(places) - {"sitemap.xml"}, "the teaser is there, so the walk looked at something"


def test_the_page_is_as_the_documentation_says(published: Newspaper) -> None:
    files, kind = files_of(published.output), published.generator.name
    page = files[PLACES[kind][0]].decode()
    assert '<spilno-wall class="spilno-wall"' in page
    assert page.count("<spilno-donate") == page.count("<spilno-account") == page.count("/widget.js") == 1
    assert f'<a href="{published.stack.app}/read/dam">' in page
    assert '"isAccessibleForFree":false' in page
    assert "рядок\n\nпісля" in page.replace("\n&#10;", "\n\n"), "an empty line within code stays"
    assert "Відкритий текст для всіх." in "".join(
        text.decode() for name, text in files.items() if name.endswith("html")
    )


def test_the_naive_site_is_found_leaking(published: Newspaper, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The negative control: the same texts where the generator sees them, `<!--more-->` and all."""
    folder = tmp_path_factory.mktemp("naive")
    naive = newspaper(published.generator, folder, published.url, published.stack)
    content = folder / "site" / published.generator.gated
    shutil.copytree(folder / "texts", content)
    if naive.generator.name == "eleventy":  # as its author would put each page at its `url`
        (content / f"{content.name}.json").write_text('{ "permalink": "{{ url }}" }', encoding="utf-8")
    done = naive.types(blocks(naive.generator.page)["publish"].strip().splitlines()[-1])
    assert done.returncode == 0, done.stdout + done.stderr
    files = files_of(naive.output)
    for place in PLACES[published.generator.name][:-1]:
        assert leaks({place: files[place]}, GATED), f"{place} of the naive site gives the text away"
