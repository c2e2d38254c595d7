"""Declaring as readers and programs do, for the tests."""

import re
from html import unescape

from chalicelib.kernel.table import Item
from chalicelib.leaving.rows import statements
from chalicelib.leaving.rules.statements import LeavingStatement, statement_id
from chalicelib.ledger.actions.number_receipts import ReceiptNumbers
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules import receipt_reference
from chalicelib.ledger.rules.stored import StoredEntry
from testkit.calls import Reply
from testkit.harness import ADA, EMAIL_KEY, Harness
from testkit.visitor import Visitor

REFERENCE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")


def declared(visitor: Visitor | None = None, email: str = ADA, **more: object) -> Reply:
    """A program's call."""
    return (visitor or Visitor(origin=None)).post("/v1/cancellations", {"kind": "cancel", "email": email, **more})


def sent_form(visitor: Visitor, way: str = "cancel", **fields: str) -> Reply:
    """The form of the page, filled in and sent as a browser does."""
    page = visitor.navigate(f"/{way}").text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    return visitor.submit("/v1/cancellations", {**hidden, **fields})


def followed(visitor: Visitor, reply: Reply) -> str:
    """The page that an answer leads to, as text."""
    assert reply.status == 303, reply.text
    path = re.sub(r"^https?://[^/]+", "", reply.headers["location"])
    return unescape(visitor.navigate(path).text)


def receipt_of(harness: Harness, email: str = ADA) -> str:
    """The reference of the newest receipt of somebody, numbered now."""
    entries = (
        one for one in ledger.entries_of(harness.table, harness.state(email).id) if isinstance(one, StoredEntry)
    )
    newest = next(one for one in entries if one.entry.movement.kind == "gift")
    numbers = ReceiptNumbers(harness.table, harness.newsroom).number([newest], harness.now())
    return receipt_reference.reference(numbers[newest.entry.movement.id], EMAIL_KEY)


def statement(harness: Harness, reference: str) -> LeavingStatement:
    """A statement as it stands."""
    found = statements.read(harness.table, statement_id(reference))
    assert found
    return found


def kept(harness: Harness) -> list[Item]:
    """The rows of all statements."""
    return [row for row in harness.kinds("STATEMENT") if row["sk"] == "STATEMENT"]


def gives_monthly(harness: Harness, email: str = ADA, amount: int = 500) -> str:
    """Somebody begins a recurring gift; answers its id."""
    harness.tell(harness.gives(amount, "month", email))
    return str(harness.stripe.of("subscription")[-1]["id"])


def link_in(harness: Harness, to: str, path: str) -> str:
    """Where the newest mail to somebody leads that has such a link."""
    for mail in reversed(harness.mails.sent):
        found = re.search(rf"^https?://[^/]+(/{path}/\S+)$", mail.text, re.MULTILINE)
        if mail.to == to and found:
            return found[1]
    raise AssertionError([mail.subject for mail in harness.mails.sent if mail.to == to])


def pressed(path: str, **fields: str) -> str:
    """The page after the button behind a mailed link was pressed."""
    visitor = Visitor()
    address = path.partition("?")[0]
    assert visitor.navigate(path).status == 200
    reply = visitor.submit(address, fields)
    assert reply.status == 303, reply.text
    return visitor.navigate(re.sub(r"^https?://[^/]+", "", reply.headers["location"])).text
