"""What the thank-you page shows in this browser: what is personal only where the checkout was started."""

from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.checkouts.rows.checkouts import Checkout
from chalicelib.giving.actions.giver_so_far import giver_so_far
from chalicelib.giving.actions.return_from_checkout import CheckoutView
from chalicelib.giving.rules.next_wish import next_wish
from chalicelib.giving.rules.share import address_to_share
from chalicelib.giving.views.pages import AskedNext, ThanksPage, ThanksState, WrongAddress
from chalicelib.giving.views.sign_in_after_payment import giver_of, started_here
from chalicelib.http import cookies
from chalicelib.http.call import Call
from chalicelib.http.pages import Gift, mask_email
from chalicelib.http.pages.editor import editor_word
from chalicelib.http.return_url import absolute
from chalicelib.kernel import email_address
from chalicelib.kernel.ids import SupporterId
from chalicelib.newsroom import sender
from chalicelib.newsroom.rules import interval_of
from chalicelib.reading.actions.who_reads import earned_by
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.access import entitled


def page_of(call: Call, view: CheckoutView, session: OpenSession | None, lang: str, problem: str = "") -> ThanksPage:
    """The thank-you page for this browser; `session` is that of whoever is signed in here, the giver or not."""
    checkout, here = view.checkout, started_here(call, view.checkout)
    giver = giver_of(checkout, session)
    state = _state(view, here=here)
    page = ThanksPage(checkout.id, state, problem=problem, wait=view.wait)
    if view.checkout.status == "paid":
        settings = call.wiring.settings
        page = replace(page, editor=editor_word(call.wiring.newsroom, lang, settings.site_origins))
    if not here:
        return page
    return_to = absolute(call, checkout.return_to, "") if checkout.return_to else ""
    gift = Gift(checkout.amount, checkout.currency, interval_of(checkout.interval))
    page = replace(page, gift=gift, return_to=return_to)
    if state != ThanksState.PAID:
        retry_at = _retry_at(call, checkout) if state == ThanksState.PROCESSING else None
        return replace(page, payment_url=checkout.url, retry_at=retry_at, again=wish_of(checkout))
    opens, until = _opened(call, checkout, giver, lang)
    sent_to, write_to = _mailed(call, checkout)
    return replace(
        page,
        opens=opens,
        until=until,
        signed_in=giver is not None,
        sent_to=sent_to,
        write_to=write_to,
        share=address_to_share(return_to, call.wiring.settings.public_url, call.wiring.settings.site_origins),
        asked_next=_asked_next(call, checkout, session, lang),
        wrong_address=_wrong_address(call, checkout, giver),
        may_remind=checkout.interval == "once" and not write_to and not _gives_regularly(session),
        reminder=checkout.reminder or "",
    )


def _gives_regularly(session: OpenSession | None) -> bool:
    """Whether who is signed in here gives anyway: nobody needs to be reminded of that."""
    return session is not None and any(gift.goes_on for gift in session.state.standing.recurring)


def wish_of(checkout: Checkout) -> dict[str, str | int]:
    """The wish of this checkout, as the query of the donation page."""
    wished: dict[str, str | int | None] = {
        "amount": checkout.amount,
        "currency": checkout.currency,
        "interval": checkout.interval,
        "campaign": checkout.campaign,
        "source": checkout.source,
        "return_to": checkout.return_to,
    }
    return {name: value for name, value in wished.items() if value}


def _wrong_address(call: Call, checkout: Checkout, giver: OpenSession | None) -> WrongAddress | None:
    """The forms for a mistyped address: for a day, to whoever is not signed in with it.

    Whether it is somebody's own address is looked at when the form is sent, and not here: whoever typed somebody
    else's must not learn from the page that its owner signs in.
    """
    if giver is not None or checkout.paid_at is None or call.wiring.real_now() - checkout.paid_at >= _CLAIM_OPEN_FOR:
        return None
    return WrongAddress(done=checkout.claimed is not None)


_CLAIM_OPEN_FOR = 86_400  # seconds: as long as the browser is known as the one that paid


def _state(view: CheckoutView, *, here: bool) -> ThanksState:
    if not view.sure:
        return ThanksState.UNAVAILABLE
    if view.checkout.status == "paid" and not here:
        return ThanksState.PAID_OTHER_BROWSER
    return ThanksState(view.checkout.status)


def _retry_at(call: Call, checkout: Checkout) -> datetime | None:
    """When a recurring gift's first payment, which failed, is tried again: the same time as in the mail about it."""
    state = supporters.read_state(call.wiring.table, checkout.supporter or SupporterId(""))
    found = [gift.retry_at for gift in state.standing.recurring if gift.id == checkout.subscription]
    return datetime.fromtimestamp(found[0], UTC) if found and found[0] else None


def _opened(call: Call, checkout: Checkout, giver: OpenSession | None, lang: str) -> tuple[str, datetime | None]:
    """The words for what is open now, and until when; None while a recurring gift goes on.

    Unless the giver is signed in, only what this payment earned counts: whoever typed somebody else's address
    must not learn what that person holds.
    """
    newsroom, table = call.wiring.newsroom, call.wiring.table
    if giver is not None:
        standing = giver.state.standing
    else:
        standing = earned_by(checkout, supporters.read_state(table, checkout.supporter or SupporterId("")))
    held = entitled(standing, newsroom, call.wiring.now())
    tier = newsroom.tier(held.tier)
    if tier is None or held.until is None:
        return "", None
    return tier.opens[lang], None if checkout.subscription else datetime.fromtimestamp(held.until, UTC)


def _mailed(call: Call, checkout: Checkout) -> tuple[str, str]:
    """The masked address that receipt and code go to; or the newsroom's, when no mail can reach the giver."""
    profile = supporters.read_profile(call.wiring.table, checkout.supporter or SupporterId(""))
    if profile is None:
        return "", ""
    if email_address.usable(profile.email) is None:
        return "", sender.read(call.wiring.newsroom.mail_from).address
    return mask_email(profile.email), ""


def _asked_next(call: Call, checkout: Checkout, session: OpenSession | None, lang: str) -> AskedNext | None:
    wiring = call.wiring
    if checkout.interval != "once":
        return None  # nothing is read for it
    giver = giver_so_far(wiring.table, checkout, session, cookies.started(call, "checkout"))
    wish = next_wish(wiring.newsroom, "once", checkout.amount, checkout.currency, giver)
    if wish is None:
        return None
    tier = wiring.newsroom.tier(wish.tier)
    return AskedNext(
        Gift(wish.amount, checkout.currency, "month"),
        wish_of(checkout) | {"amount": wish.amount, "interval": "month"},
        tier.opens[lang] if tier else "",
        known=giver_of(checkout, session) is not None,
    )
