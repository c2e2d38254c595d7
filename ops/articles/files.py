"""The files of articles: found in folders, opened, and read with a progress bar."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from ops.articles.manuscript import HTML, LARGEST_FILE, MARKDOWN, Manuscript, PassedOver, read
from ops.articles.refusal import FileRefused
from ops.output import Refusal, one_line

LINK = "a symbolic link"
DRAFTS = "in a folder _drafts"  # Jekyll's
OTHER = "neither Markdown nor HTML"


class Shelf(NamedTuple):
    """All that was found: the articles, what is none, and every reason why nothing can be put as it stands."""

    manuscripts: Sequence[Manuscript]
    passed_over: Sequence[PassedOver]
    refused: Sequence[tuple[str, FileRefused]]


def shelf(paths: Iterable[Path], *, site: str, encoding: str) -> Shelf:
    """Every article of these files and folders, each file once."""
    manuscripts: list[Manuscript] = []
    passed_over: list[PassedOver] = []
    refused: list[tuple[str, FileRefused]] = []
    found = list(_found(paths))
    with click.progressbar(found, label="Reading", file=sys.stderr, hidden=not sys.stderr.isatty()) as files:
        for file, named in files:
            try:
                one = _read(file, named=named, site=site, encoding=encoding)
            except FileRefused as error:
                refused.append((str(file), error))
                continue
            if isinstance(one, Manuscript):
                manuscripts.append(one)
            else:
                passed_over.append(one)
    return Shelf(manuscripts, passed_over, [*refused, *_twice(manuscripts)])


def _found(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Files, and whether they were named: what was named and is no article is refused, not passed over."""
    seen: set[Path] = set()
    for path in paths:
        for file in _below(path) if path.is_dir() else (path,):
            where = file if file.is_symlink() and file != path else file.resolve()
            if where not in seen:
                seen.add(where)
                yield file, file == path


def _below(folder: Path) -> Iterator[Path]:
    """The Markdown and HTML files below a folder, in order; nothing hidden, no link followed."""
    for place, folders, files in os.walk(folder, onerror=_unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (linked for name in folders if (linked := Path(place, name)).is_symlink())
        for name in sorted(files):
            if not name.startswith(".") and name.lower().endswith((*MARKDOWN, *HTML)):
                yield Path(place, name)


def _unreadable(error: OSError) -> None:
    raise Refusal(one_line(f"{error.filename}: {error.strerror}."))


def _read(file: Path, *, named: bool, site: str, encoding: str) -> Manuscript | PassedOver:
    if file.is_symlink() and not named:
        return PassedOver(str(file), LINK)
    if "_drafts" in file.parts:
        if named:
            raise FileRefused(f"This is no article to put: {DRAFTS}.")
        return PassedOver(str(file), DRAFTS)
    if not file.name.lower().endswith((*MARKDOWN, *HTML)):
        raise FileRefused(f"This is {OTHER}: its name ends in none of {', '.join((*MARKDOWN, *HTML))}.")
    if not file.is_file():
        raise FileRefused("This is no ordinary file.")
    try:
        with file.open("rb") as opened:
            raw = opened.read(LARGEST_FILE + 1)
    except OSError as error:
        raise FileRefused(f"It cannot be read: {error.strerror}.") from None
    if len(raw) > LARGEST_FILE:
        raise FileRefused(f"It has more than {LARGEST_FILE // 2**20} MB, which no article has.")
    one = read(str(file), raw, site=site, encoding=encoding)
    if isinstance(one, PassedOver) and named:
        raise FileRefused(f"This is no article to put: {one.why}.")
    return one


def _twice(manuscripts: Iterable[Manuscript]) -> Iterator[tuple[str, FileRefused]]:
    first: dict[str, str] = {}
    for one in manuscripts:
        if first.setdefault(one.id, one.file) != one.file:
            yield (
                one.file,
                FileRefused(f"Its id '{one.id}' is that of {first[one.id]}, too. Each article has its own."),
            )
