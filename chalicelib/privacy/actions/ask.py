"""Ask to be erased: recurring gifts end at once, sessions are over, and seven days later nothing is left."""

from dataclasses import dataclass, replace

from chalicelib.kernel.ids import SupporterId, new_id
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import Change, compare_and_swap
from chalicelib.mail.actions.send import MailSender
from chalicelib.mail.rows import outbox
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.observing.log import log
from chalicelib.privacy.actions.end_gifts import end_gifts
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.supporters.rows import erasures, history, supporters
from chalicelib.supporters.rows.erasures import Erasure

GRACE = 7 * 86_400  # seconds in which signing in calls it off: against a mistake, and against a borrowed browser


@dataclass(frozen=True)
class Asking:
    """What asking needs from outside."""

    deps: StripeDeps
    mail_sender: MailSender
    now: BusinessTime
    real_now: RealTime


def ask_erasure(
    supporter: SupporterId, asking: Asking, *, grace: int = GRACE, by: str = "", quiet: bool = False
) -> Erasure:
    """End the recurring gifts, then note the request, end all sessions and mail what will happen.

    Asked again, the answer is the request that there is.

    :param grace: seconds until it begins; 0, and no mail, if the newsroom does it at once.
    :param by: who of the newsroom asks, empty for the supporter.
    :param quiet: no mail goes out: they were erased before, and told so then.
    :raises StripeUnavailable, StripeRefused: nothing was noted, nothing will be erased.
    :raises Contended, TableUnavailable: it may be asked again.
    """
    table, now = asking.deps.table, asking.now
    mails = end_gifts(asking.deps, [supporter], now=now, real_now=asking.real_now)
    if not quiet:
        asking.mail_sender.deliver(mails, now)
    wanted = Erasure(supporter, "asked", now, BusinessTime(now + grace), by=by)
    told = {"erase_on": wanted.erase_on, "gifts_ended": bool(mails)}
    mail = MailToSend(f"erasure_{new_id()}:asked", "erasure_asked", told)

    def plan() -> tuple[list[Change], Erasure]:
        known = erasures.read(table, supporter)
        if known is not None:
            return [], known
        state = supporters.read_state(table, supporter)
        line = history.line(supporter, now, ["supporter:erasure:asked"], by=by or None)
        changes: list[Change] = [
            erasures.put(wanted),
            supporters.save_state(replace(state, epoch=state.epoch + 1)),
            line,
        ]
        return [*changes, outbox.put(mail, supporter, now)] if grace else changes, wanted

    asked = compare_and_swap(table, plan)
    log.info("erasure asked", by="newsroom" if by else "supporter")
    if grace:
        asking.mail_sender.deliver([mail.id], now)
    return asked
