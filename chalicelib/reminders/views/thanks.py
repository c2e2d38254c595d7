"""The small form of the thank-you page: be reminded in some months, in the browser that paid once."""

from chalicelib.checkouts.rows import checkouts
from chalicelib.giving.views.sign_in_after_payment import giver_of, signed_in_here, started_here
from chalicelib.http import page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.forms import read_body
from chalicelib.kernel.errors import NotFound
from chalicelib.reminders.actions.remind_me import forget, remind_me
from chalicelib.reminders.rows.reminders import LastGift
from chalicelib.reminders.views.forms import RemindMeHere


def remind(call: Call) -> Answer:
    """`POST /thanks/{id}/reminder`: ask to be reminded, or with no months take it back; then the page again.

    :raises NotFound: `unknown_checkout`: nobody paid that here.
    """
    form, wiring = read_body(call, RemindMeHere), call.wiring
    checkout = checkouts.read(wiring.table, call.params["id"])
    if checkout is None or checkout.supporter is None or not _paid_once_here(call, checkout):
        raise NotFound("We do not know this checkout.", code="unknown_checkout")
    month = None
    if form.in_months is not None:
        month = remind_me(
            wiring.table,
            checkout.supporter,
            form.in_months,
            LastGift(checkout.amount, checkout.currency),
            proven=giver_of(checkout, signed_in_here(call, checkout)) is not None,
            zone=wiring.newsroom.zone,
            now=wiring.now(),
        )
    elif checkout.reminder:
        forget(wiring.table, checkout.supporter)
    wiring.table.write(checkouts.reminded(checkout, month))
    lang = page_answers.language_of(call, form.lang, checkout.language)
    return see_other(f"{wiring.settings.public_url}/thanks/{checkout.id}?lang={lang}#remind")


def _paid_once_here(call: Call, checkout: checkouts.Checkout) -> bool:
    return checkout.status == "paid" and checkout.interval == "once" and started_here(call, checkout)
