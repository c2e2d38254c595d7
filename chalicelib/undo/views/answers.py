"""What undoing answers."""

from chalicelib.http.answers import JsonAnswer


class Undone(JsonAnswer):
    """A change was undone."""

    undone: bool
