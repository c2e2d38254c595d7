"""The page of what is kept of a reader's reading, and articles by the meter, for `samples.py`."""

from collections.abc import Callable, Mapping
from datetime import datetime

from chalicelib.http.pages import Page
from chalicelib.metering.views.pages import ReadingPage
from chalicelib.reading.views.pages import Appeal, BySigningIn, MeterLine, ReadPage

MARKS = ("m-0_918", "m-20471", "m-773-5")


def metering_pages(read: Callable[..., ReadPage], html: str, appeal: Appeal, *, then: datetime) -> Mapping[str, Page]:
    """A name and a page for each state. `read`: makes the page of an article; `then`: the next month."""

    def line(limit: int, left: int, *, again: bool = False) -> MeterLine:
        return MeterLine(limit, left, then, again)

    sign_in = BySigningIn(5, apart=True)
    return {
        "read-metered": read(html * 4, open=True, reason="metered", meter=line(3, 1)),
        "read-metered-again": read(html * 4, open=True, reason="metered", meter=line(3, 1, again=True)),
        "read-metered-again-last": read(html, open=True, reason="metered", meter=line(3, 0, again=True)),
        "read-metered-only": read(html, open=True, reason="metered", meter=line(1, 0)),
        "read-metered-many": read(html, open=True, reason="metered", signed_in=True, meter=line(21, 9)),
        "read-meter-used": read(
            html, open=False, reason="meter_used", meter=line(3, 0), appeal=appeal, by_signing_in=sign_in
        ),
        "read-meter-used-signed-in": read(
            html, open=False, reason="meter_used", meter=line(5, 0), appeal=appeal, signed_in=True
        ),
        "read-meter-payment-failed": read(
            html, open=False, reason="payment_failed", meter=line(5, 0), signed_in=True
        ),
        "read-meter-by-signing-in": read(
            html, open=False, reason="sign_in", appeal=appeal, by_signing_in=BySigningIn(1, apart=False)
        ),
        "reading": ReadingPage(then, 3, 5, MARKS),
        "reading-deleted": ReadingPage(then, 3, 5, deleted="browser"),
        "reading-signed-in": ReadingPage(then, 3, 5, MARKS[:1], gifts=2, kept=4),
        "reading-signed-in-deleted": ReadingPage(then, 0, 5, kept=0, deleted="account"),
        "reading-supporter": ReadingPage(then, 3, 5, kept=0, supports=True),
        "reading-no-meter": ReadingPage(then),
    }
