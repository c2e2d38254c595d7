"""What `seal` writes for an article: a part of a page, or a whole file for a site's generator; and where it lies."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from ops.articles.front_matter import split
from ops.articles.manuscript import HTML, MARKDOWN, Manuscript, decoded, read
from ops.articles.pages import content_file, ending, open_file
from ops.articles.refusal import FileRefused
from ops.articles.sending import Failure

_CHANGED = Failure("It was changed meanwhile. Run it again.")


class Written(Protocol):
    """A way to write articles."""

    def path(self, one: Manuscript) -> Path:
        """The article's file."""

    def other_paths(self, one: Manuscript) -> Sequence[Path]:
        """Where the same article may lie from a time at which it was open, or was gated."""

    def text(self, one: Manuscript, html: str | None) -> str | Failure:
        """What is in it. `html` is what stands for a gated text, None where the article is open to all."""


class Parts(NamedTuple):
    """Parts of pages, each named by its article's id."""

    out: Path

    def path(self, one: Manuscript) -> Path:
        """`out/ID.html`."""
        return self.out / f"{one.id}.html"

    def other_paths(self, _: Manuscript) -> Sequence[Path]:
        """Nowhere: what is open has no part."""
        return ()

    def text(self, one: Manuscript, html: str | None) -> str | Failure:
        """What stands for the text."""
        assert html is not None, f"{one.id} is open to all"
        return html


class Pages(NamedTuple):
    """Files for a generator, in the folders in which the texts lie."""

    out: Path
    generator: str
    texts: Sequence[Path]
    site: str
    encoding: str

    def path(self, one: Manuscript) -> Path:
        """The file's place below the folder that was named, and the ending that the generator reads."""
        place = self._as_open(one)
        return place.with_suffix(ending(self.generator)) if one.gated else place

    def other_paths(self, one: Manuscript) -> Sequence[Path]:
        """The same name with every ending: what was open and is gated would stay there whole, and be built."""
        place, own = self._as_open(one), self.path(one)
        every = (place, *(place.with_suffix(end) for end in (*MARKDOWN, *HTML)))
        return [other for other in dict.fromkeys(every) if other != own]

    def _as_open(self, one: Manuscript) -> Path:
        file = Path(one.file)
        folder = next((folder for folder in self.texts if folder in file.parents), file.parent)
        return self.out / file.relative_to(folder)

    def text(self, one: Manuscript, html: str | None) -> str | Failure:
        """The front matter as it stands with the wall; an open article as it stands."""
        try:
            raw = Path(one.file).read_bytes()
        except OSError as error:
            return Failure(f"It cannot be read: {error.strerror}.")
        # Read again, as what was open a moment ago may have been gated since.
        try:
            again = read(one.file, raw, site=self.site, encoding=self.encoding)
        except FileRefused:
            return _CHANGED
        if not isinstance(again, Manuscript) or again.revision != one.revision:
            return _CHANGED
        source = decoded(raw, self.encoding).replace("\r\n", "\n").replace("\r", "\n")
        if html is None:
            return open_file(source, self.generator)
        return content_file(source, html, one.body["teaser_html"], self.generator)


def is_of(article_id: str, path: Path) -> bool:
    """Whether this file is one of this article: another's of the same name stays."""
    try:
        fields = split(decoded(path.read_bytes()).replace("\r\n", "\n")).fields
    except (OSError, FileRefused):
        return False
    return fields is not None and fields.get("id") == article_id
