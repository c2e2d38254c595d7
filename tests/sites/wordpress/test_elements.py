"""The donate button and the link to a reader's own support: as blocks, as shortcodes, in menus."""

import re
from collections.abc import Iterator

import pytest

from tests.sites.wordpress.site import Site, paragraphs, walled

API = "https://support.news.example"
DONATE = '<spilno-donate api="https://support.news.example"'


@pytest.fixture(autouse=True)
def _connected(site: Site) -> Iterator[None]:
    before = site.run("return get_option('spilno_options', []);")
    site.options(api=API)
    yield
    site.run("update_option('spilno_options', $it);", it=before)


def shown(site: Site, content: str) -> str:
    """What a text becomes on a page."""
    return str(site.run("return do_blocks(do_shortcode($content));", content=content))


def page(site: Site, content: str, **post: str) -> str:
    """The public page of a post with this text."""
    return site.get(f"/?p={site.insert(content, **post)}").text


SHORTCODES = {
    "[spilno_donate]": f'{DONATE} compact><a href="{API}/donate">',
    '[spilno_donate compact="no"]': f"{DONATE}><a",
    "[spilno_donate compact=ні always]": f"{DONATE} always><a",
    '[spilno_donate campaign="bridge-2026" interval="year" text="Дати на міст"]': (
        f'{DONATE} campaign="bridge-2026" interval="year" compact>'
        f'<a href="{API}/donate?campaign=bridge-2026&#038;interval=year">Дати на міст</a></spilno-donate>'
    ),
    '[spilno_donate CAMPAIGN=bridge currency="EUR" amounts="300, 500,1000" amount=500 tier=patron lang=uk]': (
        f'{DONATE} campaign="bridge" currency="eur" amounts="300, 500,1000" amount="500" tier="patron"'
        ' lang="uk" compact>'
    ),
    # Quotes of a word processor, and as the visual editor writes them.
    "[spilno_donate campaign=”bridge” interval=«month»]": f'{DONATE} campaign="bridge" interval="month" compact>',
    "[spilno_donate campaign=&#8221;bridge&#8221;]": f'{DONATE} campaign="bridge" compact>',
    # What an element could not use is left out.
    "[spilno_donate interval=weekly amount=5,00 amounts=a,b currency=euro lang=de tier='ø']": f"{DONATE} compact><a",
    "[spilno_account]": f'<spilno-account api="{API}"><a href="{API}/account">',
    '[spilno_account text="Мій внесок" lang=en]': (
        f'<spilno-account api="{API}" lang="en"><a href="{API}/account">Мій внесок</a></spilno-account>'
    ),
}


@pytest.mark.parametrize("written", SHORTCODES, ids=[f"case-{number}" for number in range(len(SHORTCODES))])
def test_a_shortcode_becomes_an_element(site: Site, written: str) -> None:
    assert shown(site, written).startswith(SHORTCODES[written])


NAMES = "campaign currency interval amounts amount tier lang text compact always api preview onclick style".split()
OURS = {"spilno-donate", "spilno-account", "a", "div"}
ATTACKS = (
    '" onmouseover="alert(1)',
    "' autofocus onfocus=alert(1) x='",
    "&quot; onmouseover=&quot;alert(1)",
    "</a></spilno-donate><script>alert(1)</script>",
    "javascript:alert(1)",
)


def test_nothing_that_is_written_becomes_markup(site: Site) -> None:
    """As authors with no right to HTML may write: each name, those of no attribute too, as block and as shortcode."""
    every = [{name: value} for name in NAMES for value in ATTACKS]
    made = site.run(
        """
        return array_map(fn($given) => Spilno\\Elements::donate_shortcode($given)
            . Spilno\\Elements::account_shortcode($given) . render_block(['blockName' => 'spilno/donate',
            'attrs' => $given, 'innerBlocks' => [], 'innerHTML' => '', 'innerContent' => []]), $every);
        """,
        every=every,
    )
    assert len(made) == len(every)
    for given, html in zip(every, made, strict=True):
        tags = re.findall(r"<[^>]*>", html)
        assert {tag.split(" ")[0].strip("<>/") for tag in tags} == {"spilno-donate", "spilno-account", "a", "div"}, (
            given
        )
        assert not [tag for tag in tags if re.search(r"\son\w+=|javascript:|style=|autofocus", tag)], given
        assert len(re.findall(rf'<spilno-\w+ api="{API}"', html)) == 3, given


def test_a_block_becomes_an_element(site: Site) -> None:
    html = shown(site, '<!-- wp:spilno/donate {"campaign":"bridge","compact":false,"className":"wide"} /-->')
    assert re.match(rf'<div class="[^"]*wide[^"]*">{DONATE} campaign="bridge"><a', html)
    assert "wp-block-spilno-account" in shown(site, "<!-- wp:spilno/account /-->")


@pytest.mark.parametrize("user", ["author", "contributor"])
def test_who_may_not_write_html_keeps_them(site: Site, user: str) -> None:
    content = (
        '<!-- wp:spilno/donate {"campaign":"bridge","text":"Дати — 5 €"} /-->\n\n'
        '<!-- wp:shortcode -->\n[spilno_donate campaign="bridge"]\n<!-- /wp:shortcode -->'
    )
    made = site.rest_call("POST", "/wp/v2/posts", user, title="Міст", content=content)
    assert made.status_code == 201, made.text
    assert site.row(made.json()["id"])["post_content"] == content
    assert shown(site, content).count(f'{DONATE} campaign="bridge" compact>') == 2
    assert "Дати — 5 €</a>" in shown(site, content)


class TestTheScript:
    def test_once_and_only_where_something_needs_it(self, site: Site) -> None:
        tag = rf"<script[^>]*\basync\b[^>]*src=['\"]{re.escape(API)}/widget\.js['\"]"
        with_it = page(site, "[spilno_donate]\n\n[spilno_donate compact=no]\n\n[spilno_account]")
        assert len(re.findall(tag, with_it)) == with_it.count("widget.js") == 1
        assert "widget.js" not in page(site, paragraphs("Нічого такого"))

    def test_not_in_a_list_that_shows_no_button(self, site: Site) -> None:
        site.insert("[spilno_donate]", post_excerpt="Коротко")
        assert "widget.js" not in site.get("/wp-json/wp/v2/posts").text.replace("\\/", "/").replace("content", "")

    def test_a_feed_has_the_link_alone(self, site: Site) -> None:
        site.insert("Текст [spilno_donate campaign=bridge] [spilno_account]")
        feed = site.get("/feed/").text
        assert "spilno-donate" not in feed
        assert f'<a href="{API}/donate?campaign=bridge">' in feed

    def test_nothing_as_long_as_the_address_is_not_known(self, site: Site) -> None:
        site.options(api="")
        html = page(site, "[spilno_donate][spilno_account]<!-- wp:spilno/donate /-->")
        assert "spilno-donate" not in html.replace("block-spilno-donate", "")
        assert "widget.js" not in html


class TestMenus:
    def test_a_link_to_the_account_is_the_element(self, site: Site) -> None:
        html = site.run(
            """
            $menu = wp_create_nav_menu('Головне ' . uniqid());
            foreach (['Про нас' => home_url('/about/'), 'Підтримка' => $api . '/account/'] as $title => $url)
                wp_update_nav_menu_item($menu, 0, ['menu-item-title' => $title, 'menu-item-url' => $url,
                    'menu-item-type' => 'custom', 'menu-item-status' => 'publish']);
            return wp_nav_menu(['menu' => $menu, 'echo' => false]);
            """,
            api=API,
        )
        assert html.count("<spilno-account") == 1
        assert re.search(
            rf'<spilno-account api="{API}"><a href="{API}/account/"[^>]*>Підтримка</a></spilno-account>', html
        )

    def test_in_a_navigation_block_too(self, site: Site) -> None:
        link = '<!-- wp:navigation-link {"label":"Підтримка","url":"%s","kind":"custom"} /-->'
        html = shown(
            site, f"<!-- wp:navigation -->{link % (API + '/account')}{link % '/about/'}<!-- /wp:navigation -->"
        )
        assert html.count("<spilno-account") == 1

    def test_the_box_beside_the_menu_adds_an_ordinary_link(self, site: Site) -> None:
        site.run("switch_theme('twentytwentyone');")
        try:
            html = site.get("/wp-admin/nav-menus.php", "admin").text
            assert 'id="spilno-menu-items"' in html
            assert f'name="menu-item[-1][menu-item-url]" value="{API}/account"' in html
            site.options(api="")
            assert 'id="spilno-menu-items"' not in site.get("/wp-admin/nav-menus.php", "admin").text
        finally:
            site.run("switch_theme('twentytwentythree');")


def test_the_editor_is_shown_a_preview(site: Site) -> None:
    answer = site.rest_call(
        "GET", "/wp/v2/block-renderer/spilno/donate?context=edit&attributes[campaign]=bridge", "author"
    )
    assert re.search(rf'{DONATE} campaign="bridge" compact preview>', answer.json()["rendered"])
    assert site.rest_call("GET", "/wp/v2/block-renderer/spilno/donate?context=edit").status_code == 401


def test_in_the_editor_of_widgets(site: Site) -> None:
    """WordPress wants nothing of its editor of posts there, and says so in its log."""
    log = site.folder / "debug.log"
    site.run("switch_theme('twentytwentyone');")
    before = log.stat().st_size
    try:
        page = site.get("/wp-admin/widgets.php", "admin").text
        assert "elements-editor.js" in page
        assert "should not be enqueued" not in log.read_bytes()[before:].decode()
    finally:
        site.run("switch_theme('twentytwentythree');")


def test_buttons_stand_in_both_parts_of_a_text(site: Site) -> None:
    post = site.insert(walled("Початок [spilno_donate]", "Далі [spilno_donate campaign=bridge]"))
    html = site.run(
        "$row = Spilno\\Row::number($id); return Spilno\\Rendering::of($row->post, $row->whole());", id=post
    )
    assert html.count("<spilno-donate") == 2
