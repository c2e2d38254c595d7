"""Where `seal` writes an article, and that what was gated a moment ago is not written as open."""

from pathlib import Path

import pytest

from ops.articles.manuscript import Manuscript, read
from ops.articles.seal import _refuse_one_name_for_two
from ops.articles.sending import Failure
from ops.articles.written import Pages, Parts
from ops.output import Refusal

SITE = "https://news.example"
GATED = "---\nid: {}\ntitle: Міст\nurl: /a/\naccess: members\n---\nТізер.\n\n<!--more-->\n\nРешта.\n"
OPEN = "---\nid: {}\ntitle: Міст\nurl: /a/\naccess: open\n---\r\nУсе.\r\n"


def written(file: Path, text: str, name: str = "a") -> Manuscript:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text.format(name), encoding="utf-8", newline="")
    one = read(str(file), file.read_bytes(), site=SITE)
    assert isinstance(one, Manuscript)
    return one


def pages(texts: Path, generator: str = "hugo") -> Pages:
    return Pages(Path("out"), generator, (texts,), SITE, "utf-8")


def test_a_file_keeps_its_folder_and_an_open_one_its_ending(tmp_path: Path) -> None:
    gated, free = written(tmp_path / "2026" / "a.markdown", GATED), written(tmp_path / "b.markdown", OPEN, "b")
    assert pages(tmp_path).path(gated) == Path("out/2026/a.html")
    assert pages(tmp_path, "pelican").path(gated) == Path("out/2026/a.md")
    assert pages(tmp_path).path(free) == Path("out/b.markdown")
    assert Pages(Path("out"), "hugo", (Path(gated.file),), SITE, "utf-8").path(gated) == Path("out/a.html")
    assert Parts(Path("out")).path(gated) == Path("out/a.html")


def test_an_open_article_is_written_as_it_stands(tmp_path: Path) -> None:
    one = written(tmp_path / "a.md", OPEN)
    assert pages(tmp_path).text(one, None) == OPEN.format("a").replace("\r\n", "\n")


def test_what_was_gated_since_it_was_read_is_not_written(tmp_path: Path) -> None:
    one = written(tmp_path / "a.md", OPEN)
    written(tmp_path / "a.md", GATED)
    assert isinstance(pages(tmp_path).text(one, None), Failure)
    (tmp_path / "a.md").write_text("---\nid: a\naccess: members\ndraft: true\n---\n", encoding="utf-8")
    assert isinstance(pages(tmp_path).text(one, None), Failure)
    (tmp_path / "a.md").unlink()
    assert isinstance(pages(tmp_path).text(one, None), Failure)


def test_what_became_unreadable_since_is_a_failure_not_a_crash(tmp_path: Path) -> None:
    one = written(tmp_path / "a.md", OPEN)
    (tmp_path / "a.md").write_text("---\nid: a\n", encoding="utf-8")
    assert isinstance(pages(tmp_path).text(one, None), Failure)


def test_two_articles_for_one_file_are_refused(tmp_path: Path) -> None:
    both = (
        written(tmp_path / "a.md", GATED),
        written(tmp_path / "A.html", GATED.replace("Тізер.", "<p>Тізер.</p>"), "b"),
    )
    with pytest.raises(Refusal, match="would be written to one file"):
        _refuse_one_name_for_two(both, pages(tmp_path))
    _refuse_one_name_for_two(both, Parts(tmp_path))
