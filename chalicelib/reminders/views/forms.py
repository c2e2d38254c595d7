"""The bodies of reminders and of switching mails off."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.http.forms import Form, Language, Place
from chalicelib.mail.rules.classes import Switch
from chalicelib.reminders.rules.months import FEWEST, MOST

Months = Annotated[int, Field(ge=FEWEST, le=MOST, description="In how many months.")]


class RemindMe(Form):
    """A wish to be reminded; `return_to` and `lang` are a page's."""

    in_months: Months
    return_to: Place | None = None
    lang: Language | None = None


class RemindMeHere(Form):
    """A wish to be reminded, on the thank-you page; without `in_months` the wish is taken back."""

    in_months: Months | None = None
    lang: Language | None = None


class Mails(Form):
    """A press of a button on the page of one's mails: a class of mails off or on, or the reminder taken back."""

    switch: Switch
    wanted: Literal["on", "off", "forget"]
    return_to: Place | None = None
    lang: Language | None = None
