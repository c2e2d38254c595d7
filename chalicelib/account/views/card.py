"""The button for a new card."""

from chalicelib.account.actions.new_card import open_card_page
from chalicelib.account.views import account
from chalicelib.account.views.forms import NewCard
from chalicelib.account.views.house import check_portal_rate
from chalicelib.changing.views.refused import with_the_gift
from chalicelib.http import page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.forms import read_body
from chalicelib.http.hint import session_of
from chalicelib.http.return_url import absolute, checked, lenient
from chalicelib.kernel.errors import Problem
from chalicelib.signing_in.actions.require_session import require_session
from chalicelib.signing_in.actions.step_up import require_recent
from chalicelib.signing_in.views.step_up import sign_in_again


def new(call: Call) -> Answer:
    """`POST /v1/me/recurring/{gift}/card`: the address of Stripe's page for a new card; a form goes there at once."""
    signed_in = require_session(session_of(call))
    form, wiring = read_body(call, NewCard), call.wiring
    back = absolute(call, checked(call, form.return_to), "/account")
    now = wiring.real_now()
    require_recent(signed_in, now)
    check_portal_rate(call, signed_in)
    with with_the_gift(call, signed_in.supporter):
        url = open_card_page(
            wiring.table,
            signed_in.state,
            call.params["gift"],
            wiring.stripe,
            return_url=back,
            completed_url=back if form.return_to else f"{back}?card=new",
            locale=wiring.newsroom.payment_page_language[page_answers.language_of(call, form.lang)],
            now=now,
        )
    return see_other(url) if call.is_form else Answer({"url": url})


def again(call: Call, problem: Problem) -> Answer | None:
    """The account's page with what went wrong; or by way of a new code, where the sign-in is too old for this."""
    if problem.code == "sign_in_again":
        return sign_in_again(call, absolute(call, lenient(call, call.form_fields().get("return_to")), "/account"))
    return account.again(call, problem)
