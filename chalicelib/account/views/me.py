"""A supporter's own data, and the way to Stripe's portal."""

from chalicelib.account.actions.manage import open_portal, own_account
from chalicelib.account.views.account_json import as_json
from chalicelib.account.views.forms import Portal
from chalicelib.account.views.house import check_portal_rate
from chalicelib.http import page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.forms import read_body
from chalicelib.http.hint import session_of
from chalicelib.http.return_url import absolute, checked
from chalicelib.signing_in.actions.require_session import require_session


def show(call: Call) -> Answer:
    """`GET /v1/me`: the supporter's own data and gifts."""
    wiring = call.wiring
    signed_in = require_session(session_of(call))
    account = own_account(wiring.table, signed_in.state, wiring.newsroom, now=wiring.now())
    return Answer(as_json(account, wiring.newsroom))


def portal(call: Call) -> Answer:
    """`POST /v1/me/portal`: the address of Stripe's portal; a page's form goes there at once."""
    signed_in = require_session(session_of(call))
    form, wiring = read_body(call, Portal), call.wiring
    back = absolute(call, checked(call, form.return_to), "/account")
    check_portal_rate(call, signed_in)
    lang = page_answers.language_of(call, form.lang)
    url = open_portal(
        signed_in.state,
        wiring.stripe,
        subscription=form.subscription,
        return_url=back,
        locale=wiring.newsroom.payment_page_language[lang],
    )
    return see_other(url) if call.is_form else Answer({"url": url})
