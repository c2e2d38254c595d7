"""`POST /v1/me/recurring/{gift}` and what stands below it: a supporter changes their own gift."""

from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib.changing.actions.change_course import keep_gift, pause_gift, resume_gift, stop_gift
from chalicelib.changing.actions.change_gift import Changed, ChangePreview, PaymentWaits, change_gift, preview_change
from chalicelib.changing.rules.change import Change
from chalicelib.changing.views.forms import ChangeGift, OwnForm, PauseGift, Press, PreviewQuery, StopGift
from chalicelib.changing.views.gift_json import gift_json
from chalicelib.changing.views.refused import with_the_gift
from chalicelib.http import page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.forms import read_body, read_query
from chalicelib.http.hint import session_of
from chalicelib.http.return_url import absolute, checked
from chalicelib.kernel.client_limits import check_rate
from chalicelib.kernel.moments import rfc3339, when
from chalicelib.signing_in.actions.require_session import require_session
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rules.access import RecurringGift

_CHANGES = 60  # of one supporter in ten minutes: each asks Stripe several times, whose rate limit all calls share


def change(call: Call) -> Answer:
    """`POST /v1/me/recurring/{gift}`: another amount or interval; `?preview=true` shows what that would do."""
    signed_in, gift = require_session(session_of(call)), call.params["gift"]
    form, query = read_body(call, ChangeGift), read_query(call, PreviewQuery)
    return_to = checked(call, form.return_to)
    wish = Change(form.amount, form.interval, form.charge)
    with _counted(call, signed_in):
        if query.preview:
            return Answer(_preview(preview_change(call.wiring, signed_in.supporter, gift, wish)))
        done = change_gift(call.wiring, signed_in, gift, wish, if_=form.if_)
    match done:
        case Changed(gift=after):
            return _answer(call, form, after, return_to)
        case PaymentWaits(url=url):
            return see_other(url) if call.is_form else Answer({"status": "needs_confirmation", "url": url}, 202)


def pause(call: Call) -> Answer:
    """`POST …/pause`: skip one, two or three payments."""
    signed_in = require_session(session_of(call))
    form = read_body(call, PauseGift)
    with _counted(call, signed_in):
        return _answer(call, form, pause_gift(call.wiring, signed_in.supporter, call.params["gift"], form.months))


def resume(call: Call) -> Answer:
    """`POST …/resume`: take payments again."""
    signed_in = require_session(session_of(call))
    form = read_body(call, Press)
    with _counted(call, signed_in):
        return _answer(call, form, resume_gift(call.wiring, signed_in.supporter, call.params["gift"]))


def stop(call: Call) -> Answer:
    """`POST …/stop`: the gift ends with what is paid."""
    signed_in = require_session(session_of(call))
    form = read_body(call, StopGift)
    supporter, gift = signed_in.supporter, call.params["gift"]
    with _counted(call, signed_in):
        stopped = stop_gift(call.wiring, supporter, gift, reason=form.reason, comment=form.comment)
        return _answer(call, form, stopped)


def keep(call: Call) -> Answer:
    """`POST …/keep`: it goes on after all."""
    signed_in = require_session(session_of(call))
    form = read_body(call, Press)
    with _counted(call, signed_in):
        return _answer(call, form, keep_gift(call.wiring, signed_in.supporter, call.params["gift"]))


@contextmanager
def _counted(call: Call, signed_in: OpenSession) -> Iterator[None]:
    """Around what asks Stripe: within the supporter's limit, and a conflict says how the gift is now.

    :raises RateLimited: `too_many_changes`.
    """
    key, now = call.wiring.secrets["SPILNO_EMAIL_KEY"], call.wiring.real_now()
    check_rate(call.wiring.table, "changes", signed_in.supporter, limit=_CHANGES, key=key, now=now)
    with with_the_gift(call, signed_in.supporter):
        yield


def _answer(call: Call, form: OwnForm, gift: RecurringGift, return_to: str | None = None) -> Answer:
    if call.is_form:
        lang = page_answers.language_of(call, form.lang)
        return see_other(absolute(call, return_to, f"/account?lang={lang}"))
    return Answer(gift_json(gift, call.wiring.newsroom))


def _preview(preview: ChangePreview) -> dict[str, object]:
    return {
        "charged_now": preview.charged_now,
        "next_payment": {"at": when(preview.next_payment_at), "amount": preview.next_amount},
        "opens": preview.tier.name if preview.tier else None,
        "until": rfc3339(preview.until),
        "changes": preview.changes,
    }
