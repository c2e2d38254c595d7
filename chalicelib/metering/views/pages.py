"""The page that shows a reader what is kept of their reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.http.pages import Page

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True)
class ReadingPage(Page):
    """`GET /reading`. `free`, `signed_in`: articles a month by the meter; both 0: there is none.

    `marks`: the names of the marks of this month in this browser; `gifts`: how many there are of gift links. `kept`:
    how many stand in the account of who is signed in; None: nobody is. `supports`: they are never counted.
    `deleted`: what has just been deleted, `browser` or `account`.
    """

    template = "reading"

    resets_at: datetime
    free: int = 0
    signed_in: int = 0
    marks: tuple[str, ...] = ()
    gifts: int = 0
    kept: int | None = None
    supports: bool = False
    deleted: str = ""
