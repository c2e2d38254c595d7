"""`/account/raise`: from the wall of a higher level to the change that opens it, and back to the article."""

from chalicelib.account.rules.open_now import open_now
from chalicelib.account.rules.raising import raised_for
from chalicelib.account.views.house import address, signed_in_here
from chalicelib.changing.rules.possible import can
from chalicelib.http import page_answers, reader
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.pages import lowest_that_opens
from chalicelib.http.return_url import absolute, lenient
from chalicelib.newsroom.rules import Newsroom
from chalicelib.supporters.rules.access import ENDED, RecurringGift, Standing, includes


def show(call: Call) -> Answer:
    """`GET /account/raise?tier=…&return_to=…`: leads on to the page that opens this level.

    The gift that the wall spoke of, with the amount and the charge now chosen; the donation page for who has none;
    the account page where a gift has to be mended or resumed first; back, where it is open already.
    """
    signed_in = signed_in_here(call, "/account/raise")
    if isinstance(signed_in, Answer):
        return signed_in
    newsroom, standing, kept = call.wiring.newsroom, signed_in.state.standing, _kept(call)
    tier = newsroom.tier(call.query.get("tier")) or newsroom.tiers[0]
    if tier.name in includes(newsroom.tier_names, open_now(standing, newsroom, call.wiring.now()).tier):
        return see_other(absolute(call, kept["return_to"], "/account"))
    found = raised_for(tier.name, standing, _changeable(call, standing), newsroom)
    if found is not None:
        wish = {"amount": str(found.amount), "interval": found.interval, "charge": "now", "see": "1"}
        return see_other(address(call, f"/account/gifts/{found.gift.id}", **wish, **kept))
    if any(gift.status not in ENDED for gift in standing.recurring):
        return see_other(address(call, "/account", lang=kept["lang"]))
    return see_other(address(call, "/donate", **_new_gift(call, newsroom, tier.name), **kept))


def _changeable(call: Call, standing: Standing) -> list[RecurringGift]:
    """The gifts that can be raised now; not one whose first payment is on its way, which is paid for first."""
    now, currencies = call.wiring.now(), call.wiring.newsroom.currencies
    gifts = [gift for gift in standing.recurring if not gift.awaits_first_payment(now)]
    return [gift for gift in gifts if "change" in can(gift, currencies)]


def _kept(call: Call) -> dict[str, str]:
    return {"return_to": lenient(call, call.query.get("return_to")), "lang": page_answers.language_of(call)}


def _new_gift(call: Call, newsroom: Newsroom, tier: str) -> dict[str, str]:
    """The least monthly gift that opens the level, in the reader's own currency."""
    currency = reader.currency_of(call)
    wanted = [name for name in newsroom.tier_names if tier in includes(newsroom.tier_names, name)]
    least = lowest_that_opens(newsroom, currency, "month", wanted)
    return {"currency": currency, "interval": "month", "amount": str(least or "")}
