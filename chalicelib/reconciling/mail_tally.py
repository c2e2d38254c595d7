"""A pass over many supporters in which one whose rows cannot be read keeps nobody else from theirs."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.kernel.table import TableUnavailable
from chalicelib.observing.log import log


@dataclass
class MailTally:
    """How many mails a pass has put, and for how many supporters it failed."""

    put: int = 0
    failed: int = 0

    def count(self, work: Callable[[], bool]) -> None:
        """Do the work for one supporter; it answers whether a mail was put.

        :raises TableUnavailable: nobody else would fare better now.
        """
        try:
            self.put += work()
        except TableUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one supporter is noted, and the others go on
            self.failed += 1
            log.warning("daily mail not put", trouble=error)
