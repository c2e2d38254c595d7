"""The JSON answers of signing in."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, RootModel

from chalicelib.http.answers import JsonAnswer, Moment, Tier, Until

Pass = Annotated[str | None, Field(description="For `Authorization: Bearer`, five minutes; null without a tier.")]


class SignInAsked(JsonAnswer):
    """The request is taken: the same answer for every address, whether it is known or not."""

    sent: Literal[True]


class SignedIn(JsonAnswer):
    """A supporter is signed in here."""

    signed_in: Literal[True]
    sub: str = Field(description="Opaque, stable, never an e-mail address.")
    tier: Tier
    until: Until
    pass_: Pass = Field(alias="pass")
    payment_failed: bool = Field(description="The last payment of a recurring gift failed.")
    supports: bool = Field(description="Holds a tier, or gives something that goes on.")


class PaidHere(JsonAnswer):
    """Nobody is signed in, but a payment made in this browser during the last day opens articles."""

    signed_in: Literal[False]
    tier: str
    until: Moment
    pass_: str = Field(alias="pass")


class Nobody(JsonAnswer):
    """Nobody is signed in here, and no payment of this browser opens anything."""

    signed_in: Literal[False]


class Session(RootModel[SignedIn | PaidHere | Nobody]):
    """Who is signed in here, or what a payment opens in this browser."""

    model_config = ConfigDict(strict=True, frozen=True)
