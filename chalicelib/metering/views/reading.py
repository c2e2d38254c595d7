"""What is kept of a reader's reading: shown, and deleted."""

from datetime import UTC, datetime

from chalicelib.http import mark_cookies, page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.forms import read_body
from chalicelib.http.hint import session_of
from chalicelib.kernel import marks
from chalicelib.kernel.client_limits import check_rate
from chalicelib.metering.actions.count_reading import METER
from chalicelib.metering.rows import read_articles
from chalicelib.metering.rules.meter import Month, month_at
from chalicelib.metering.views.forms import DeleteReading
from chalicelib.metering.views.pages import ReadingPage
from chalicelib.newsroom.rules import Meter
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rules.access import entitled

_PATH = "/reading"
_DELETIONS = 10  # of one supporter in ten minutes: each begins a new allowance


def show(call: Call) -> Answer:
    """`GET /reading`: the marks in this browser, and those in the account of who is signed in."""
    wiring, signed_in = call.wiring, session_of(call)
    month = month_at(wiring.now(), wiring.newsroom.zone)
    meter, held = wiring.newsroom.meter or Meter(0, 0), mark_cookies.read(call)
    content = ReadingPage(
        resets_at=datetime.fromtimestamp(month.resets_at, UTC),
        free=meter.free,
        signed_in=meter.signed_in,
        marks=tuple(sorted(marks.genuine(METER, month.name, held, wiring.secrets["SPILNO_EMAIL_KEY"]))),
        gifts=sum(name.startswith("g-") for name in held),
        kept=_kept(call, signed_in, month),
        supports=signed_in is not None and _supports(call, signed_in),
        deleted=call.query.get("deleted", ""),
    )
    return page_answers.page_answer(call, content, page_answers.language_of(call), path=_PATH)


def delete(call: Call) -> Answer:
    """`POST /reading`: delete all marks in this browser, or those of the account; then the page again."""
    form, wiring = read_body(call, DeleteReading), call.wiring
    gone = []
    if form.of == "browser":
        gone = [mark_cookies.forget(call, name) for name in mark_cookies.read(call)]
    elif signed_in := session_of(call):
        key, now = wiring.secrets["SPILNO_EMAIL_KEY"], wiring.real_now()
        check_rate(wiring.table, "deletions", signed_in.supporter, limit=_DELETIONS, key=key, now=now)
        month = month_at(wiring.now(), wiring.newsroom.zone)
        read_articles.forget(wiring.table, signed_in.supporter, month)
    lang = page_answers.language_of(call, form.lang)
    return see_other(f"{wiring.settings.public_url}{_PATH}?deleted={form.of}&lang={lang}", gone)


def _kept(call: Call, signed_in: OpenSession | None, month: Month) -> int | None:
    if signed_in is None:
        return None
    return len(read_articles.read(call.wiring.table, signed_in.supporter, month))


def _supports(call: Call, signed_in: OpenSession) -> bool:
    wiring = call.wiring
    return entitled(signed_in.state.standing, wiring.newsroom, wiring.now()).tier is not None
