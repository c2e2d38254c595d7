"""What machines may take of articles: the `[machines]` section of the newsroom's file."""

from typing import Annotated

from chalicelib.newsroom.checks import Section, or_write
from chalicelib.newsroom.rules import Machines, Taken

_Row = Annotated[Taken, or_write('"teaser" or "nothing"')]
_SANE = Machines()


class MachinesSection(Section):
    """The section as it may be written: each row may be left out."""

    search: _Row = _SANE.search
    preview: _Row = _SANE.preview
    archive: _Row = _SANE.archive
    ai_answers: _Row = _SANE.ai_answers
    ai_training: _Row = _SANE.ai_training


def as_machines(section: MachinesSection) -> Machines:
    """The section as the code knows it."""
    return Machines(**dict(section))
