"""`/unsubscribe/{token}`: one class of mails is switched off, without signing in (RFC 8058), or on again.

A mail program posts `List-Unsubscribe=One-Click` to it, without cookies, in either encoding of forms, and follows no
redirect. So a POST is answered with 200 whatever its body says, and does the same however often it comes. A GET shows
a page with a button: mail scanners open links.
"""

from urllib.parse import parse_qs, quote

from chalicelib.http import page_answers
from chalicelib.http.call import Answer, Call
from chalicelib.kernel.ids import SupporterId
from chalicelib.mail.rows import switched_off
from chalicelib.mail.rules.classes import Switch
from chalicelib.reminders.actions.switch import by_link, switch
from chalicelib.reminders.views.pages import UnsubscribePage
from chalicelib.supporters.rows import supporters

_LONGEST = 2000  # bytes of a body of which something is read


def show(call: Call) -> Answer:
    """`GET /unsubscribe/{token}`: the page with the button."""
    return _page(call, call.query.get("lang"))


def do(call: Call) -> Answer:
    """`POST /unsubscribe/{token}`: switch the class off; on again only for our own page's other button."""
    wiring, said = call.wiring, _said(call)
    supporter, found = _found(call)
    switch(wiring.table, supporter, found, wanted=said.get("wanted") == "on", now=wiring.now())
    return _page(call, said.get("lang"), done=True)


def _said(call: Call) -> dict[str, str]:
    """What our own page's form says; nothing for what a mail program sends, which may be of any encoding."""
    if not call.is_form or len(call.body) > _LONGEST:
        return {}
    return {name: values[-1] for name, values in parse_qs(call.body.decode("ascii", "ignore")).items()}


def _found(call: Call) -> tuple[SupporterId, Switch]:
    wiring = call.wiring
    return by_link(wiring.table, call.params["token"], wiring.secrets["SPILNO_EMAIL_KEY"])


def _page(call: Call, asked: str | None, *, done: bool = False) -> Answer:
    supporter, found = _found(call)
    off = found in switched_off.read(call.wiring.table, supporter)
    profile, token = supporters.read_profile(call.wiring.table, supporter), call.params["token"]
    lang = page_answers.language_of(call, asked, profile.language if profile else None)
    page = UnsubscribePage(token, found, off=off, done=done)
    path = None if done else f"/unsubscribe/{quote(token, safe='~')}"
    return page_answers.page_answer(call, page, lang, path=path)
