"""`ops articles seal`: no whole text is overwritten, and none that was open stays behind when it is gated."""

from pathlib import Path

import pytest

from testkit.articles_api import Answered, ArticlesDouble
from tests.proofs.ops.pushing.commands import ops, push, write

SITE = ("--site", "https://news.example")


def everything(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("generator", ["hugo", "pelican", "eleventy", None])
@pytest.mark.parametrize("out", ["content", "content/parts", "content/../content", "linked"])
def test_what_it_writes_never_lies_among_the_texts(
    api: ArticlesDouble, content: Path, generator: str | None, out: str
) -> None:
    push(api, content)
    (content.parent / "linked").symlink_to(content)
    before = everything(content)
    words = () if generator is None else ("--for", generator)
    result = ops(api, "seal", content, "--out", content.parent / out, *words, *SITE)
    assert (result.exit_code, everything(content)) == (1, before)
    assert "lies among the texts" in result.stderr


def test_neither_where_files_are_named(api: ArticlesDouble, content: Path) -> None:
    push(api, content)
    before = everything(content)
    result = ops(api, "seal", content / "a1.md", "--for", "pelican", "--out", content, *SITE)
    assert (result.exit_code, everything(content)) == (1, before)
    assert "lies among the texts" in result.stderr


@pytest.mark.parametrize("generator", ["hugo", "pelican", None])
def test_neither_where_a_link_leads_to_a_text(api: ArticlesDouble, content: Path, generator: str | None) -> None:
    write(content / "inner", "c1")
    (content / "inner" / "c1.md").rename(content / "inner" / "c1.html")
    write(content / "inner", "c2")
    out = content.parent / "out"
    out.mkdir()
    (out / "inner").symlink_to(content / "inner")
    (out / "c1.html").symlink_to(content / "inner" / "c1.html")
    push(api, content)
    before = everything(content)
    words = () if generator is None else ("--for", generator)
    result = ops(api, "seal", content, "--out", out, *words, *SITE)
    assert (result.exit_code, everything(content)) == (1, before)
    assert "is itself one of the texts" in result.stderr


@pytest.mark.parametrize("generator", ["hugo", "eleventy"])
def test_what_was_open_and_is_gated_leaves_no_whole_text_behind(
    api: ArticlesDouble, content: Path, generator: str
) -> None:
    out = content.parent / "out"
    seal = ("seal", content, "--for", generator, "--out", out, *SITE)
    write(content, "a1", access="open")
    push(api, content)
    assert ops(api, *seal).exit_code == 0
    assert b"\xd0\xa0\xd0\xb5\xd1\x88\xd1\x82\xd0\xb0 a1" in (out / "a1.md").read_bytes()
    write(out, "a2", title="of another hand", id="other")
    write(content, "a1")
    push(api, content)
    assert ops(api, *seal).exit_code == 0
    assert not (out / "a1.md").exists()
    assert "Решта" not in (out / "a1.html").read_text("utf-8")
    assert (out / "a2.md").exists(), "another article's"
    write(content, "a1", access="open")
    push(api, content)
    assert ops(api, *seal).exit_code == 0
    assert {file.name for file in out.glob("a1.*")} == {"a1.md"}, "an article is one page"


@pytest.mark.parametrize(
    "body", [{"hello": "world"}, {"links": {"read": "x"}, "name": {"uk": "В"}, "languages": ["uk"]}]
)
def test_what_is_no_spilno_is_told_in_a_sentence(api: ArticlesDouble, content: Path, body: dict[str, object]) -> None:
    push(api, content)
    api.trouble = lambda _method, name: Answered(200, body) if name.endswith("newsroom") else None
    result = ops(api, "seal", content, "--out", content.parent / "out", *SITE)
    assert result.exit_code == 1
    assert f"Nothing was written. {api.address} does not answer as Spilno's API does." in result.stderr
