"""What `seal` writes for an article: a part of a page, or a whole file for a site's generator; and where it lies."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from ops.articles.manuscript import Manuscript, decoded, read
from ops.articles.pages import content_file, ending
from ops.articles.refusal import FileRefused
from ops.articles.sending import Failure

_CHANGED = Failure("It was changed meanwhile. Run it again.")


class Written(Protocol):
    """A way to write articles."""

    def path(self, one: Manuscript) -> Path:
        """The article's file."""

    def text(self, one: Manuscript, html: str | None) -> str | Failure:
        """What is in it. `html` is what stands for a gated text, None where the article is open to all."""


class Parts(NamedTuple):
    """Parts of pages, each named by its article's id."""

    out: Path

    def path(self, one: Manuscript) -> Path:
        """`out/ID.html`."""
        return self.out / f"{one.id}.html"

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
        file = Path(one.file)
        folder = next((folder for folder in self.texts if folder in file.parents), file.parent)
        place = self.out / file.relative_to(folder)
        return place.with_suffix(ending(self.generator)) if one.gated else place

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
        return source if html is None else content_file(source, html, one.body["teaser_html"], self.generator)
