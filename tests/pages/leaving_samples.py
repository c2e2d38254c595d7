"""The pages and mails of leaving without signing in, one of each state."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal

from chalicelib.http.pages import Page
from chalicelib.kernel.law import WAYS_OUT
from chalicelib.leaving.views.pages import ConfirmStatementPage, ConfirmStep, LeavePage, StatementPage
from chalicelib.mail.rules.mails import Mail
from chalicelib.mail.rules.statement_mails import StatementReceived, StatementSettled, StatementToConfirm

Outcome = Literal["nothing", "stopped_already", "too_late", "refused", "closed"]
REFERENCE, RECEIPT = "7K3M-XQ4T-9ZBD", "2026-000123-K7QX-9M2D"


def leaving_pages(
    attempt: str, sentence: Callable[[int, str], str], *, now: datetime, until: datetime, later: datetime
) -> Mapping[str, Page]:
    """One of each, by a name for it. `sentence`: a refusal in the page's language, by status and code."""
    stop = ConfirmStep("stop", "sub_1", 500, "eur", "month", ends_at=until)
    back = ConfirmStep("give_back", "sub_1", 500, "eur", "month", given=500)
    received = StatementReceived("cancel", REFERENCE, now, "maria@example.org", RECEIPT, "2027-01-31", "Марія Коваль")
    bare = StatementReceived("withdraw", REFERENCE, now, "maria@example.org")
    return {
        "cancel": LeavePage("cancel", attempt, "2026-11-22"),
        "cancel-problem": LeavePage(
            "cancel",
            attempt,
            "2026-11-22",
            email="maria@",
            gift=RECEIPT,
            when="2027-01-31",
            name="Марія Коваль",
            problem=sentence(400, "bad_email"),
            field="email",
        ),
        "cancel-problem-note": LeavePage(
            "cancel",
            attempt,
            "2026-11-22",
            email="maria@example.org",
            comment="Марія Коваль",
            problem=sentence(400, "too_long"),
            field="comment",
        ),
        "withdraw": LeavePage("withdraw", attempt, "2026-11-22", email="maria@example.org"),
        "declared": StatementPage(received, mailed=True),
        "declared-withdraw": StatementPage(bare, mailed=False),
        "confirm-stop": ConfirmStatementPage("cancel", "one.0", REFERENCE, now, "ask", (stop,)),
        "confirm-stop-several": ConfirmStatementPage(
            "cancel",
            "one.0",
            REFERENCE,
            now,
            "ask",
            (
                stop,
                ConfirmStep("stop", "sub_2", 300, "eur", "month", ends_at=later, payments=(until, later)),
                ConfirmStep("stop", "sub_3", 300, "eur", "month", ends_at=later, payments=(until,)),
                ConfirmStep("stopped", "sub_5", 100, "eur", "month", ends_at=until),
            ),
        ),
        "confirm-withdraw": ConfirmStatementPage("withdraw", "one.0", REFERENCE, now, "ask", (back,)),
        "confirm-withdraw-once": ConfirmStatementPage(
            "withdraw",
            "one.0",
            REFERENCE,
            now,
            "ask",
            (back, ConfirmStep("give_back", "pi_1", 2500, "eur", given=2000, given_at=now)),
            problem=sentence(503, "stripe_down"),
        ),
        "confirm-too-late": ConfirmStatementPage("withdraw", "one.0", REFERENCE, now, "ask", (stop,), too_late=True),
        "confirm-nothing": ConfirmStatementPage("cancel", "one.0", REFERENCE, now, "ask"),
        **{
            f"confirm-{state}": ConfirmStatementPage("cancel", "one.0", REFERENCE, now, state)
            for state in ("done", "under_way", "desk", "settled")
        },
    }


def leaving_mails(now: datetime) -> Mapping[str, Mail]:
    """One of each, by a name for it."""
    outcomes: tuple[Outcome, ...] = ("nothing", "stopped_already", "too_late", "refused", "closed")
    return {
        "statement_received": StatementReceived(
            "cancel", REFERENCE, now, "maria@example.org", RECEIPT, "2027-01-31", "Марія Коваль"
        ),
        "statement_received_bare": StatementReceived("withdraw", REFERENCE, now, "maria@example.org"),
        "statement_to_confirm": StatementToConfirm("cancel", REFERENCE, now, "7K3MXQ4T9ZBD"),
        "statement_to_confirm_withdraw": StatementToConfirm("withdraw", REFERENCE, now, "7K3MXQ4T9ZBD"),
        **{
            f"statement_{way}_{outcome}": StatementSettled(
                way, REFERENCE, now, outcome, "Марія Коваль" if outcome in ("refused", "closed") else ""
            )
            for way in WAYS_OUT
            for outcome in outcomes
        },
    }
