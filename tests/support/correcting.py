"""The two steps of correcting an address, as a test takes them."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.account.actions.ask_correction import CorrectionSent, ask_correction
from chalicelib.account.actions.correct_address import Corrected, correct_address
from chalicelib.kernel.errors import Problem
from tests.support.till import ADA, Till
from tests.support.world import EMAIL_KEY

WRONG = "ada@reader.exampel"


def asks(till: Till, old: str = WRONG, new: str = ADA) -> str:
    """The first step; answers the code that was mailed."""
    ask(till, old, new)
    return till.post.last.code


def ask(till: Till, old: str = WRONG, new: str = ADA) -> CorrectionSent:
    return ask_correction(old, new, till.mail_sender, now=till.real)


def corrects(till: Till, code: str, old: str = WRONG, new: str = ADA) -> Corrected:
    """The second step."""
    return correct_address(
        till.table, old, new, code, email_key=EMAIL_KEY, now=till.business, real_now=till.real, by="olena"
    )


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(Problem) as refused:
        work()
    return refused.value.code


def rows_of(till: Till, supporter: str) -> dict[str, Any]:
    return {row["sk"]: row for row in till.rows() if row["pk"] == f"SUP#{supporter}"}
