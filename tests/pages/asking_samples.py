"""The donation page as it asks: with who asks and how many give, after a failure, and for who gives already."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from chalicelib.giving.views.how_many_give import so_many
from chalicelib.giving.views.pages import DonationPage, FieldProblem, Running
from chalicelib.http import pages
from chalicelib.newsroom.rules import Newsroom


def asking_pages(
    newsroom: Newsroom, form: Callable[..., pages.GiftForm], layout: pages.Layout, *, attempt: str, picture: str
) -> Mapping[str, DonationPage]:
    """A name and a page for each state; `form` makes the offer in a language."""
    lang, month = layout.lang, pages.Gift(500, "eur", "month")
    asked = DonationPage(
        form(lang),
        attempt,
        editor=newsroom.editor.name[lang],
        role=newsroom.editor.role[lang],
        picture=picture,
        fact=so_many(layout.language(), 412, 38),
        languages=newsroom.languages,
    )
    down = FieldProblem("", pages.problem_sentence(pages.ProblemPage(503, "stripe_down"), layout))
    return {
        "donate-asked": asked,
        "donate-down": replace(asked, problem=down),
        "donate-running": replace(asked, running=Running((month,), alone=True, to_raise="sub_1", same_currency=True)),
        "donate-running-second": replace(asked, running=Running((month,), to_raise="sub_1", same_currency=True)),
        "donate-running-other-rhythm": replace(
            asked, running=Running((replace(month, interval_count=6),), alone=True)
        ),
        "donate-running-coming": replace(asked, running=Running((month,), alone=True, coming=True)),
        "donate-running-late": replace(asked, running=Running((month,), alone=True, late="sub_1")),
        "donate-running-late-second": replace(asked, running=Running((month,), same_currency=True, late="sub_1")),
        "donate-running-once": replace(asked, form=form(lang, interval="once"), running=Running((month,))),
    }
