"""The bodies of changing a recurring gift."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.changing.rules.reasons import Reason
from chalicelib.http.forms import Form, Language, Place, Query

Amount = Annotated[int, Field(strict=True, description="In the currency's minor unit.", examples=[500])]
Comment = Annotated[str, StringConstraints(max_length=500)]


class OwnForm(Form):
    """What a form of our pages sends along: `lang`, its language."""

    lang: Language | None = None


class ChangeGift(OwnForm):
    """Another amount, another interval, or both."""

    amount: Amount
    interval: Literal["month", "year"] | None = None
    charge: Literal["next", "now"] = Field(
        default="next", description="`now`: the difference for the rest of the paid time is charged at once."
    )
    if_: str | None = Field(
        default=None, alias="if", max_length=200, description="`changes` of the preview that was shown."
    )
    return_to: Place | None = Field(default=None, description="Where a page's form goes on afterwards.")


class PreviewQuery(Query):
    """`preview`: show what it would do, and change nothing."""

    preview: bool = False


class PauseGift(OwnForm):
    """So many payments are skipped."""

    months: int = Field(ge=1, le=3)


class StopGift(OwnForm):
    """A stop; why is told to the newsroom, if at all."""

    reason: Reason | None = None
    comment: Comment | None = None


class Press(OwnForm):
    """A button that needs nothing else."""
