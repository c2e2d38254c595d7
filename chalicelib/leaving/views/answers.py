"""What leaving without signing in answers."""

from pydantic import Field

from chalicelib.http.answers import JsonAnswer, Moment


class StatementStored(JsonAnswer):
    """A statement was received; the same for every address."""

    reference: str = Field(examples=["7K3M-XQ4T-9ZBD"])
    received_at: Moment


class StatementConfirmed(JsonAnswer):
    """A statement was confirmed. `done`: it is carried out already."""

    done: bool
