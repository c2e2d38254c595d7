"""Which files of a folder are read, and that all of them are before anything else is done."""

import os
from pathlib import Path

import pytest

from ops.articles.files import DRAFTS, LINK, shelf
from ops.articles.manuscript import LARGEST_FILE
from tests.ops.articles.test_manuscript import file_of


def write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text or file_of(id=path.stem), encoding="utf-8")
    return path


def ids(*paths: Path) -> list[str]:
    return [one.id for one in shelf(paths, site="", encoding="utf-8").manuscripts]


def refusals(*paths: Path) -> list[str]:
    return [error.at(file) for file, error in shelf(paths, site="", encoding="utf-8").refused]


def test_markdown_and_html_below_a_folder_in_order_and_nothing_hidden(tmp_path: Path) -> None:
    for name in ("b.md", "a/d.markdown", "a/c.HTML", "a/.e.md", ".git/f.md", "g.txt", "h.md~", "i.jpg"):
        write(tmp_path / name)
    assert ids(tmp_path) == ["b", "c", "d"]


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    one = write(tmp_path / "one.md")
    assert ids(one, tmp_path, one, tmp_path / "." / "one.md") == ["one"]


def test_links_are_not_followed_unless_they_are_named(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "two.md")
    write(tmp_path / "site" / "one.md")
    (tmp_path / "site" / "link.md").symlink_to(tmp_path / "elsewhere" / "two.md")
    (tmp_path / "site" / "gone.md").symlink_to(tmp_path / "nowhere.md")
    (tmp_path / "site" / "round").symlink_to(tmp_path / "site")
    found = shelf([tmp_path / "site"], site="", encoding="utf-8")
    assert [one.id for one in found.manuscripts] == ["one"]
    assert {Path(one.file).name for one in found.passed_over if one.why == LINK} == {"link.md", "gone.md", "round"}
    assert ids(tmp_path / "site" / "link.md") == ["two"]
    assert ids(tmp_path / "site" / "round") == ["one"]
    assert ids(tmp_path / "site" / "link.md", tmp_path / "elsewhere", tmp_path / "site") == ["two", "one"]


def test_drafts_have_a_folder_in_jekyll(tmp_path: Path) -> None:
    write(tmp_path / "site" / "one.md")
    draft = write(tmp_path / "site" / "city" / "_drafts" / "new" / "two.md")
    found = shelf([tmp_path / "site"], site="", encoding="utf-8")
    assert [one.id for one in found.manuscripts] == ["one"]
    assert [(one.file, one.why) for one in found.passed_over] == [(str(draft), DRAFTS)]
    assert "in a folder _drafts" in refusals(draft)[0]
    assert ids(draft.parent) == []


def test_two_files_with_one_id_are_refused_with_both_names(tmp_path: Path) -> None:
    first, second = write(tmp_path / "a.md", file_of()), write(tmp_path / "b.md", file_of())
    assert refusals(tmp_path) == [f"{second}: Its id 'mist' is that of {first}, too. Each article has its own."]


def test_every_reason_is_told_at_once(tmp_path: Path) -> None:
    write(tmp_path / "a.md", file_of(title=None))
    write(tmp_path / "b.md", file_of("без розділювача"))
    write(tmp_path / "c.md")
    assert len(refusals(tmp_path)) == 2


def test_what_was_named_and_is_no_article_is_refused(tmp_path: Path) -> None:
    assert "neither id nor access" in refusals(write(tmp_path / "about.md", "# Про нас"))[0]
    assert "a draft" in refusals(write(tmp_path / "draft.md", file_of(draft="true")))[0]
    assert "neither Markdown nor HTML" in refusals(write(tmp_path / "notes.txt"))[0]


def test_a_file_that_is_far_too_large_is_not_read_as_text(tmp_path: Path) -> None:
    large = write(tmp_path / "large.md")
    with large.open("ab") as opened:
        opened.truncate(LARGEST_FILE + 1)
    assert "more than 1 MB" in refusals(tmp_path)[0]


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert "no ordinary file" in refusals(tmp_path)[0]
    assert "no ordinary file" in refusals(tmp_path / "pipe.md")[0]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.md").chmod(0)
    assert "cannot be read" in refusals(tmp_path)[0]
