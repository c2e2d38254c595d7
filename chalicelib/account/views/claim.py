"""Claim a gift whose address was mistyped, in the browser that paid: the two calls behind the thank-you page."""

from urllib.parse import urlencode

from chalicelib.account.actions.claim_gift import ask_claim, confirm_claim
from chalicelib.account.views.email import who_asks
from chalicelib.account.views.forms import AddressCode, ChangeAddress
from chalicelib.http import cookies, page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.forms import read_body


def ask(call: Call) -> Answer:
    """`POST /v1/checkouts/{id}/claim`: mail a code to the right address; the same answer for every address."""
    form, wiring = read_body(call, ChangeAddress), call.wiring
    browser, checkout = cookies.started(call, "checkout"), call.params["id"]
    ask_claim(
        wiring.table,
        checkout,
        browser,
        form.email,
        who_asks(call),
        wiring.stripe,
        wiring.mail_sender,
        now=wiring.real_now(),
    )
    return _to_page(call, form.lang, "sent") if call.is_form else Answer({"sent": True}, 202)


def confirm(call: Call) -> Answer:
    """`POST /v1/checkouts/{id}/claim/confirm`: the code came back, so that the gift is kept under that address."""
    form, wiring = read_body(call, AddressCode), call.wiring
    confirm_claim(
        wiring.table,
        call.params["id"],
        cookies.started(call, "checkout"),
        form.code,
        wiring.stripe,
        wiring.mail_sender,
        now=wiring.now(),
        real_now=wiring.real_now(),
    )
    return _to_page(call, form.lang, "done") if call.is_form else Answer({"claimed": True})


def _to_page(call: Call, lang: str | None, claim: str) -> Answer:
    query = urlencode({"lang": page_answers.language_of(call, lang), "claim": claim})
    return see_other(f"{call.wiring.settings.public_url}/thanks/{call.params['id']}?{query}")
