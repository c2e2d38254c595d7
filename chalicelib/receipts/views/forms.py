"""The query of the history."""

from chalicelib.http.forms import Line, Query


class After(Query):
    """Where a page of the history begins: `next` of the page before."""

    after: Line | None = None
