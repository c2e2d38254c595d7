"""The devices on which a supporter is signed in: as JSON, as a page, and signing one out."""

from datetime import UTC, datetime

from chalicelib.account.views.forms import DeviceForm
from chalicelib.account.views.pages import DeviceLine, DevicesPage
from chalicelib.http import cookies, page_answers
from chalicelib.http.call import Answer, Call, Cookie, see_other
from chalicelib.http.forms import read_body
from chalicelib.http.hint import session_of
from chalicelib.kernel.errors import NotFound
from chalicelib.signing_in.actions.require_session import require_session
from chalicelib.signing_in.views.session_answers import signed_out
from chalicelib.signing_in.views.sign_in_first import sign_in_first
from chalicelib.supporters.actions.devices import ShownDevice, devices_of, sign_out_device
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rows.devices import id_of
from chalicelib.supporters.rows.sessions import name_of

_PAGE = "/account/devices"


def devices(call: Call) -> Answer:
    """`GET /v1/me/devices`: the supporter's devices, to the day."""
    found = _found(call, require_session(session_of(call)))
    return Answer([_as_json(call, one) for one in found])


def sign_out(call: Call) -> Answer:
    """`DELETE /v1/me/devices/{id}`: sign that device out; its pass opens for five minutes more at most."""
    signed_in = require_session(session_of(call))
    if not sign_out_device(call.wiring.table, signed_in.supporter, call.params["id"]):
        raise NotFound("You are not signed in on such a device.", code="unknown_device")
    return Answer("", 204, cookies=_gone(call, call.params["id"]))


def show(call: Call) -> Answer:
    """`GET /account/devices`: the list, with a button for each and one for all."""
    signed_in = session_of(call)
    if signed_in is None:
        return sign_in_first(call, _PAGE)
    profile = supporters.read_profile(call.wiring.table, signed_in.supporter)
    lang = page_answers.language_of(call, call.query.get("lang"), profile.language if profile else None)
    lines = tuple(
        DeviceLine(one.id, one.kind, _time(one.signed_in_at), _time(one.seen), one.current)
        for one in _found(call, signed_in)
    )
    page = DevicesPage(lines, done=bool(call.query.get("done")))
    return page_answers.page_answer(call, page, lang, path=_PAGE)


def sign_out_by_form(call: Call) -> Answer:
    """`POST /account/devices/sign-out`: sign that device out, and show the list again."""
    signed_in = require_session(session_of(call))
    form = read_body(call, DeviceForm)
    sign_out_device(call.wiring.table, signed_in.supporter, form.device)
    gone, lang = _gone(call, form.device), page_answers.language_of(call, form.lang)
    where = f"/sign-in?lang={lang}" if gone else f"{_PAGE}?lang={lang}&done=1"
    return see_other(f"{call.wiring.settings.public_url}{where}", gone)


def _found(call: Call, signed_in: OpenSession) -> list[ShownDevice]:
    secret = cookies.read(call, "session")
    return devices_of(call.wiring.table, signed_in.state, secret, call.wiring.real_now())


def _as_json(call: Call, one: ShownDevice) -> dict[str, object]:
    zone = call.wiring.newsroom.zone
    days = (datetime.fromtimestamp(seconds, zone).date().isoformat() for seconds in (one.signed_in_at, one.seen))
    return {
        "id": one.id,
        "kind": one.kind or None,
        **dict(zip(("signed_in_at", "last_seen_on"), days, strict=True)),
        "current": one.current,
    }


def _gone(call: Call, device: str) -> list[Cookie]:
    """What this browser forgets, where it was its own session that ended."""
    own = id_of(name_of(cookies.read(call, "session")))
    return signed_out(call, everywhere=False) if device == own else []


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
