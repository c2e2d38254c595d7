"""The page behind the link of a mail about a change: a button that undoes it."""

from dataclasses import dataclass

from chalicelib.http.pages import Page


@dataclass(frozen=True)
class UndoPage(Page):
    """`GET /undo/{token}`; the words are those of its `kind` (`undo.<kind>.…`).

    `done`: it is undone; else a button posts to the same address. `problem`: why it could not be undone just now.
    """

    template = "undo"

    token: str
    kind: str
    done: bool = False
    problem: str = ""
