"""What a site's generator is given in the place of a gated text."""

import json
import re
import tomllib
from html import unescape

import pytest
import yaml

from ops.articles.front_matter import split
from ops.articles.pages import GENERATORS, content_file, open_file

HEADER = "---\n# a remark\nid: mist\ntitle: 'Міст: \"новий\"'\ntags: [a, b]\naccess: members\n---\n"
SOURCE = f"{HEADER}\nТізер.\n\n<!--more-->\n\nГейт.\n"
WALL = """<script type="application/ld+json">{}</script>
<spilno-wall>
<p>Тізер.</p>

<pre>a

\x20

b</pre>
</spilno-wall>
"""
TEASER = (
    "<style>p { color: red }</style>"
    '<p>Перший <b>абзац</b>: &laquo;"вода"&raquo; \\ *не* чекає\x0b\x85 &amp; #тече.</p>'
    "\n<!-- не це -->"
)
WORDS = 'Перший абзац : «"вода"» \\ *не* чекає & #тече.'
AS_MARKDOWN = 'Перший абзац : «"вода"» \\\\ \\*не\\* чекає &amp; \\#тече.'


@pytest.mark.parametrize("generator", GENERATORS)
def test_the_front_matter_stays_as_it_was_and_the_gated_text_is_gone(generator: str) -> None:
    made = content_file(SOURCE, WALL, TEASER, generator)
    assert "Гейт" not in made
    assert "<!--more-->" not in made
    assert (HEADER.removeprefix("---\n") in made) is (generator != "pelican")
    assert made.index("<spilno-wall>") < made.index("ld+json"), "words come first: lists cut them off the beginning"


def test_a_summary_is_added_that_yaml_reads_as_it_was_meant() -> None:
    for generator, words in (("hugo", AS_MARKDOWN), ("eleventy", WORDS)):
        fields = yaml.safe_load(content_file(SOURCE, WALL, TEASER, generator).split("---")[1])
        assert fields["summary"] == words
    own = SOURCE.replace("id: mist", "Summary: власне\nid: mist")
    assert content_file(own, WALL, TEASER, "hugo").lower().count("summary") == 1
    assert "summary" not in content_file(SOURCE, WALL, "<img src=x>", "hugo")


@pytest.mark.parametrize(
    ("said", "hugo", "pelican"),
    [
        ("5*3*2 &lt;script&gt;", r"5\*3\*2 &lt;script&gt;", r"5\*3\*2 &lt;script&gt;"),
        ("~~a~~ `b` [c](d)", r"\~\~a\~\~ \`b\` \[c\](d)", r"~~a~~ \`b\` \[c\](d)"),
        ("2026. Рік", r"2026\. Рік", r"2026\. Рік"),
        ("- Так", r"\- Так", r"\- Так"),
    ],
)
def test_where_a_summary_is_markdown_its_words_stay_as_they_are(said: str, hugo: str, pelican: str) -> None:
    """Hugo and Pelican render it: a star would be lost, and where raw HTML is allowed, a sign would begin a tag."""
    made = content_file(SOURCE, WALL, f"<p>{said}</p>", "hugo")
    assert yaml.safe_load(made.split("---")[1])["summary"] == hugo
    assert f"summary: {pelican}" in content_file(SOURCE, WALL, f"<p>{said}</p>", "pelican").splitlines()


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("url: /posts/mist/", "/posts/mist/"),
        ("url: /posts/mist", "/posts/mist/"),
        ("url: /posts/mist.html", "/posts/mist.html"),
        ("url: /%D0%BC%D1%96%D1%81%D1%82/?a=1#b", "/міст/"),
        ("url: /posts/mist/\npermalink: /own/", "/own/"),
        ("url: https://news.example/posts/mist/", None),
        ("url: //news.example/posts/mist/", None),
    ],
)
def test_eleventy_puts_the_page_where_its_url_says(line: str, path: str | None) -> None:
    """Without it a site needs a rule for all its posts, which ends the build at those that have no `url`."""
    source = SOURCE.replace("id: mist", f"id: mist\n{line}")
    for made in (content_file(source, WALL, TEASER, "eleventy"), open_file(source, "eleventy")):
        assert yaml.safe_load(made.split("---")[1]).get("permalink") == path
    assert open_file(source, "eleventy").replace(f"permalink: {json.dumps(path, ensure_ascii=False)}\n", "") == source
    for other in ("hugo", "pelican"):
        assert ("permalink" in content_file(source, WALL, TEASER, other)) is ("permalink" in source)
        assert open_file(source, other) == source


def test_toml_is_read_as_toml() -> None:
    source = '+++\nid = "mist"\ntitle = "Міст"\naccess = "members"\n+++\nТізер.\n\n<!--more-->\n\nГейт.\n'
    fields = tomllib.loads(content_file(source, WALL, TEASER, "hugo").split("+++")[1])
    assert fields == {"id": "mist", "title": "Міст", "access": "members", "summary": AS_MARKDOWN}


def test_pelican_reads_markdown_so_its_signs_are_escaped_and_no_line_is_empty() -> None:
    made = content_file(SOURCE, WALL, TEASER, "pelican")
    header, _, body = made.partition("\n---\n")
    assert 'summary: Перший абзац : «"вода"» \\\\ \\*не\\* чекає &amp; \\#тече.' in header.splitlines()
    assert {'title: Міст: "новий"', "tags: a, b", "id: mist"} <= set(header.splitlines()), "as Pelican takes them"
    assert body.startswith("<div>\n<spilno-wall>")
    assert body.rstrip().endswith("</div>")
    assert "\n\n" not in body.strip()
    assert "<pre>a\n&#10;&#10;&#10;b</pre>" in body


@pytest.mark.parametrize("generator", GENERATORS)
def test_signs_of_a_templates_language_stay_what_they_are(generator: str) -> None:
    signs = "{{< a >}} {% b %} {# c #}"
    told = '<script type="application/ld+json">{"headline":"{{< a >}} {% b %}"}</script>\n'
    made = content_file(SOURCE, f"{told}<spilno-wall>\n<code>{signs}</code>\n</spilno-wall>\n", "", generator)
    assert not {"{{", "{%", "{#"} & {made[at : at + 2] for at in range(len(made))}
    assert signs in unescape(made)
    (data,) = re.findall(r"json\">(.*)</script>", made)
    assert json.loads(data) == {"headline": "{{< a >}} {% b %}"}


def test_a_long_teaser_is_cut_at_a_word() -> None:
    made = content_file(SOURCE, WALL, "<p>" + "слово " * 100 + "</p>", "eleventy")
    said = json.loads(made.splitlines()[1].removeprefix("summary: "))
    assert said.endswith("слово…")
    assert len(said) <= 301
    assert split(made).fields is not None
