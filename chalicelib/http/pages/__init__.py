"""The pages that the API itself shows: `render(page, chrome)` gives the HTML, `content_security_policy` its header.

The pages' classes are plain and cheap to import; the template engine is loaded by the first page that is rendered.
"""

from collections.abc import Iterable

from chalicelib.http.pages.chrome import Chrome
from chalicelib.http.pages.gift_form import Earned, GiftForm, gift_form, lowest_that_opens
from chalicelib.http.pages.kinds import (
    Account,
    Appeal,
    Confirm,
    ConfirmState,
    Donate,
    EnterCode,
    FieldProblem,
    Gift,
    OneOffGift,
    Page,
    Problem,
    Read,
    RecurringGift,
    RecurringStatus,
    SignIn,
    Thanks,
    ThanksState,
    mask_email,
)

__all__ = [
    "Account",
    "Appeal",
    "Chrome",
    "Confirm",
    "ConfirmState",
    "Donate",
    "Earned",
    "EnterCode",
    "FieldProblem",
    "Gift",
    "GiftForm",
    "OneOffGift",
    "Page",
    "Problem",
    "Read",
    "RecurringGift",
    "RecurringStatus",
    "SignIn",
    "Thanks",
    "ThanksState",
    "content_security_policy",
    "gift_form",
    "lowest_that_opens",
    "mask_email",
    "problem_sentence",
    "render",
]


def render(page: Page, chrome: Chrome) -> str:
    """The whole HTML document.

    :raises chalicelib.i18n.texts.TextError: when one of the newsroom's own texts is wrong.
    """
    from chalicelib.http.pages.rendering import render as rendered

    return rendered(page, chrome)


def content_security_policy(page: Page, chrome: Chrome, *, form_targets: Iterable[str] = ()) -> str:
    """The Content-Security-Policy of this page.

    :param form_targets: origins beside our own to which a form may lead, redirects included (Chromium counts them):
        Stripe's Checkout and portal, and the websites that a reader returns to.
    """
    from chalicelib.http.pages.rendering import content_security_policy as policy

    return policy(page, chrome, form_targets)


def problem_sentence(problem: Problem, chrome: Chrome) -> str:
    """The sentence of a refusal in the page's language, for `FieldProblem` and the `problem` of other pages."""
    from chalicelib.http.pages.rendering import problem_sentence as sentence

    return sentence(problem, chrome)
