"""Return from checkout: apply what Stripe says now about a checkout, then answer how it stands.

The payment is applied at once, by the same code as a webhook's event, so that the thank-you page never waits for one.
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
# Far more than reloading and polling need; without a limit one browser could use up Stripe's own.
_LOOKS, _WINDOW = 30, 60
_LOOKS_BY_CLIENT = 60  # about any checkout: a client that started many could use up Stripe's limit by looking at each
# A checkout's id stands in a URL, and URLs get around: all who did not start it share one look a minute.
_LOOKS_ELSEWHERE = 1


@dataclass(frozen=True)
class CheckoutViewer:
    """Who asks about a checkout: the browser's fingerprint (empty for an unknown one) and the client's IP address."""

    browser: str
    client: str


@dataclass(frozen=True)
class CheckoutView:
    """A checkout as it stands; `asked` is False when Stripe could not be asked just now.

    `wait`: seconds until Stripe is asked again, where somebody looked too often; 0 where Stripe does not answer.
    """

    checkout: Checkout
    asked: bool
    wait: int = 0

    @property
    def sure(self) -> bool:
        """Whether its status may be shown: it is Stripe's, or one that makes nobody pay twice.

        A checkout that was open when Stripe was last asked may be paid by now.
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
    """Bring a checkout up to date with Stripe, and answer it.

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
    """Count a look by its client, then for the checkout; strangers apart, who must not use up the payer's looks.

    Answers 0 once the look is counted, else the seconds to wait.
    """
    client = ids.keyed_hash(deps.email_key, network(viewer.client))[:32]
    if viewer.browser == row.browser:
        limits = (("looks_by", client, _LOOKS_BY_CLIENT), ("looks", row.id, _LOOKS))
    else:
        limits = (("looks_from", client, _LOOKS), ("looks_elsewhere", row.id, _LOOKS_ELSEWHERE))
    waits = (rate_limits.take(deps.table, scope, who, most, _WINDOW, real_now) for scope, who, most in limits)
    return next((wait for wait in waits if wait), 0)
