"""The form that deletes what is kept of a reader's reading."""

from typing import Literal

from chalicelib.http.forms import Form, Language


class DeleteReading(Form):
    """`of`: the marks in this browser, or those in the account of who is signed in."""

    of: Literal["browser", "account"]
    lang: Language | None = None
