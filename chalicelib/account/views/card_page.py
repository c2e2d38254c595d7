"""`GET /account/gifts/{gift}/card`: where the button of a mail about a card or a failed payment leads."""

from chalicelib.account.views.gift_line import gift_of, moment
from chalicelib.account.views.pages import CardPage
from chalicelib.http import page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.hint import session_of
from chalicelib.ledger.method_words import method_in_words
from chalicelib.ledger.rules.movements import MethodOfPayment
from chalicelib.signing_in.actions.step_up import is_recent
from chalicelib.signing_in.views.sign_in_first import sign_in_first
from chalicelib.signing_in.views.step_up import sign_in_again
from chalicelib.supporters.rules.access import ENDED, OVERDUE, RecurringGift


def show(call: Call) -> Answer:
    """The card of a gift, and one button for a new one; what is over, or somebody else's, leads to the account."""
    here = f"/account/gifts/{call.params['gift']}/card"
    signed_in = session_of(call)
    if signed_in is None:
        return sign_in_first(call, here)
    gifts = signed_in.state.standing.recurring
    gift = next((one for one in gifts if one.id == call.params["gift"] and one.status not in ENDED), None)
    if gift is None:
        return see_other(f"{call.wiring.settings.public_url}/account?lang={page_answers.language_of(call)}")
    if not is_recent(signed_in, call.wiring.real_now()):
        # Asked for before the button is pressed: nobody fills in a card and is then asked who they are.
        return sign_in_again(call, f"{call.wiring.settings.public_url}{here}")
    lang = page_answers.language_of(call, call.query.get("lang"))
    return page_answers.page_answer(call, _page(call, gift, lang), lang, path=here)


def _page(call: Call, gift: RecurringGift, lang: str) -> CardPage:
    late, card = gift.status in OVERDUE, gift.card
    language = page_answers.layout_of(call, lang).language()
    return CardPage(
        gift.id,
        gift_of(gift),
        card=method_in_words(MethodOfPayment("card", card.brand, card.last4), language) if card else "",
        expires=card.expires if card else "",
        late=late,
        next_at=moment(gift.retry_at if late else gift.next_payment_at),
        payment_language=call.wiring.newsroom.payment_page_language[lang],
    )
