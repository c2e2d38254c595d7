"""Whatever fragment an article holds, what stands after it on our page stays outside of it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.article_html.tree import name, parsed
from tests.article_html.making import page
from tests.article_html.test_balanced import around

TAGS = """
    p b i a div table tr td th tbody caption colgroup col ul ol li h1 h2 blockquote font em span figure figcaption img
    br pre svg path text title desc foreignObject math mi annotation-xml template select option form button details
    summary dl dt dd center nobr iframe script style noscript video audio source xmp noembed frameset body html head
    object embed textarea input marquee main hr ruby rp rt image custom-x label picture plaintext
""".split()
PIECES = st.one_of(
    st.sampled_from(TAGS).map(lambda tag: f"<{tag}>"),
    st.sampled_from(TAGS).map(lambda tag: f"</{tag}>"),
    st.sampled_from(
        ["word ", "<!-- wp:more", "<!-- c -->", "-->", "&#8211;", "&lt;/div&gt;", "<", "\n", "<![CDATA[x"]
    ),
    st.sampled_from(
        ["<a href=#x id=x>", "<img src=a.jpg>", "<iframe src=//e.example>", "<td align=center>", "<p id='"]
    ),
    st.text(max_size=5),
)


@settings(max_examples=1500, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_fragment_reaches_beyond_its_end(html: str) -> None:
    shown = page(html)
    assert around(shown) == (["text", "appeal"], 2)
    # Nor does a browser find in it what our rules did not let through.
    allowed = {"script", "style", "form", "input", "template", "object", "embed", "noscript", "select", "textarea"}
    assert not allowed & {name(one) for one in parsed(shown).iter()}
