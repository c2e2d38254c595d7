"""What a reader would miss of a site's own looks is taken over; the rest is our page's."""

import pytest

from tests.article_html.making import page


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ('<p style="text-align: center; color: red">a</p>', '<p class="centred">a</p>'),
        ('<p class="has-text-align-right lead skip">a</p>', '<p class="to-right">a</p>'),
        ('<p align="CENTER">a</p><center>b</center>', '<p class="centred">a</p><div class="centred">b</div>'),
        (
            '<b style="font-weight:normal">a</b><span style="FONT-WEIGHT: 700">b</span>',
            '<b class="regular">a</b><span class="bold">b</span>',
        ),
        ('<div style="display:none">a</div>', '<div hidden="">a</div>'),
        ('<span class="screen-reader-text">a</span>', '<span class="unseen">a</span>'),
        (
            '<img class="wp-smiley" src="https://s.w.org/1.png" alt="x" style="height:1em">',
            '<img class="emoji" src="https://s.w.org/1.png" alt="x">',
        ),
        ('<font color="red" face="Arial">a</font>', "a"),
        ("<h1>a</h1><main>b</main>", "<h2>a</h2><div>b</div>"),
        ('<img src="https://n.example/1.jpg" align="left" hspace="9">', '<img src="https://n.example/1.jpg" alt="">'),
        (
            '<svg viewBox="0 0 24 24"><path style="fill:#fff; stroke : red" d="M1 1"/></svg>',
            '<svg viewBox="0 0 24 24" width="24"><path d="M1 1" fill="#fff" stroke="red"></path></svg>',
        ),
    ],
)
def test_what_carries_meaning_stays(html: str, shown: str) -> None:
    assert page(html) == shown


def test_a_wide_table_scrolls_by_itself_and_can_be_reached_by_keyboard() -> None:
    inner = "<table><tbody><tr><td>b</td></tr></tbody></table>"
    assert page(f"<table width=900><tr><td colspan=2 bgcolor=red>a{inner}</table>") == (
        f'<div class="wide" tabindex="0"><table><tbody><tr><td colspan="2">a{inner}</td></tr></tbody></table></div>'
    )


def test_the_player_of_a_site_is_the_browsers_own_here() -> None:
    player = '<div class="kg-audio-player">0:00</div>'
    assert (
        page(f'<div><audio src="https://n.example/a.mp3"></audio>{player}</div>')
        == '<div><audio src="https://n.example/a.mp3" controls="" preload="metadata"></audio></div>'
    )
