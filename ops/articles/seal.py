"""`articles seal`: for each gated article the part of a page that a site's generator puts in the text's place."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from ops.articles.api import ApiRefused, ApiUnanswered, ArticlesApi
from ops.articles.fragment import Masthead, fragment, masthead
from ops.articles.manuscript import Manuscript
from ops.articles.pages import GENERATORS
from ops.articles.reading import API, ENCODING, PATHS, SITE, read_articles
from ops.articles.sending import Failure, each
from ops.articles.where import connect_to_api
from ops.articles.written import Pages, Parts, Written
from ops.output import Refusal, emit, one_line, say

_NOT_THERE = Failure("The API does not have it. Push it first.", "unknown_article")
_ANOTHER = Failure("The API has another text of it. Push it first.", "another_revision")


@click.command()
@PATHS
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where to write them.")
@click.option(
    "--for",
    "generator",
    type=click.Choice(GENERATORS),
    help="Write whole files for this generator: front matter and wall; open articles as they are.",
)
@API
@SITE
@ENCODING
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for each gated article.")
def seal(
    paths: tuple[Path, ...],
    out: Path,
    generator: str | None,
    api: str | None,
    site: str,
    encoding: str,
    *,
    as_json: bool,
) -> None:
    """Write DIR/ID.html for each gated article that was pushed: its teaser, wall, and data for search engines."""
    manuscripts = read_articles(paths, site=site, encoding=encoding, as_json=as_json)
    shelf = Pages(out, generator, paths, site, encoding) if generator else Parts(out)
    chosen = [one for one in manuscripts if one.gated or generator]
    _refuse_one_name_for_two(chosen, shelf)
    failed = False
    with connect_to_api(api) as connected:
        try:
            newsroom = masthead(connected.newsroom()) if any(one.gated for one in chosen) else None
        except (ApiRefused, ApiUnanswered) as error:
            raise Refusal(f"Nothing was written. {error}") from None
        for one, got in _written(connected, chosen, newsroom, shelf):
            failure = got if isinstance(got, Failure) else None
            failed |= failure is not None
            if as_json:
                why, code = (failure.why, failure.code or None) if failure else (None, None)
                told = None if failure else str(got)
                emit(
                    {"id": one.id, "file": one.file, "fragment": told, "done": not failure, "code": code, "why": why}
                )
            if failure:
                say(one_line(f"{one.file}: {failure.why}"), err=True)
            elif not as_json:
                say(one_line(f"{one.id}  {got}"))
    if failed:
        sys.exit(1)


def _written(
    api: ArticlesApi, chosen: Sequence[Manuscript], newsroom: Masthead | None, shelf: Written
) -> Sequence[tuple[Manuscript, Path | Failure]]:
    def write(one: Manuscript) -> Path | Failure:
        if not one.gated:
            return _write(shelf.path(one), shelf.text(one, None))
        assert newsroom, "it was asked for what is gated"
        article = api.article(one.id)
        if article is None:
            return _NOT_THERE
        if article.get("revision") != one.revision:
            return _ANOTHER
        return _write(shelf.path(one), shelf.text(one, fragment(article, newsroom, one.lang)))

    return sorted(each(api, chosen, write, "Writing"), key=lambda told: told[0].file)


def _write(path: Path, text: str | Failure) -> Path | Failure:
    """Write a file whole or not at all: the site's generator may be looking."""
    if isinstance(text, Failure):
        return text
    half = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half.write_text(text, encoding="utf-8", newline="\n")
        half.replace(path)
    except OSError as error:
        return Failure(f"{path} cannot be written: {error.strerror}.")
    return path


def _refuse_one_name_for_two(chosen: Sequence[Manuscript], shelf: Written) -> None:
    """Many disks take `Mist.html` and `mist.html` for one file."""
    seen: dict[str, Manuscript] = {}
    for one in chosen:
        other = seen.setdefault(str(shelf.path(one)).lower(), one)
        if other is not one:
            raise Refusal(one_line(f"{one.file}: its id '{one.id}' and '{other.id}' would be written to one file."))
