"""The two steps of correcting an address, as a test takes them."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.account.actions.ask_correction import CorrectionSent, ask_correction
from chalicelib.account.actions.change_address import Corrected
from chalicelib.account.actions.correct_address import correct_address
from chalicelib.kernel.errors import Problem
from testkit.harness import ADA, EMAIL_KEY, Harness

WRONG = "ada@reader.exampel"


def asks(harness: Harness, old: str = WRONG, new: str = ADA) -> str:
    """The first step; answers the code that was mailed."""
    ask(harness, old, new)
    return harness.mails.last.code


def ask(harness: Harness, old: str = WRONG, new: str = ADA) -> CorrectionSent:
    """The first step; what it answers."""
    return ask_correction(old, new, harness.mail_sender, now=harness.real_now())


def corrects(harness: Harness, code: str, old: str = WRONG, new: str = ADA) -> Corrected:
    """The second step."""
    return correct_address(
        harness.table, old, new, code, email_key=EMAIL_KEY, now=harness.now(), real_now=harness.real_now(), by="olena"
    )


def refusal(work: Callable[[], object]) -> str:
    """The code of the problem that this ends in."""
    with pytest.raises(Problem) as refused:
        work()
    return refused.value.code


def rows_of(harness: Harness, supporter: str) -> dict[str, Any]:
    """A supporter's rows, by sort key."""
    return {row["sk"]: row for row in harness.rows() if row["pk"] == f"SUP#{supporter}"}
