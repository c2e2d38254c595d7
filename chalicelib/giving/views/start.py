"""Starts a checkout, for the API call and for the donation page's form: from a wish to Stripe's address."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.checkouts.rules import wish as giving
from chalicelib.checkouts.rules.wish import Wish
from chalicelib.giving.actions.start_checkout import CheckoutStarter, start_checkout
from chalicelib.giving.rules.second_gift import goes_on_already
from chalicelib.http import cookies, origins
from chalicelib.http.call import Call, Cookie, WithCookies
from chalicelib.http.cookies import Started
from chalicelib.http.hint import session_of
from chalicelib.i18n.texts import Texts
from chalicelib.kernel import email_address
from chalicelib.kernel.client_limits import check_rate
from chalicelib.kernel.errors import Conflict
from chalicelib.rails.stripe.checkout import Offer
from chalicelib.rails.stripe.port import StripeUnavailable
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rows import supporters


@dataclass(frozen=True)
class StartedCheckout:
    """A session at Stripe: its id, the address of its page, and the cookie that ties it to this browser."""

    id: str
    url: str
    cookies: Sequence[Cookie]


def begin(call: Call, attempt: str, wish: Wish, *, second: bool = True, secret: str | None = None) -> StartedCheckout:
    """Check the wish, the limits and the attempt, and start a checkout.

    :param secret: what this browser is known by from now on, if it has no checkout cookie; None: something new.
    :param second: whether it may be a second recurring gift of the same currency, beside one that goes on.
    :raises Conflict: `already_supporting`: it would be, and the reader has not said so.
    """
    wiring, now = call.wiring, call.wiring.real_now()
    newsroom = wiring.newsroom
    wish = giving.check(wish, newsroom, origins.returnable(wiring.settings))
    key = wiring.secrets["SPILNO_EMAIL_KEY"]
    browser = cookies.started(call, "checkout") or (Started(secret) if secret else cookies.new_browser())
    signed_in = session_of(call)
    if signed_in and not second and goes_on_already(wish, signed_in.state.standing):
        raise Conflict(
            "You already give regularly; another gift would be taken beside it.", code="already_supporting"
        )
    starter = _starter(call, signed_in, browser.fingerprint(), wish.currency)
    # Each supporter has a count of their own: strangers behind the same IP address must not keep them from giving.
    who = f"supporter {starter.supporter}" if starter.supporter else call.client
    check_rate(wiring.table, "checkouts", who, limit=newsroom.limits.checkouts, key=key, now=now)
    try:
        session_id, url = start_checkout(
            attempt, wish, starter, _offer(call, wish), table=wiring.table, stripe=wiring.stripe, now=now
        )
    except StripeUnavailable as error:
        # The attempt is claimed for this browser already: with its cookie set, it may send the same attempt again.
        raise WithCookies(error, [_remembered(call, browser)]) from error
    # Who pays and closes the tab comes back to an article, which opens only where it is asked for.
    call.hint.found(cookies.CHECKOUT_AGE, anew=True)
    return StartedCheckout(session_id, url, [_remembered(call, browser.plus(session_id))])


def _remembered(call: Call, browser: Started) -> Cookie:
    return cookies.write(call, "checkout", browser.value(), cookies.CHECKOUT_AGE)


def _starter(call: Call, signed_in: OpenSession | None, browser: str, currency: str) -> CheckoutStarter:
    """Who starts the checkout: a supporter only if the session cookie proves one, never by a typed address."""
    if signed_in is None:
        return CheckoutStarter(browser)
    profile = supporters.read_profile(call.wiring.table, signed_in.supporter)
    customer = signed_in.state.customers.get(currency)
    own = email_address.usable(profile.email) if profile else None
    return CheckoutStarter(browser, signed_in.supporter, customer, own)


def _offer(call: Call, wish: Wish) -> Offer:
    newsroom, settings = call.wiring.newsroom, call.wiring.settings
    lang = newsroom.language(wish.language)
    note = "checkout.note_once" if wish.interval == "once" else "checkout.note_recurring"
    return Offer(
        site_id=settings.site_id,
        public_url=settings.public_url,
        language=lang,
        stripe_locale=newsroom.payment_page_language[lang],
        product=newsroom.product_name[lang],
        note=Texts(lang, newsroom.texts).say(note),
        product_id=settings.product,
    )
