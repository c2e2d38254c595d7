"""The scheduled jobs, and the job for mail feedback. Each finds the wiring itself: no call may have come before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib import wiring as wiring_module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chalicelib.privacy.actions.erase import Eraser
    from chalicelib.reconciling.work_limits import WorkLimits
    from chalicelib.upkeep.reconcile import Reconciled
    from chalicelib.wiring import Wiring

_TO_END = 15  # seconds left for the last call, so that Lambda does not end it in the middle
_RING_SECONDS = 870  # a ring's time when nobody says otherwise
_MONEY_SECONDS = 600  # that of money, which runs every hour, and goes on where it ended


def sweep(seconds: float | None = None) -> Mapping[str, Any]:
    """Apply due events and send due mails; answers how many of each.

    :param seconds: how long this function may still run; None: as long as a run needs.
    """
    from chalicelib.rails.stripe import paced
    from chalicelib.reconciling.work_limits import WorkLimits
    from chalicelib.upkeep.sweep import SECONDS
    from chalicelib.upkeep.sweep import sweep as run

    return run(wiring_module.current(), limits=WorkLimits(paced.SWEEP, _at_most(SECONDS, seconds)))


def reconcile(ring: str, seconds: float | None = None) -> Mapping[str, Any]:
    """Run one ring of reconcile; answers what it saw and did.

    :param seconds: how long this function may still run; None: as long as a run needs.
    """
    from chalicelib.rails.stripe import paced
    from chalicelib.reconciling.work_limits import WorkLimits

    most = _MONEY_SECONDS if ring == "money" else _RING_SECONDS
    limits = WorkLimits(paced.RING, _at_most(most, seconds))
    return reconciled(wiring_module.current(), [ring], by_hand=False, limits=limits).as_json()


def count_supporters(seconds: float | None = None) -> Mapping[str, Any]:
    """Count how many people support the newsroom, if it shows that; answers the numbers, or why there are none.

    :param seconds: how long this function may still run; None: as long as a run needs.
    """
    from chalicelib.reconciling.work_limits import WorkLimits
    from chalicelib.upkeep.count_supporters import SECONDS

    wired = wiring_module.current()
    if not wired.newsroom.show_supporters:
        return {"stopped": "not_shown"}
    return supporters_counted(wired, WorkLimits(1, _at_most(SECONDS, seconds)))


def supporters_counted(wired: Wiring, limits: WorkLimits) -> Mapping[str, Any]:
    """Count how many people support the newsroom, for the schedule or for a person."""
    from chalicelib.rails.registry import RAILS
    from chalicelib.upkeep.count_supporters import count_supporters as run

    livemode, now = wired.settings.livemode, wired.now()
    return run(wired.table, wired.newsroom, RAILS, livemode=livemode, now=now, limits=limits)


def daily_mails(seconds: float | None = None) -> Mapping[str, Any]:
    """Put the mails of the day into the outbox: reminders, announcements, cards that end; answers how many of each.

    :param seconds: how long this function may still run; None: as long as a run needs.
    """
    from chalicelib.rails.stripe import paced
    from chalicelib.reconciling.work_limits import WorkLimits
    from chalicelib.upkeep.daily_mails import SECONDS, put_daily_mails

    return put_daily_mails(wiring_module.current(), WorkLimits(paced.RING, _at_most(SECONDS, seconds)))


def erase(seconds: float | None = None) -> Mapping[str, Any]:
    """Go on with every erasure that is due; answers how many of each outcome.

    :param seconds: how long this function may still run; None: as long as a run needs.
    """
    from chalicelib.privacy.actions.due import erase_due
    from chalicelib.rails.stripe import paced
    from chalicelib.reconciling.work_limits import WorkLimits

    limits = WorkLimits(paced.RING, _at_most(_RING_SECONDS, seconds))
    return erase_due(eraser(wiring_module.current(), limits), limits)


def eraser(wired: Wiring, limits: WorkLimits) -> Eraser:
    """What erases supporters, for the schedule or for a person."""
    from dataclasses import replace

    from chalicelib.privacy.actions.erase import Eraser
    from chalicelib.rails.stripe import paced
    from chalicelib.upgrade import rows as upgrades

    deps = wired.stripe_deps
    return Eraser(
        deps=replace(deps, stripe=paced.Paced(deps.stripe, limits)),
        mail_sender=wired.mail_sender,
        objects=wired.objects,
        lacking=upgrades.lacking(wired.table),
        now=wired.now(),
        real_now=wired.real_now(),
    )


def mail_feedback(message: str) -> Mapping[str, Any]:
    """Handle one feedback record of the mail service: suppress addresses that bounced for good or complained.

    Raises an error that may pass, as Lambda then tries again.

    :param message: an SES event record, JSON.
    """
    from chalicelib.mail.actions.handle_feedback import handle_mail_feedback

    wired = wiring_module.current()
    return handle_mail_feedback(
        message, wired.table, email_key=wired.secrets["SPILNO_EMAIL_KEY"], now=wired.real_now()
    )


def reconciled(
    wired: Wiring,
    rings: Iterable[str],
    *,
    by_hand: bool,
    limits: WorkLimits | None = None,
    days: int | None = None,
    on_step: Callable[[int, int], None] = lambda _done, _of: None,
) -> Reconciled:
    """Run these rings for a schedule or for a person.

    :param limits: None: as fast as a person's run may go, to the end.
    :param days: how far the `money` ring looks back by hand.
    :param on_step: told how many days of how many are walked.
    """
    from dataclasses import replace

    from chalicelib.rails.stripe import paced
    from chalicelib.rails.stripe.reconcile.rings import rings as rings_of
    from chalicelib.rails.stripe.reconcile.run import StripeRun
    from chalicelib.reconciling.run import WINDOW
    from chalicelib.reconciling.work_limits import WorkLimits
    from chalicelib.upkeep.reconcile import reconcile as run_rings

    limits = limits or WorkLimits(paced.SWEEP)
    deps = wired.stripe_deps
    run = StripeRun(
        deps=replace(deps, stripe=paced.Paced(deps.stripe, limits)),
        mail_sender=wired.mail_sender,
        limits=limits,
        now=wired.now,
        real_now=wired.real_now,
        live=wired.settings.livemode,
        by_hand=by_hand,
        days=days or WINDOW,
        on_step=on_step,
    )
    return run_rings(run, rings_of(run), rings)


def _at_most(most: float, left: float | None) -> float:
    return most if left is None else max(0, min(most, left - _TO_END))
