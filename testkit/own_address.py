"""A supporter who changes their own address, and whoever has the link that undoes it, as a test takes the steps."""

from typing import Any

from chalicelib.kernel.table import TableUnavailable
from localdev.around import Around
from testkit.calls import Reply
from testkit.harness import ADA, Harness
from testkit.visitor import Visitor

NEW, EVIL, EVIL_TOO = "ada@new.example", "mallory@evil.example", "mallory@other.example"


def supports(harness: Harness, email: str = ADA) -> Visitor:
    """Somebody who gives monthly and has just signed in."""
    harness.tell(harness.gives(500, "month", email))
    visitor = Visitor()
    harness.sign_in(visitor, email)
    return visitor


def code_for(harness: Harness, visitor: Visitor, new: str = NEW) -> str:
    """Ask for the change; the code that the new address gets."""
    reply = visitor.post("/v1/me/email", {"email": new})
    assert (reply.status, reply.json) == (202, {"sent": True})
    assert harness.mails.last.to == new
    return harness.mails.last.code


def moves(harness: Harness, visitor: Visitor, new: str = NEW) -> str:
    """Change the address; answers the path of the undo link that the former one got."""
    reply = visitor.post("/v1/me/email/confirm", {"code": code_for(harness, visitor, new)})
    assert (reply.status, reply.json) == (200, {"email": new})
    return undo_link(harness)


def undo_link(harness: Harness, kind: str = "address_changed") -> str:
    """The path of the newest link that undoes something of this kind of mail."""
    mail = next(mail for mail in reversed(harness.mails.sent) if mail.kind == kind)
    (link,) = [word for word in mail.text.split() if "/undo/" in word]
    return link.partition("?")[0].removeprefix(harness.settings.public_url)


def undoes(link: str) -> Reply:
    """Press the link's button, in a browser that we do not know."""
    return Visitor(origin=None).post(link)


class Failing(Around):
    """A table whose call of this number fails: before it did its work, or with its answer lost."""

    def __init__(self, inner: Any, number: int, *, lost: bool) -> None:
        super().__init__(inner)
        self._left, self._lost, self.failed = number, lost, False

    def _call(self, name: str, what: object, work: Any) -> Any:
        del name, what
        self._left -= 1
        if self._left != -1:
            return work()
        self.failed = True
        if self._lost:
            work()
        raise TableUnavailable("cut off")
