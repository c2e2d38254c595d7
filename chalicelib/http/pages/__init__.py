"""What hosted pages have in common: `render(page, layout)` gives the HTML, `content_security_policy` its header.

Each room has its own pages (`<room>/views/pages.py`), which say what the layout must know of them. Here are the
layout and the page of a refusal. The classes are plain and cheap to import; the template engine is loaded by the
first page that is rendered.
"""

from collections.abc import Iterable

from chalicelib.http.pages.gift_form import Earned, GiftForm, gift_form, lowest_that_opens
from chalicelib.http.pages.layout import Layout
from chalicelib.http.pages.page import Gift, Page, mask_email
from chalicelib.http.pages.problem import ProblemPage

__all__ = [
    "Earned",
    "Gift",
    "GiftForm",
    "Layout",
    "Page",
    "ProblemPage",
    "content_security_policy",
    "gift_form",
    "lowest_that_opens",
    "mask_email",
    "problem_sentence",
    "render",
]


def render(page: Page, layout: Layout) -> str:
    """The whole HTML document.

    :raises chalicelib.i18n.texts.TextWrong: when one of the newsroom's own texts is wrong.
    """
    from chalicelib.http.pages.rendering import render as rendered

    return rendered(page, layout)


def content_security_policy(page: Page, layout: Layout, *, form_targets: Iterable[str] = ()) -> str:
    """The Content-Security-Policy of this page.

    :param form_targets: origins beside our own to which a form may lead, redirects included (Chromium counts them):
        Stripe's Checkout and portal, and the websites that a reader returns to.
    """
    from chalicelib.http.pages.rendering import content_security_policy as policy

    return policy(page, layout, form_targets)


def problem_sentence(problem: ProblemPage, layout: Layout) -> str:
    """The sentence of a refusal in the page's language, for the `problem` of other pages."""
    return problem.said(layout.language())
