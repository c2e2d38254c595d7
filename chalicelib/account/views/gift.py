"""`/account/gifts/{gift}`: change what is given, with the money shown before the click."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.account.views.gift_line import gift_line, pauses_of
from chalicelib.account.views.gift_pages import ChangePage
from chalicelib.account.views.gift_preview import Seen, look
from chalicelib.account.views.house import address, signed_in_here
from chalicelib.account.views.wish import OWN, TypedWish, typed_wish
from chalicelib.giving.views.pages import FieldProblem
from chalicelib.http import page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.hint import session_of
from chalicelib.http.pages import GiftForm, gift_form, problem_sentence
from chalicelib.http.problem_words import as_page
from chalicelib.http.return_url import lenient
from chalicelib.kernel.errors import Problem
from chalicelib.signing_in.actions.step_up import is_recent
from chalicelib.signing_in.views.step_up import sign_in_again
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rules.access import RecurringGift
from chalicelib.supporters.rules.state import stored_gift


def show(call: Call) -> Answer:
    """`GET /account/gifts/{gift}`; with `see`, the money of the wish in the query, and one button that does it."""
    path = f"/account/gifts/{call.params['gift']}"
    signed_in = signed_in_here(call, path)
    if isinstance(signed_in, Answer):
        return signed_in
    gift, newsroom = stored_gift(signed_in.state, call.params["gift"]), call.wiring.newsroom
    wish = typed_wish(call.query, gift)
    if "to" in call.query and gift.currency in newsroom.currencies:
        return see_other(_back(call, path, wish.changed(call.query["to"], gift, newsroom)))
    return _page(call, signed_in, gift, wish)


def again(call: Call, problem: Problem) -> Answer | None:
    """The page again with what was wrong: the money anew where the gift has changed, else another card.

    For every form about a gift. None for who is not signed in, and for a gift that is not theirs.
    """
    signed_in, fields = session_of(call), call.form_fields()
    gifts = signed_in.state.standing.recurring if signed_in else ()
    gift = next((one for one in gifts if one.id == call.params["gift"]), None)
    if signed_in is None or gift is None:
        return None
    wish = typed_wish(fields, gift)
    if problem.code == "sign_in_again":
        return sign_in_again(call, _back(call, f"/account/gifts/{gift.id}", replace(wish, see="amount" in fields)))
    return _page(call, signed_in, gift, replace(wish, see=problem.code == "gift_changed"), problem)


def _page(
    call: Call, signed_in: OpenSession, gift: RecurringGift, wish: TypedWish, problem: Problem | None = None
) -> Answer:
    fields, path = _fields(call), f"/account/gifts/{gift.id}"
    lang = page_answers.language_of(call, fields.get("lang"))
    seen = look(call, signed_in, gift, wish, lang) if wish.see else Seen()
    if seen.step_up and not is_recent(signed_in, call.wiring.real_now()):
        return sign_in_again(call, _back(call, path, wish))
    problem = problem or seen.problem
    line = gift_line(call, signed_in.state.standing, gift)
    page = ChangePage(
        line,
        form=_form(call, gift, wish, lang) if "change" in line.can else None,
        own=wish.amount == OWN,
        typed=wish.own_amount,
        preview=seen.preview,
        same=seen.same,
        pauses=pauses_of(line, gift),
        problem=_said(call, problem, gift.currency, lang) if problem else None,
        declined=problem is not None and problem.code == "card_declined",
        return_to=lenient(call, fields.get("return_to")),
        here=_back(call, path, replace(wish, see=bool(problem and problem.code == "card_declined"))),
        payment_language=call.wiring.newsroom.payment_page_language[lang],
    )
    return page_answers.page_answer(call, page, lang, path=path, status=problem.status if problem else 200)


def _fields(call: Call) -> Mapping[str, str]:
    return call.form_fields() if call.is_form else call.query


def _back(call: Call, path: str, wish: TypedWish) -> str:
    """The page's own address, with everything that was chosen and typed."""
    kept = {name: _fields(call).get(name, "") for name in ("return_to", "lang")}
    return address(call, path, **wish.query(), **kept)


def _form(call: Call, gift: RecurringGift, wish: TypedWish, lang: str) -> GiftForm:
    """The newsroom's offer in the gift's own currency; a gift goes on, so it is no one-off."""
    newsroom = call.wiring.newsroom
    rules = newsroom.currencies[gift.currency]
    amount = wish.shown(gift)
    return gift_form(
        newsroom,
        lang=lang,
        now=datetime.fromtimestamp(call.wiring.now(), UTC),
        currency=gift.currency,
        interval=wish.interval,
        amount=amount if amount is not None and rules.minimum <= amount <= rules.maximum else None,
        own_text=wish.own_amount if wish.amount == OWN else "",
    )


def _said(call: Call, problem: Problem, currency: str, lang: str) -> FieldProblem:
    sentence = problem_sentence(as_page(problem, currency), page_answers.layout_of(call, lang))
    return FieldProblem(str(problem.details.get("field", "")), sentence)
