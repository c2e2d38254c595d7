"""A gift under a mistyped address, and its claim in the browser that paid, as a test takes the steps."""

from testkit.calls import Reply
from testkit.harness import ADA, Harness
from testkit.visitor import Visitor

WRONG = "ada@reader.exampel"


def pays(
    harness: Harness, email: str = WRONG, interval: str = "once", attempt: str = "a" * 20
) -> tuple[Visitor, str]:
    """A browser in which somebody just gave, and the checkout's id."""
    visitor = Visitor()
    gift = {"amount": 1000, "currency": "eur", "interval": interval, "attempt": attempt}
    session = str(visitor.post("/v1/checkouts", gift).json["id"])
    harness.tell(harness.stripe.pay(session, email))
    return visitor, session


def code_for(harness: Harness, payer: Visitor, session: str, email: str = ADA) -> str:
    """Ask for the claim; the code that the right address gets."""
    reply = payer.post(f"/v1/checkouts/{session}/claim", {"email": email})
    assert (reply.status, reply.json) == (202, {"sent": True})
    assert harness.mails.last.to == email
    return harness.mails.last.code


def claims(harness: Harness, payer: Visitor, session: str, email: str = ADA) -> None:
    """Claim the gift for this address."""
    code = code_for(harness, payer, session, email)
    reply = payer.post(f"/v1/checkouts/{session}/claim/confirm", {"code": code})
    assert (reply.status, reply.json) == (200, {"claimed": True})


def refused(reply: Reply) -> tuple[int, str]:
    """The status and the code of a refusal."""
    return reply.status, reply.json["code"]


REFUSED = (409, "claim_refused")
