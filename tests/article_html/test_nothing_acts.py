"""On a page where readers are signed in and type their address, an article shows and does nothing."""

import pytest

from chalicelib.article_html.tree import name, parsed
from tests.article_html.making import ON_SITE, page

ACTS = {
    '<p onclick="x()" onmouseover=x() ONLOAD=x>a</p>': "<p>a</p>",
    '<svg onload="x()"><script>x()</script><set attributeName="href" to="x"/></svg>': "<svg></svg>",
    '<a href="&#106;avascript:x()">a</a>': "<a>a</a>",
    '<a href="java&Tab;script:x()" ping="https://e.example" target="_blank">a</a>': "<a>a</a>",
    "<style>.aside{display:none}</style>a": "a",
    '<link rel="stylesheet" href="https://e.example/x.css">a': "a",
    '<meta http-equiv="refresh" content="0;url=https://e.example">a': "a",
    '<p style="position:fixed;inset:0;background:url(https://e.example)">a</p>': "<p>a</p>",
    '<template shadowrootmode="open"><p>a</p></template>b': "b",
    "<body onload=x()><p>a</p>": "<p>a</p>",
    '<iframe srcdoc="<script>parent.x()</script>"></iframe>': ON_SITE,
    "<math><mtext><table><mglyph><style><img src=x onerror=x()></style></mglyph></table>": (
        '<div class="wide" tabindex="0"><table></table></div>'
    ),
    '<noscript><p title="</noscript><img src=x onerror=x()>">a</noscript>': (
        '<p title="&lt;/noscript&gt;&lt;img src=x onerror=x()&gt;">a</p>'
    ),
    '<svg><foreignObject><iframe src="javascript:x()"></iframe></foreignObject></svg>': "<svg></svg>",
    '<svg><a href="javascript:x()"><text>a</text></a></svg>': "<svg><text>a</text></svg>",
    '<svg><use href="https://e.example/x.svg#a"/><image href="//e.example/p.gif"/></svg>': "<svg><use></use></svg>",
    '<svg><path fill="url(https://e.example/)" style="stroke:url(//e.example)" d="M0 0"/></svg>': (
        '<svg><path d="M0 0"></path></svg>'
    ),
    "<dialog open>a</dialog><slot name=x>b</slot>": "ab",
    '<p popover="auto" autofocus tabindex="0" accesskey="s" contenteditable is="x-y" slot="s">a</p>': "<p>a</p>",
    '<div role="alert" aria-live="assertive">a</div>': "<div>a</div>",
}  # fmt: skip


@pytest.mark.parametrize(("html", "shown"), ACTS.items())
def test_what_acts_is_taken_out(html: str, shown: str) -> None:
    assert page(html) == shown


def test_no_form_asks_for_anything_and_its_words_stay() -> None:
    shown = page(
        '<form action="https://e.example"><p>Ваша адреса</p><input name="email"><button>Далі</button></form>'
    )
    assert shown == f"<p>Ваша адреса</p>Далі{ON_SITE}"


@pytest.mark.parametrize("own", ["content", "appeal", "already", "email", "forms", "body", "getElementById"])
def test_no_name_of_the_pages_own_is_taken(own: str) -> None:
    """Two elements of one id, and `document.<name>` of what is named so (DOM clobbering)."""
    html = (
        f'<img name="{own}" id="{own}" src="/a.jpg"><a name="{own}">a</a><map name="{own}"></map><p id="{own}">b</p>'
    )
    found = [(one.get("id"), one.get("name")) for one in parsed(page(html)).iter() if name(one) != "body"]
    assert found == [(f"article-{own}", None)] * 3


def test_what_refers_to_an_id_follows_it() -> None:
    shown = page(
        '<p id="d">x</p><img src="/a.jpg" aria-describedby="d e"><td></td>'
        '<svg><defs><linearGradient id="g"/></defs><path fill="url(#g)"/><use xlink:href="#g"/></svg>'
    )
    assert 'aria-describedby="article-d article-e"' in shown
    assert '<linearGradient id="article-g">' in shown
    assert 'fill="url(#article-g)"' in shown
    assert '<use href="#article-g">' in shown
