"""Markdown as readers of Hugo, Jekyll, Pelican and Eleventy know it."""

import pytest

from ops.articles.markdown import rendered


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("| а | б |\n|:--|--:|\n| 1 | 2 |\n", '<td style="text-align:right">2</td>'),
        ("~~було~~ стало", "<s>було</s> стало"),
        ("```html\n<p>\n```", '<pre><code class="language-html">&lt;p&gt;\n</code></pre>'),
        ("Слово.[^1]\n\n[^1]: Примітка.", '<li id="fn1" class="footnote-item"><p>Примітка.'),
        ("Термін\n: Пояснення", "<dt>Термін</dt>\n<dd>Пояснення</dd>"),
        ("## Хто винен?", '<h2 id="хто-винен">Хто винен?</h2>'),
        ("## Хто винен {#who}", '<h2 id="who">Хто винен</h2>'),
        ("## Хто винен {: #who }", '<h2 id="who">Хто винен</h2>'),
        ("## А\n\n## А", '<h2 id="а-1">А</h2>'),
        ("<figure>\n<img src=a.jpg>\n</figure>\n", "<figure>\n<img src=a.jpg>\n</figure>"),
        ("Рядок <mark>з</mark> тегом", "<p>Рядок <mark>з</mark> тегом</p>"),
        ("«Лапки» -- і 'інші' \"лапки\"", "«Лапки» -- і 'інші' &quot;лапки&quot;"),
        ("https://news.example", "<p>https://news.example</p>"),
        ("один  \nдва\nтри", "один<br />\nдва\nтри"),
    ],
)
def test_it_is_rendered_so(text: str, html: str) -> None:
    assert html in rendered(text)
