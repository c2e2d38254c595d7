"""Go on with every erasure that is due: the hourly job."""

from collections.abc import Mapping
from typing import Any

from chalicelib.kernel.errors import Problem
from chalicelib.kernel.outages import Outage, Refused
from chalicelib.mail.port import MailUnavailable
from chalicelib.observing.log import alarm, log
from chalicelib.privacy.actions.erase import Eraser
from chalicelib.reconciling.work_limits import WorkLimits
from chalicelib.supporters.rows import erasures


def erase_due(eraser: Eraser, limits: WorkLimits) -> Mapping[str, Any]:
    """Go on with what is due, first due first, until the time is over; answers how many of each outcome.

    One that fails does not stop the others: it is still due, and the next run begins with it.
    """
    done: dict[str, Any] = {"due": 0, "erased": 0, "checking": 0, "waits": 0, "failed": 0}
    for supporter in list(erasures.due(eraser.table, eraser.now)):
        if limits.over():
            done["stopped"] = "time"
            break
        done["due"] += 1
        try:
            done[eraser.erase(supporter)] += 1
        except (Outage, MailUnavailable, Problem) as error:  # a service is away: the next run is in an hour
            done["failed"] += 1
            log.warning("erasure not finished", trouble=error)
        except Refused as refused:
            done["failed"] += 1
            alarm("erasure_refused", why=refused.code, supporter=supporter)
    if done["due"]:
        log.info("erased", **done)
    return done
