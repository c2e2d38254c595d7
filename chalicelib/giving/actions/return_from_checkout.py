"""A reader comes back from Stripe, or asks how their checkout stands: apply what Stripe says now, then look.

The payment is applied at once, through the same door as a webhook, so that the thank-you page never waits for one.
"""

from dataclasses import dataclass

from chalicelib.booking.actions.apply import apply
from chalicelib.booking.actions.commit import NobodyNamed
from chalicelib.booking.rail import GiftNotFound
from chalicelib.checkouts.rows import checkouts
from chalicelib.checkouts.rows.checkouts import Checkout
from chalicelib.kernel import ids, rate_limits
from chalicelib.kernel.client_limits import network
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.outages import Refused
from chalicelib.kernel.table import Contended
from chalicelib.mail.actions.send import MailSender
from chalicelib.observing.log import log
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.notification import returned
from chalicelib.rails.stripe.port import StripeUnavailable

_MAY_CHANGE = ("open", "processing")
# Far more than a person's reloading and a page's polling; without it one browser could use up Stripe's own limit.
_LOOKS, _WINDOW = 30, 60
_LOOKS_BY_CLIENT = 60  # about any checkout: who has started many could use up Stripe's limit by looking at each
# A checkout's name stands in an address, and addresses get around: all who did not start it share one look a minute.
_LOOKS_ELSEWHERE = 1


@dataclass(frozen=True)
class CheckoutViewer:
    """Who looks: the fingerprint of their browser (empty for one we do not know), and the caller's address."""

    browser: str
    client: str


@dataclass(frozen=True)
class CheckoutView:
    """A checkout as it stands; `asked` is False when Stripe could not be asked just now.

    `wait`: in so many seconds it may be asked again, where somebody looked too often; 0 where Stripe does not answer.
    """

    checkout: Checkout
    asked: bool
    wait: int = 0

    @property
    def sure(self) -> bool:
        """Whether the checkout stands as its row says, or at least so that nobody pays twice who believes it.

        Not asked, an open one may be paid by now.
        """
        return self.asked or (self.wait > 0 and self.checkout.status != "open")


def refresh_checkout(
    session_id: str,
    viewer: CheckoutViewer,
    deps: StripeDeps,
    mail_sender: MailSender,
    *,
    now: BusinessTime,
    real_now: RealTime,
) -> CheckoutView:
    """Bring a checkout up to date and answer it.

    :raises NotFound: `unknown_checkout` for a session that is not ours; Stripe is not asked about those.
    """
    row = checkouts.read(deps.table, session_id)
    if row is None:
        raise NotFound("We do not know this checkout.", code="unknown_checkout")
    if row.status not in _MAY_CHANGE:
        return CheckoutView(row, asked=True)
    try:
        if wait := _count_look(row, viewer, deps, real_now):
            return CheckoutView(row, asked=False, wait=wait)
        notification = returned(session_id, deps, now=now, real_now=real_now)
        mail_sender.deliver(apply(notification, deps, now=now).mails, now)
    except (StripeUnavailable, Contended, Refused, NobodyNamed, GiftNotFound, ValueError) as error:
        log.warning("checkout not brought up to date", checkout=session_id, trouble=error)
        return CheckoutView(row, asked=False)
    return CheckoutView(checkouts.read(deps.table, session_id) or row, asked=True)


def _count_look(row: Checkout, viewer: CheckoutViewer, deps: StripeDeps, real_now: RealTime) -> int:
    """Each client first; strangers are counted apart: they must not use up the looks of who paid.

    Answers 0 once the look is counted, else the seconds to wait.
    """
    client = ids.keyed_hash(deps.email_key, network(viewer.client))[:32]
    if viewer.browser == row.browser:
        limits = (("looks_by", client, _LOOKS_BY_CLIENT), ("looks", row.id, _LOOKS))
    else:
        limits = (("looks_from", client, _LOOKS), ("looks_elsewhere", row.id, _LOOKS_ELSEWHERE))
    waits = (rate_limits.take(deps.table, scope, who, most, _WINDOW, real_now) for scope, who, most in limits)
    return next((wait for wait in waits if wait), 0)
