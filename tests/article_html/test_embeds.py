"""What other sites show in an article: a frame of a listed host, a link for all the rest."""

import pytest

from tests.article_html.making import ON_SITE, URL, instead, made, page

TUBE = "https://www.youtube.com/embed/dQw4w9WgXcQ"


def test_a_listed_host_plays_in_a_frame_that_says_which_site_this_is() -> None:
    """YouTube answers error 153 to a frame without a referrer, and ours is `same-origin`."""
    shown = page(
        f'<iframe width="560" height="315" src="{TUBE}" onload="x()" srcdoc="y" name="email" id="f"></iframe>'
    )
    assert shown == (
        f'<iframe class="frame-16-9" src="{TUBE}" title="From youtube.com" loading="lazy"'
        ' referrerpolicy="strict-origin-when-cross-origin" sandbox="allow-forms allow-popups'
        ' allow-popups-to-escape-sandbox allow-presentation allow-same-origin allow-scripts"'
        ' allow="encrypted-media; fullscreen; picture-in-picture"></iframe>'
    )


@pytest.mark.parametrize(
    "html",
    [
        f'<iframe src="{TUBE}"></iframe>',
        '<iframe src="//www.youtube.com/embed/dQw4w9WgXcQ"></iframe>',
        '<iframe src="http://www.youtube.com/embed/dQw4w9WgXcQ"></iframe>',
        f'<iframe src="about:blank" data-src="{TUBE}"></iframe>',
        f'<iframe data-lazy-src="{TUBE}"></iframe><noscript><iframe src="{TUBE}"></iframe></noscript>',
        '<div class="wp-block-embed__wrapper">\nhttps://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3s\n</div>',
        '<div class="wp-block-embed__wrapper">https://youtu.be/dQw4w9WgXcQ?si=x</div>',
        '<div class="wp-block-embed__wrapper">https://m.youtube.com/shorts/dQw4w9WgXcQ</div>',
    ],
)
def test_in_all_the_ways_in_which_editors_put_it(html: str) -> None:
    assert page(html).count("<iframe ") == 1
    assert f' src="{TUBE}" ' in page(html)
    assert "elsewhere" not in page(html)


@pytest.mark.parametrize(
    ("size", "looks"),
    [
        ('width="560" height="315"', 'class="frame-16-9"'),
        ('width="640px" height="480px"', 'class="frame-4-3"'),
        ('width="400" height="400"', 'class="frame-1-1"'),
        ('width="315" height="560"', 'class="frame-9-16"'),
        ('width="100%" height="152"', 'height="152"'),
        ('width="640" height="152"', 'height="152"'),
        ('height="999999"', 'class="frame-16-9"'),
        ('height="99999"', 'height="4000"'),
        ("", 'class="frame-16-9"'),
        ('width="0" height="0"', 'class="frame-16-9"'),
    ],
)
def test_a_frame_keeps_its_proportions_or_its_height(size: str, looks: str) -> None:
    assert page(f'<iframe src="{TUBE}" {size}></iframe>').startswith(f"<iframe {looks} src")


def test_any_other_host_is_a_link() -> None:
    html = '<iframe src="https://maps.elsewhere.example/e?q=1&x=2"></iframe>'
    assert made(html).html == instead("maps.elsewhere.example", "https://maps.elsewhere.example/e?q=1&amp;x=2")
    assert made(html).instead == ("maps.elsewhere.example",)
    assert "<iframe" in made(html, frames=("*.elsewhere.example",)).html
    assert "<iframe" not in made(html, frames=("elsewhere.example", "*.maps.elsewhere.example")).html
    assert "<iframe" not in made(f'<iframe src="{TUBE}"></iframe>', frames=()).html


@pytest.mark.parametrize(
    "src",
    [
        "https://www.youtube.com.evil.example/embed/x",
        "https://www.youtube.com@evil.example/embed/x",
        "https://evilwww.youtube.com.example/",
        "//evil.example\\@www.youtube.com/",
        "https://evil.example/#https://www.youtube.com/",
    ],
)
def test_a_host_that_only_looks_like_a_listed_one_is_a_link(src: str) -> None:
    assert "<iframe" not in page(f'<iframe src="{src}"></iframe>')


@pytest.mark.parametrize(
    "html", ['<iframe srcdoc="<p>x"></iframe>', '<iframe src="javascript:x"></iframe>', "<iframe></iframe>"]
)
def test_what_only_the_site_can_show_is_a_link_to_the_site(html: str) -> None:
    assert page(html) == ON_SITE


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (
            (
                '<blockquote class="twitter-tweet"><p>Вода є!</p><a href="https://twitter.com/n/status/1">дата</a></blockquote>'
                '<script async src="https://platform.twitter.com/widgets.js"></script>'
            ),
            '<blockquote><p>Вода є!</p><a href="https://twitter.com/n/status/1">дата</a></blockquote>',
        ),
        (
            (
                '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/A/"></blockquote>'
                '<script async src="//www.instagram.com/embed.js"></script>'
            ),
            instead("instagram.com", "https://www.instagram.com/p/A/"),
        ),
        (
            (
                '<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@n/video/1"><section></section>'
                '</blockquote><script async src="https://www.tiktok.com/embed.js"></script>'
            ),
            instead("tiktok.com", "https://www.tiktok.com/@n/video/1"),
        ),
        (
            (
                '<div id="fb-root"></div><script src="https://connect.facebook.net/uk_UA/sdk.js#xfbml=1"></script>'
                '<div class="fb-post" data-href="https://www.facebook.com/n/posts/1"></div>'
            ),
            f'<div id="article-fb-root"></div>{instead("facebook.com", "https://www.facebook.com/n/posts/1")}',
        ),
        (
            '<script async src="https://telegram.org/js/telegram-widget.js" data-telegram-post="nadr/120"></script>',
            instead("t.me", "https://t.me/nadr/120"),
        ),
        (
            (
                '<div class="flourish-embed" data-src="visualisation/12"><script src="https://public.flourish.studio/resources/embed.js">'
                "</script></div>"
            ),
            instead("flo.uri.sh", "https://flo.uri.sh/visualisation/12/embed"),
        ),
        (
            '<div class="infogram-embed" data-id="a-b-1"></div><script>!function(){}()</script>',
            instead("infogram.com", "https://infogram.com/a-b-1"),
        ),
        (
            '<script src="https://gist.github.com/n/0a1b.js"></script>',
            instead("gist.github.com", "https://gist.github.com/n/0a1b"),
        ),
        (
            '<script src="https://datawrapper.dwcdn.net/AbC/embed.js"></script>',
            instead("datawrapper.dwcdn.net", "https://datawrapper.dwcdn.net/AbC"),
        ),
        ('<script src="https://polls.elsewhere.example/p.js"></script>', ON_SITE),
        (
            '<script src="https://polls.elsewhere.example/p.js"></script> <script src="https://polls.elsewhere.example/q.js"></script>',
            f"{ON_SITE} ",
        ),
        (
            '<embed src="http://www.youtube.com/v/abc" type="application/x-shockwave-flash">',
            instead("youtube.com", "http://www.youtube.com/v/abc"),
        ),
        ('<object data="/report.pdf"></object>', instead("news.example", "https://news.example/report.pdf")),
        (
            '<div class="wp-block-embed__wrapper">https://x.com/n/status/1</div>',
            instead("x.com", "https://x.com/n/status/1"),
        ),
    ],
)
def test_what_a_script_would_have_shown_is_a_link_to_the_same(html: str, shown: str) -> None:
    assert page(html) == shown


@pytest.mark.parametrize(
    "html",
    [
        "<script>dataLayer.push({})</script>",
        '<script async src="https://www.googletagmanager.com/gtag/js?id=1"></script>',
        '<script async src="https://pagead2.googlesyndication.com/pagead/js/adsbygoogle.js"></script>',
        '<script src="/wp-includes/js/wp-embed.min.js"></script>',
        '<script type="application/ld+json">{"a": "b"}</script>',
    ],
)
def test_what_shows_nothing_is_not_missed(html: str) -> None:
    assert page(html) == ""
    assert made(html).instead == ()


def test_no_link_stands_in_a_link_nor_before_a_table() -> None:
    frame = '<iframe src="https://elsewhere.example/x"></iframe>'
    assert page(f'<a href="{URL}">x{frame}</a>') == f'<a href="{URL}">x</a>'
    script = '<script src="https://elsewhere.example/x.js"></script>'
    assert "elsewhere" not in page(f"<table><tr>{script}<td>x</td></tr></table>")
