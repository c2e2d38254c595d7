"""Errors of the services that we call: not answering for now, or refusing for good."""


class Outage(Exception):
    """A service does not answer, or other processes kept writing first. A later try may succeed.

    It says nothing about what was asked for.
    """


class Refused(Exception):
    """A provider refused a call for good. `code`: its own reason; `missing`: the object does not exist there."""

    def __init__(self, code: str, *, missing: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.missing = missing
