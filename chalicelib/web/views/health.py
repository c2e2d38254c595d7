"""`GET /v1/health`."""

from chalicelib.version import version
from chalicelib.web.http import Answer, Call


def show(call: Call) -> Answer:
    """200 when the table answers, 503 when it does not; the body says the same."""
    answers = call.wiring.table.describe()
    told = {"ok": answers, "version": version(), "table": "ok" if answers else "down"}
    return Answer(told, 200 if answers else 503)
