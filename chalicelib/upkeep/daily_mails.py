"""The mails of the day: reminders, announcements of yearly payments, cards that expire, in January the year's sums.

Each is put into the outbox once, under a name that says what it tells; the sweep sends it. So the job may run at any
time, twice at once, and again after it was cut off: what is there already is not put again. A run that has not
enough time for all begins the next time where it was cut off. Whoever is about to be written to is looked up anew at
Stripe first: a card that was replaced, a gift that was stopped a minute ago, are not written about.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.booking.actions.apply import apply
from chalicelib.booking.rules.ahead import mail_ahead
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import ConditionFailed
from chalicelib.mail.rows import outbox
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.mail.rules.mails_ahead import YearlyAhead
from chalicelib.observing.log import alarm, log
from chalicelib.rails.registry import RAILS
from chalicelib.rails.stripe import paced
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.rails.stripe.next_payment import as_it_is_now, next_charge
from chalicelib.rails.stripe.probe import answers
from chalicelib.receipts.actions.history import GivingHistory
from chalicelib.receipts.actions.yearly_mails import put_yearly_mails
from chalicelib.reconciling import progress
from chalicelib.reconciling.circuit_breaker import CircuitBreaker
from chalicelib.reconciling.mail_tally import MailTally
from chalicelib.reconciling.progress import Place
from chalicelib.reconciling.work_limits import OutOfTime, WorkLimits
from chalicelib.reminders.actions.send_due import send_due_reminders
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.access import RecurringGift
from chalicelib.wiring import Wiring

SECONDS = 870.0
_RING = "daily_mails"


def put_daily_mails(wiring: Wiring, limits: WorkLimits) -> Mapping[str, Any]:
    """Put the mails of the day; answers `{seen, put, reminders, years, failed}`, and `stopped` if it ended early."""
    deps = wiring.stripe_deps
    run = _Pass(replace(deps, stripe=paced.Paced(deps.stripe, limits)), limits, wiring.now, wiring.real_now)
    reminders, years, stopped = MailTally(), MailTally(), None
    try:
        # What needs no Stripe, and is bounded, comes first: it does not wait for what may take all the time.
        send_due_reminders(wiring.table, wiring.newsroom, limits, reminders, now=wiring.now())
        put_yearly_mails(GivingHistory.of(wiring), RAILS, limits, years, now=wiring.now())
        run.over_all()
    except OutOfTime:
        stopped = "time"
    except _Away as away:
        stopped = str(away)
    failed = reminders.failed + years.failed + run.failed
    done: dict[str, Any] = {"reminders": reminders.put, "years": years.put, "seen": run.seen, "put": run.put}
    done |= {"failed": failed} | ({"stopped": stopped} if stopped else {})
    log.info("daily mails", **done)
    if stopped or failed:
        alarm("daily_mails_unfinished", why=stopped or "faults", failed=failed)
    return done


class _Away(Exception):
    """Stripe or the table does not answer: the rest waits for the next run."""


@dataclass
class _Pass:
    """One pass over everybody with a recurring gift that has not ended."""

    deps: StripeDeps
    limits: WorkLimits
    now: Callable[[], BusinessTime]
    real_now: Callable[[], RealTime]
    seen: int = 0
    put: int = 0
    failed: int = 0

    def over_all(self) -> None:
        """Look at everybody, from where the last run was cut off.

        :raises OutOfTime, _Away: not all were looked at; where it ended is noted.
        """
        table = self.deps.table
        behind = progress.place(table, _RING).behind or ""
        probes = {"table": table.describe, "stripe": lambda: answers(self.deps.stripe, self.now())}
        breaker = CircuitBreaker(probes)
        everybody = list(supporters.with_recurring(table))
        ordered = [one for one in everybody if one > behind] + [one for one in everybody if one <= behind]
        for number, supporter in enumerate(ordered):
            if self.limits.over():
                self._note(ordered[number - 1] if number else behind)
                raise OutOfTime
            error = self._tried(supporter)
            if away := breaker.open_for(error):
                self._note(ordered[number - 1] if number else behind)
                raise _Away(away)
        if behind:
            self._note("")

    def _note(self, behind: str) -> None:
        progress.note_place(self.deps.table, _RING, Place(behind=behind or None))

    def _tried(self, supporter: SupporterId) -> Exception | None:
        self.seen += 1
        try:
            self._look_at(supporter)
        except Exception as error:  # noqa: BLE001 - one supporter's row or gift must not keep the others from theirs
            self.failed += 1
            log.warning("daily mail not put", trouble=error)
            return error
        return None

    def _look_at(self, supporter: SupporterId) -> None:
        state = supporters.read_state(self.deps.table, supporter, eventual=True)  # whoever is due is read again
        for gift in state.standing.recurring:
            if self._new(gift) is None:
                continue
            self._bring_up_to_date(gift)
            known = supporters.read_state(self.deps.table, supporter).standing.recurring
            for mail in (self._new(one) for one in known if one.id == gift.id):
                if mail is not None:
                    self._put(self._with_what_is_charged(mail, gift), supporter)

    def _new(self, gift: RecurringGift) -> MailToSend | None:
        """The mail that is due about this gift and was not put yet."""
        told = mail_ahead(gift, self.now(), self.deps.newsroom.zone)
        return None if told is None or outbox.exists(self.deps.table, told.id) else told

    def _with_what_is_charged(self, mail: MailToSend, gift: RecurringGift) -> MailToSend:
        """An announcement says what will be charged, which may be another sum than the gift's."""
        due = next_charge(gift.id, self.deps.stripe) if mail.kind == YearlyAhead.kind else None
        if due is None or due == mail.values["amount"]:
            return mail
        return replace(mail, values={**mail.values, "amount": due, "gift_amount": mail.values["amount"]})

    def _bring_up_to_date(self, gift: RecurringGift) -> None:
        """Apply the gift as Stripe has it now; mails that follow from that are left to the sweep.

        One that Stripe does not know any more stays as it is: the daily look at recurring gifts names it.
        """
        if found := as_it_is_now(gift.id, self.deps, now=self.now(), real_now=self.real_now()):
            apply(found, self.deps, now=self.now())

    def _put(self, mail: MailToSend, supporter: SupporterId) -> None:
        try:
            self.deps.table.write(outbox.put(mail, supporter, self.now()))
        except ConditionFailed:
            return  # another run was faster
        self.put += 1
