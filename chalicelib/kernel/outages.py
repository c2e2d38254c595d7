"""Whom we ask and who does not answer: failures that say nothing about what was asked."""


class Outage(Exception):
    """Somebody outside does not answer just now, or others are always faster. Trying again later may do."""


class Refused(Exception):
    """A provider refused for good. `code` is its own word for why; `missing`: what was named is not there."""

    def __init__(self, code: str, *, missing: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.missing = missing
