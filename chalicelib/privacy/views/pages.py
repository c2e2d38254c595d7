"""The page of a supporter's own data."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.http.pages import Page


@dataclass(frozen=True)
class DataPage(Page):
    """`GET /account/data`. `runs`: a recurring gift goes on, and would be ended. `erase_on`: if it were asked now.

    `asked`: somebody has just asked, and is signed out; nothing else is shown then.
    """

    template = "account_data"

    erase_on: datetime | None = None
    runs: bool = False
    asked: bool = False
    problem: str = ""
