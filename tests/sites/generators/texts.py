"""What a newsroom writes: articles whose gated half has a word of its own in each place that a tool may print."""

from tests.sites.from_docs import blocks

# Words that stand nowhere but in gated text: of a paragraph, a heading (tables of contents), a picture's description,
# a footnote, a table, code, a comment, a link's address, and of the article that the documentation shows.
GATED = (
    "варановий", "семиструнний", "kanarka-alt", "виноскове", "таблицеве", "kodove", "kommentarne", "adresne",
    "водій заступника", "фірмі водія",
)  # fmt: skip
TEASER = "Дамбу оглянули в неділю"

_BODY = f"""{TEASER}, і *ніхто* не прийшов: див. [звіт](https://news.example/a?b=1&c=2).

> «Вода — не чекає», — «цитата» & <b>HTML</b>

```
рядок

після порожнього
```

<!--more-->

## Семиструнний розділ

Варановий звіт лежав у шухляді.[^1] ![kanarka-alt](/a.jpg) [далі](/adresne)

| що | скільки |
|---|---|
| таблицеве | 3 |

    kodove

<!-- kommentarne -->

[^1]: Виноскове слово.
"""


def texts(page: str) -> dict[str, str]:
    """The files of `texts/`: the documentation's own, and one with everything, in the header that this page teaches.

    Also an article that is open, one whose days of openness are over, one of a level and a draft.
    """
    shown = blocks(page)["mist.md"]
    header = shown[: shown.index("\n---\n", 4)]

    def article(name: str, access: str, *more: str, body: str = _BODY) -> str:
        own = header.replace("mist", name).replace("Чому міст не ремонтують", f"Дамба {name}")
        return "\n".join((own.replace("access: members", f"access: {access}"), *more, "---", body))

    return {
        "mist.md": shown,
        "dam.md": article("dam", "metered"),
        "deep/level.md": article("level", "tier:patron"),
        "closed.md": article("closed", "open", "closes_at: 2026-01-01T00:00:00Z"),
        "open.md": article("open", "open", body="Відкритий текст для всіх.\n"),
        "draft.md": article("draft", "members", "draft: true", "status: draft"),
    }
