"""`articles seal`: for each gated article the part of a page that a site's generator puts in the text's place."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from ops.articles.api import ApiRefused, ApiUnanswered, ArticlesApi
from ops.articles.fragment import Publisher, fragment, publisher
from ops.articles.manuscript import Manuscript
from ops.articles.pages import GENERATORS
from ops.articles.reading import API, ENCODING, PATHS, SITE, read_articles
from ops.articles.sending import Failure, each
from ops.articles.where import connect_to_api
from ops.articles.written import Pages, Parts, Written, is_of
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
    _refuse_among_texts(out, paths)
    manuscripts = read_articles(paths, site=site, encoding=encoding, as_json=as_json)
    way = Pages(out, generator, paths, site, encoding) if generator else Parts(out)
    chosen = [one for one in manuscripts if one.gated or generator]
    _refuse_one_name_for_two(chosen, way)
    _refuse_texts(manuscripts, chosen, way)
    failed = False
    with connect_to_api(api) as connected:
        newsroom = _publisher(connected) if any(one.gated for one in chosen) else None
        for one, got in _written(connected, chosen, newsroom, way):
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


def _publisher(api: ArticlesApi) -> Publisher:
    try:
        found = publisher(api.newsroom())
    except (ApiRefused, ApiUnanswered) as error:
        raise Refusal(f"Nothing was written. {error}") from None
    if found is None:
        raise Refusal(f"Nothing was written. {api.base} does not answer as Spilno's API does.")
    return found


def _written(
    api: ArticlesApi, chosen: Sequence[Manuscript], newsroom: Publisher | None, way: Written
) -> Sequence[tuple[Manuscript, Path | Failure]]:
    def write(one: Manuscript) -> Path | Failure:
        if not one.gated:
            return _write(one, way, way.text(one, None))
        assert newsroom, "it was asked for what is gated"
        article = api.article(one.id)
        if article is None:
            return _NOT_THERE
        if article.get("revision") != one.revision:
            return _ANOTHER
        return _write(one, way, way.text(one, fragment(article, newsroom, one.lang)))

    return sorted(each(api, chosen, write, "Writing"), key=lambda told: told[0].file)


def _write(one: Manuscript, way: Written, text: str | Failure) -> Path | Failure:
    """Write a file whole or not at all: the site's generator may be looking. What it replaces goes first."""
    if isinstance(text, Failure):
        return text
    path = way.path(one)
    half = path.with_name(f"{path.name}.new")
    try:
        for other in way.other_paths(one):
            if is_of(one.id, other):
                other.unlink()
        path.parent.mkdir(parents=True, exist_ok=True)
        half.write_text(text, encoding="utf-8", newline="\n")
        half.replace(path)
    except OSError as error:
        return Failure(f"{path} cannot be written: {error.strerror}.")
    return path


def _refuse_among_texts(out: Path, paths: Sequence[Path]) -> None:
    """There it would be read as a text, or be written over one, of which there is no other copy."""
    place = out.resolve()
    for path in paths:
        around = (place, *place.parents) if path.is_dir() else (place,)
        folder = path if path.is_dir() else path.parent
        if any(one.exists() and one.samefile(folder) for one in around):
            raise Refusal(one_line(f"{out} lies among the texts. Nothing was written; choose another --out."))


def _refuse_texts(manuscripts: Sequence[Manuscript], chosen: Sequence[Manuscript], way: Written) -> None:
    """A link may lead to a text all the same."""
    texts = {_identity(Path(one.file)) for one in manuscripts}
    for one in chosen:
        for path in (way.path(one), *way.other_paths(one)):
            if path.exists() and _identity(path) in texts:
                raise Refusal(
                    one_line(f"{path} is itself one of the texts. Nothing was written; choose another --out.")
                )


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def _refuse_one_name_for_two(chosen: Sequence[Manuscript], way: Written) -> None:
    """Many disks take `Mist.html` and `mist.html` for one file."""
    seen: dict[str, Manuscript] = {}
    for one in chosen:
        other = seen.setdefault(str(way.path(one)).lower(), one)
        if other is not one:
            raise Refusal(one_line(f"{one.file}: its id '{one.id}' and '{other.id}' would be written to one file."))
