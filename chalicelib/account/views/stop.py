"""`/account/gifts/{gift}/stop`: stop at once from this screen, or what else there is."""

from chalicelib.account.rules.open_now import once_stopped, open_now
from chalicelib.account.rules.ways_out import once_a_year, rhythm_name, smaller
from chalicelib.account.views.gift_line import gift_line, moment, pauses_of
from chalicelib.account.views.gift_pages import StopPage, WayOut
from chalicelib.account.views.house import signed_in_here
from chalicelib.changing.rules.reasons import REASONS
from chalicelib.http import page_answers
from chalicelib.http.call import Answer, Call
from chalicelib.http.hint import session_of
from chalicelib.http.pages import Gift
from chalicelib.http.problem_words import on_page
from chalicelib.kernel.errors import Problem
from chalicelib.reminders.rows import reminders
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rules.access import RecurringGift
from chalicelib.supporters.rules.state import stored_gift


def show(call: Call) -> Answer:
    """`GET /account/gifts/{gift}/stop`."""
    signed_in = signed_in_here(call, f"/account/gifts/{call.params['gift']}/stop")
    return (
        signed_in
        if isinstance(signed_in, Answer)
        else _page(call, signed_in, stored_gift(signed_in.state, call.params["gift"]))
    )


def again(call: Call, problem: Problem) -> Answer | None:
    """The page again, with the reason and the words that were given; None for who is not signed in."""
    signed_in = session_of(call)
    if signed_in is None:
        return None
    return _page(call, signed_in, stored_gift(signed_in.state, call.params["gift"]), problem)


def _page(call: Call, signed_in: OpenSession, gift: RecurringGift, problem: Problem | None = None) -> Answer:
    fields = call.form_fields() if call.is_form else call.query
    lang = page_answers.language_of(call, fields.get("lang"))
    standing = signed_in.state.standing
    line, newsroom, now = gift_line(call, standing, gift), call.wiring.newsroom, call.wiring.now()
    waiting = reminders.read(call.wiring.table, signed_in.supporter)
    is_open, after = open_now(standing, newsroom, now), once_stopped(standing, gift, newsroom, now)
    page = StopPage(
        line,
        open_until=moment(after.until),
        closes=is_open.tier is not None and after.tier is None,
        less=_less(call, gift) if "change" in line.can else (),
        yearly=_yearly(call, gift) if "change" in line.can else None,
        pauses=pauses_of(line, gift),
        reasons=REASONS,
        problem=on_page(call, problem, lang),
        comment=fields.get("comment", "")[:500],
        reason=fields.get("reason", ""),
        reminder=waiting.month if waiting else "",
    )
    path = f"/account/gifts/{gift.id}/stop"
    return page_answers.page_answer(call, page, lang, path=path, status=problem.status if problem else 200)


def _less(call: Call, gift: RecurringGift) -> tuple[WayOut, ...]:
    name = rhythm_name(gift) or ""
    return tuple(_way(Gift(amount, gift.currency, name)) for amount in smaller(gift, call.wiring.newsroom))


def _yearly(call: Call, gift: RecurringGift) -> WayOut | None:
    amount = once_a_year(gift, call.wiring.newsroom)
    return _way(Gift(amount, gift.currency, "year")) if amount else None


def _way(gift: Gift) -> WayOut:
    return WayOut(gift, {"amount": gift.amount, "interval": gift.interval, "see": 1})
