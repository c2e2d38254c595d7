"""`GET /v1/health`."""

from chalicelib import VERSION
from chalicelib.web.http import Answer, Call


def show(call: Call) -> Answer:
    """200 when the table answers, 503 when it does not; the body says the same."""
    answers = call.wiring.table.describe()
    return Answer({"ok": answers, "version": VERSION, "table": "ok" if answers else "down"}, 200 if answers else 503)
