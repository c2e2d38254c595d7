"""A file as an article: what is read of it, and every reason why it cannot be put as it stands."""

from datetime import UTC, datetime

import pytest

from ops.articles.manuscript import DRAFT, NO_FIELDS, Manuscript, PassedOver, read
from ops.articles.refusal import FileRefused

ABOVE, BELOW = "Перший абзац.", "Решта тексту."
TEXT = f"{ABOVE}\n\n<!--more-->\n\n{BELOW}\n"
FIELDS = {"id": "mist", "title": "Міст", "url": "https://news.example/mist", "access": "members"}


def file_of(text: str = TEXT, **fields: str | None) -> str:
    """A Markdown file of an article; a field that is None is left out."""
    told = {**FIELDS, **fields}
    lines = [f"{name}: {value}" for name, value in told.items() if value is not None]
    return "\n".join(["---", *lines, "---", text])


def article(source: str | bytes, name: str = "mist.md", **options: str) -> Manuscript:
    one = read(name, source if isinstance(source, bytes) else source.encode(), **options)
    assert isinstance(one, Manuscript), one
    return one


def why_not(source: str | bytes, name: str = "mist.md", **options: str) -> str:
    with pytest.raises(FileRefused) as refused:
        read(name, source if isinstance(source, bytes) else source.encode(), **options)
    return refused.value.at(name)


def test_what_stands_above_the_divider_is_the_teaser_and_the_whole_is_sent_beside_it() -> None:
    one = article(file_of())
    assert (one.id, one.gated) == ("mist", True)
    assert one.body == {
        "title": "Міст",
        "url": "https://news.example/mist",
        "access": "members",
        "teaser_html": f"<p>{ABOVE}</p>\n",
        "body_html": f"<p>{ABOVE}</p>\n<p>{BELOW}</p>\n",
    }


def test_every_field_that_the_api_takes_is_sent_and_those_of_other_tools_are_not() -> None:
    one = article(
        file_of(
            author="[Олена Коваль, Іван Гук]",
            section="Місто",
            tags="[міст, річка]",
            opens_at="2026-12-01T06:00:00+02:00",
            closes_at='"2027-01-01 06:00 +0200"',
            layout="post",
            params="{a: 1}",
            date="2026-11-01",
        )
    )
    assert {name: one.body[name] for name in one.body if name not in (*FIELDS, "teaser_html", "body_html")} == {
        "author": "Олена Коваль, Іван Гук",
        "section": "Місто",
        "tags": ["міст", "річка"],
        "opens_at": "2026-12-01T04:00:00Z",
        "closes_at": "2027-01-01T04:00:00Z",
    }


def test_tags_may_be_one_text_with_commas() -> None:
    assert article(file_of(tags="міст, річка ,")).body["tags"] == ["міст", "річка"]


def test_html_is_taken_to_the_letter_and_cut_at_its_divider() -> None:
    html = "<p>Один &amp; два.</p>\n  <!-- more -->\n<p>Три.</p>\n"
    one = article(file_of(html), "mist.html")
    assert one.body["teaser_html"] == "<p>Один &amp; два.</p>\n"
    assert one.body["body_html"] == "<p>Один &amp; два.</p>\n<p>Три.</p>\n"


def test_toml_is_a_front_matter_too() -> None:
    toml = (
        '+++\nid = "mist"\ntitle = "Міст: хто"\nurl = "https://news.example/mist"\naccess = "metered"\n'
        f'tags = ["міст"]\nopens_at = 2026-12-01T06:00:00+02:00\ndraft = false\n[params]\nx = 1\n+++\n{TEXT}'
    )
    body = article(toml).body
    assert (body["title"], body["tags"], body["opens_at"]) == ("Міст: хто", ["міст"], "2026-12-01T04:00:00Z")
    assert why_not(toml.replace("06:00:00+02:00", "06:00:00")).startswith(
        "mist.md: opens_at is a time with its offset"
    )
    assert "cannot be read" in why_not(toml.replace("[params]", "[params"))


@pytest.mark.parametrize("value", ["2026-12-01", "0123", "1_000", "No", "12:30", "1e3", "true"])
def test_a_value_is_the_text_that_was_typed(value: str) -> None:
    """YAML by itself would make a day, a number or `false` of it."""
    assert article(file_of(title=value)).body["title"] == value


@pytest.mark.parametrize("name", ["id", "title", "url", "access"])
def test_what_is_missing_is_named(name: str) -> None:
    left_out: dict[str, str | None] = {name: None}
    assert why_not(file_of(TEXT, **left_out)).startswith(f"mist.md: {name} is missing.")
    assert why_not(file_of(**{name: ""})).startswith(f"mist.md: {name} is missing.")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"id": "міст"}, "id has 1 to 128 of the letters"),
        ({"id": "a/b"}, "id has 1 to 128 of the letters"),
        ({"id": '".."'}, "not dots alone"),
        ({"id": "a" * 129}, "id has 1 to 128"),
        ({"id": "[a, b]"}, "id has 1 to 128"),
        ({"access": "memebers"}, "access is one of: open, metered, members, tier:<name>; here it is 'memebers'"),
        ({"title": "{a: 1}"}, "title is one text"),
        ({"url": "ftp://news.example/a"}, "url is the article's whole address"),
        ({"url": "//news.example/a"}, "url is the article's whole address"),
        ({"url": "https://[x/a"}, "url is the article's whole address"),
        ({"url": "/mist"}, "Say which website that is on: --site"),
        ({"opens_at": "2026-12-01"}, "opens_at is a time with its offset from UTC"),
        ({"opens_at": "2026-12-01T06:00:00"}, "opens_at is a time with its offset from UTC"),
        ({"closes_at": "завтра"}, "closes_at is a time with its offset from UTC"),
        ({"tags": "{a: 1}"}, "tags are a list of texts"),
    ],
)
def test_what_the_api_would_refuse_is_refused_before_anything_is_sent(fields: dict[str, str], said: str) -> None:
    assert said in why_not(file_of(**fields))


def test_an_address_is_read_below_the_websites_path_included() -> None:
    assert article(file_of(url="/mist/"), site="https://a.github.io/paper/").body["url"] == (
        "https://a.github.io/paper/mist/"
    )


def test_a_name_twice_is_refused_with_its_line() -> None:
    assert why_not(file_of().replace("access: members", "access: members\nAccess: open")) == (
        "mist.md:6: The front matter has 'access' twice."
    )


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("---\nid: a\ntitle: b\n", "mist.md:1: The front matter begins with --- and has no end"),
        ("---\nid: a\ntitle: Міст: хто\n---\n", "mist.md:3: The front matter cannot be read"),
        ("---json\n{}\n---\n", "begins with ---json is not read here"),
        ("---\n- id\n---\n", "no list of names and values"),
        ("---\nid: *a\n---\n", "cannot be read"),
        (f"---\nid: {'[' * 3000}\n---\n", "cannot be read"),
        (f"---\nid: {'a' * 70_000}\n---\n", "more than 64 KB"),
    ],
)
def test_a_front_matter_that_cannot_be_read_is_refused(source: str, said: str) -> None:
    assert said in why_not(source)


@pytest.mark.parametrize("source", ["", "# Про нас\n", "---\ntitle: Про нас\n---\n" + TEXT, "---\n---\n"])
def test_another_page_of_the_website_is_passed_over(source: str) -> None:
    assert read("about.md", source.encode()) == PassedOver("about.md", NO_FIELDS)


@pytest.mark.parametrize("field", [{"draft": "true"}, {"published": "false"}, {"status": "draft"}, {"Draft": "Yes"}])
def test_a_draft_is_passed_over(field: dict[str, str]) -> None:
    assert read("mist.md", file_of(**field).encode()) == PassedOver("mist.md", DRAFT)


def test_what_is_published_is_no_draft() -> None:
    assert article(file_of(draft="false", published="true", status="published"))


def test_line_ends_and_the_mark_at_the_beginning_change_nothing() -> None:
    plain = article(file_of())
    windows = b"\xef\xbb\xbf" + file_of().replace("\n", "\r\n").encode()
    assert article(windows) == plain
    assert article(file_of().replace("\n", "\r")) == plain


def test_an_encoding_is_declared_or_refused() -> None:
    raw = file_of().encode("windows-1251")
    assert why_not(raw) == (
        "mist.md:3: This is not UTF-8 (byte 0xf1). Save the file as UTF-8, or say which one it is, as in "
        "--encoding windows-1251."
    )
    assert article(raw, encoding="windows-1251") == article(file_of())
    assert article(file_of(), encoding="windows-1251") == article(file_of()), "UTF-8 is seen, whatever was declared"
    assert "UTF-16" in why_not(file_of().encode("utf-16"))
    assert "no text" in why_not(b"\x00\x01PNG")
    assert "neither UTF-8 nor windows-1251" in why_not(raw + b"\x98", encoding="windows-1251")


def test_what_is_too_large_for_the_api_is_refused_here() -> None:
    assert "The teaser has more than 20 KB" in why_not(file_of(f"{'а' * 11_000}\n\n<!--more-->\n\nб\n"))
    assert "The text has more than 350 KB" in why_not(file_of(f"а\n\n<!--more-->\n\n{'б' * 180_000}\n"))


def test_the_revision_follows_everything_that_is_sent_and_nothing_else() -> None:
    one = article(file_of()).revision
    assert article(file_of(layout="other", date="2026-01-01")).revision == one
    for other in (file_of(title="Міст."), file_of(access="metered"), file_of(author="Я"), file_of(TEXT + "Ще.")):
        assert article(other).revision != one
    assert len(one) <= 64


def test_what_a_generator_fills_in_is_warned_of_outside_of_code() -> None:
    (warning,) = article(file_of(TEXT + "\n{{< youtube abc >}}\n")).warnings
    assert "`{{`" in warning
    assert article(file_of(TEXT + "\n`{{< youtube >}}`\n\n```\n{% raw %}\n```\n")).warnings == ()


def test_a_text_that_is_open_to_all_needs_no_divider() -> None:
    one = article(file_of("Усе.\n", access="open"))
    assert (one.gated, one.body["teaser_html"], one.body["body_html"]) == (False, "", "<p>Усе.</p>\n")
    closes = datetime(2026, 12, 1, tzinfo=UTC).isoformat()
    assert "no line <!--more-->" in why_not(file_of("Усе.\n", access="open", closes_at=closes))
    assert article(file_of(access="open", closes_at=closes)).gated


@pytest.mark.parametrize(
    "date", ["2999-01-01", "2999-01-01 06:00", "2999-01-01T06:00:00+02:00", "2999-01-01 06:00 +0200"]
)
@pytest.mark.parametrize("name", ["date", "publishDate"])
def test_a_date_to_come_keeps_nothing_back_and_is_warned_of(name: str, date: str) -> None:
    (warning,) = article(file_of(**{name: date})).warnings
    assert f"`{name.lower()}` is still to come" in warning
    assert article(file_of(**{name: date, "opens_at": "2999-01-01T06:00:00+02:00"})).warnings == ()


@pytest.mark.parametrize("date", ["2001-01-01", "soon", "[a, b]", "", "99999-01-01"])
def test_another_date_is_not(date: str) -> None:
    assert article(file_of(date=date)).warnings == ()
