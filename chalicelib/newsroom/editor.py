"""Who speaks for the newsroom: the `[editor]` section of its file, and where the picture is loaded from."""

from collections.abc import Iterable
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from chalicelib.newsroom.checks import NewsroomFileWrong, Section, held, or_write, wrong
from chalicelib.newsroom.rules import Editor, Newsroom
from chalicelib.newsroom.values import PICTURE, Line, words

_OWN = "a picture on your website: a path of it such as /editor.jpg, or its whole address"
# A path of the website; not "//", which would name another host.
_PATH = r"^/[!#$&-.0-;=?-\[\]_a-z~%][!#$&-;=?-\[\]_a-z~%]*$"


class EditorSection(Section):
    """The section as it may be written. All of it may be left out; a picture or a role needs somebody's name."""

    name: Line | None = None
    role: Line | None = None
    picture: Annotated[str, Field(pattern=f"{_PATH}|{PICTURE}"), or_write(_OWN)] = ""
    word: Annotated[dict[str, str], held(lambda value, said: words(value, said, lines=True))] | None = None

    @model_validator(mode="after")
    def _named(self) -> "EditorSection":
        if self.name is None and (self.role or self.picture):
            raise wrong("the editor's name, or take away their picture and role", "name")
        return self


def as_editor(section: EditorSection) -> Editor:
    """The editor as the code knows them."""
    return Editor(section.name or {}, section.role or {}, section.picture, section.word or {})


def picture_address(picture: str, site_origins: Iterable[str]) -> str:
    """The whole address of the editor's picture; empty if there is none, or a path but no website.

    :param site_origins: the websites' origins; a path is one of the first.
    :raises NewsroomFileWrong: it is on none of them: pages of ours load nothing from others.
    """
    origins = list(site_origins)
    if picture.startswith("/"):
        return origins[0] + picture if origins else ""
    parts = urlsplit(picture)
    if picture and f"{parts.scheme}://{parts.netloc}".lower() not in origins:
        raise NewsroomFileWrong(f"In the newsroom's file, 'editor.picture' is wrong. Write {_OWN}.")
    return picture


def hold_against(newsroom: Newsroom, site_origins: Iterable[str]) -> Newsroom:
    """The same newsroom, after a look at what its file says about the website.

    :raises NewsroomFileWrong: with what to write instead.
    """
    picture_address(newsroom.editor.picture, site_origins)
    return newsroom
