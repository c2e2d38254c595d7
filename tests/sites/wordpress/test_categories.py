"""Categories for supporters: many posts at once, forth and back, each as it was to the byte."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sites.wordpress.site import Site, paragraphs, walled

REVISIONS = "return (int) wp_count_posts('revision')->inherit;"
PAGE = "/wp-admin/options-general.php?page=spilno"
FOUR = paragraphs("Один", "Два", "Три", "Чотири — “лапки” &amp; \\слеш\\ 100%")
TEXTS = {
    "blocks": FOUR,
    "more": f"{paragraphs('Один')}\n\n<!-- wp:more -->\n<!--more-->\n<!-- /wp:more -->\n\n{paragraphs('Два', 'Три')}",
    "classic": "Один\r\n\r\nДва\r\n\r\nТри <em>і</em> \\слеш\\\r\n",
    "one-paragraph": paragraphs("Єдиний абзац, і він довгий"),
    "group": f"<!-- wp:group -->\n<div>{paragraphs('У ній')}</div>\n<!-- /wp:group -->\n{FOUR}",
    "an-editor's-line": walled("Початок", "Решта"),
    "shortcode": "Один\n\n[spilno_donate]\n\nДва\n\nТри",
}


@pytest.fixture
def category(site: Site) -> Iterator[int]:
    """A category; without rules afterwards."""
    made = int(site.run("return wp_insert_term('Рубрика ' . uniqid(), 'category')['term_id'];"))
    yield made
    site.options(category_rules=[])
    site.run("delete_option('spilno_apply');")


def rule(category: int, **more: Any) -> dict[str, Any]:
    """The table of settings with one row."""
    return {str(category): {"access": "members", "paragraphs": 2, "at_more": True, **more}}


def rows(site: Site, posts: list[int]) -> list[dict[str, str]]:
    """As they lie in the table, dates and all."""
    return [site.row(post) for post in posts]


def pressed(site: Site) -> str:
    """The button below the table, until nothing is left to do."""
    page = site.get(PAGE, "admin").text
    for _ in range(9):
        form = re.search(r'action="[^"]*admin-post\.php".*?</form>', page, re.DOTALL)
        if form is None:
            return page
        nonce = re.search(r'name="_wpnonce" value="(\w+)"', form.group())
        assert nonce
        fields = {"action": "spilno_apply", "_wpnonce": nonce[1]}
        page = site.session("admin").post(f"{site.url}/wp-admin/admin-post.php", data=fields, timeout=60).text
    raise AssertionError("there is no end to it")


def test_a_new_rule_forth_and_back(site: Site, category: int) -> None:
    posts = [site.insert(text, post_category=[category]) for text in TEXTS.values()]
    draft = site.insert(FOUR, post_category=[category], post_status="draft")
    other = site.insert(FOUR)
    before, revisions = (
        rows(site, [*posts, draft, other]),
        site.run("return (int) wp_count_posts('revision')->inherit;"),
    )

    site.options(category_rules=rule(category))
    assert rows(site, [*posts, draft]) == before[:-1], "nothing happens behind anybody's back"
    assert 'role="status"' in pressed(site)
    closed = rows(site, posts)
    for name, was, now, post in zip(TEXTS, before, closed, posts, strict=False):
        assert now["post_content_filtered"].startswith("spilno1."), name
        assert site.whole(post) == TEXTS[name], name
        assert now["post_modified"] == was["post_modified"], name
        whole, teaser = TEXTS[name], now["post_content"].partition("<!-- wp:spilno/access")[0]
        assert len(teaser.partition("<!--spilno")[0]) < len(whole), f"{name}: some of it is closed"
    assert "Три" not in str(closed), "the third paragraph is closed everywhere"
    assert site.row(other) == before[-1]

    site.options(category_rules=[])
    pressed(site)
    assert rows(site, [*posts, draft, other]) == before
    assert site.run(REVISIONS) == revisions


def test_so_many_that_one_press_is_not_enough(site: Site, category: int) -> None:
    posts = [site.insert(FOUR, post_category=[category]) for _ in range(4)]
    site.options(category_rules=rule(category))
    site.run("Spilno\\Category_Apply::some(0);")  # no time at all: one at least
    assert [site.row(post)["post_content_filtered"] != "" for post in posts] == [True, False, False, False]
    page = site.get(PAGE, "admin").text
    assert "spilno_apply" in page
    assert ">3 " in page or " 3 " in page
    pressed(site)
    assert all(site.row(post)["post_content_filtered"] for post in posts)


def test_posts_of_a_category_below_it(site: Site, category: int) -> None:
    below = site.run(
        "return wp_insert_term('Нижча ' . uniqid(), 'category', ['parent' => $up])['term_id'];", up=category
    )
    post = site.insert(FOUR, post_category=[below])
    site.options(category_rules=rule(category, access="tier:patron"))
    pressed(site)
    assert '"access":"tier:patron"' in site.row(post)["post_content"]


def bulk(site: Site, posts: list[int], category: int) -> None:
    """WordPress's own bulk edit, which adds a category and takes none away."""
    nonce = site.form("/wp-admin/edit.php", "editor", "posts-filter")["_wpnonce"]
    fields: dict[str, Any] = {"post[]": posts, "post_category[]": [0, category], "_wpnonce": nonce}
    asks = {"bulk_edit": "1", "action": "edit", "_status": -1, "post_type": "post", "post_author": -1}
    fields |= {**asks, "screen": "edit-post"}
    site.session("editor").get(f"{site.url}/wp-admin/edit.php", params=fields, timeout=60)


def test_many_posts_into_a_category_and_out_of_it(site: Site, category: int) -> None:
    site.options(category_rules=rule(category))
    posts = [site.insert(text) for name, text in TEXTS.items() if name != "an-editor's-line"]
    before = [row["post_content"] for row in rows(site, posts)]
    bulk(site, posts, category)
    for post, text in zip(posts, before, strict=True):
        assert site.row(post)["post_content_filtered"].startswith("spilno1.")
        assert site.whole(post) == text
    for post in posts:
        site.run("wp_set_post_categories($id, [1]);", id=post)
    after = rows(site, posts)
    assert [row["post_content"] for row in after] == before
    assert {row["post_content_filtered"] for row in after} == {""}


def test_a_line_that_an_editor_drew_stays_whatever_the_category(site: Site, category: int) -> None:
    site.options(category_rules=rule(category))
    post = site.insert(walled("Початок", "Решта"), post_category=[category])
    was = site.row(post)
    site.run("wp_set_post_categories($id, [1]);", id=post)
    site.options(category_rules=[])
    pressed(site)
    assert site.row(post)["post_content"] == was["post_content"]
    assert "Решта" not in str(site.row(post))
