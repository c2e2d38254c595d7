"""Whatever way an address comes in, one rule decides: the sign-in form, a checkout and an operator's grant agree."""

import pytest

from chalicelib.account.actions.grant import Granted, grant_access
from chalicelib.kernel import email_address, ids
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.state import Profile
from testkit.clock import NOW
from testkit.harness import EMAIL_KEY, Harness
from testkit.visitor import Visitor
from tests.kernel.test_email_address import REFUSED

TYPABLE = [typed for typed in REFUSED if "\ud800" not in typed]
ADA = "ada@reader.example"


@pytest.mark.parametrize("typed", TYPABLE, ids=ascii)
def test_no_grant_sign_in_or_checkout_to_what_is_no_address(harness: Harness, typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        give(harness, typed)
    assert refused.value.code == "bad_email"
    visitor = Visitor()
    as_json = visitor.post("/v1/sign-in", {"email": typed})
    assert (as_json.status, as_json.code) == (400, "bad_email")
    wish = {"amount": 500, "currency": "eur", "interval": "once", "attempt": ids.new_secret(), "email": typed}
    as_wish = visitor.post("/v1/checkouts", wish)
    assert (as_wish.status, as_wish.code) == (400, "bad_email")
    assert not [item for item in everything(harness) if "SUP#" in item or "SIGNIN#" in item]


@pytest.mark.parametrize(
    "typed",
    [
        " Ada@reader.example\n",
        "ada\u200b@reader.example",
        "\ufeffada@reader.example",
        "ada@reader.example.",
        "ada@reader.example,",
        "mailto:ada@reader.example?subject=x",
        "<ada@reader.example>",
    ],
    ids=ascii,
)
def test_what_comes_along_when_copying_costs_nobody_the_way_in(harness: Harness, typed: str) -> None:
    ada = give(harness, ADA).supporter
    assert give(harness, typed).supporter == ada
    visitor = Visitor()
    harness.sign_in(visitor, typed)
    me = visitor.get("/v1/me").json
    assert (me["sub"], me["email"]) == (ada, ADA)
    assert {mail.to for mail in harness.mails.sent} == {ADA}
    form = Visitor().submit("/v1/sign-in", {"email": typed})
    assert form.status == 303


def test_a_domain_beyond_ascii_is_one_supporter_however_it_is_typed(harness: Harness) -> None:
    olena = give(harness, "Olena@Bücher.de").supporter
    for typed in ("olena@bücher.de", "olena@xn--bcher-kva.de", "OLENA@XN--BCHER-KVA.DE"):
        visitor = Visitor()
        harness.sign_in(visitor, typed)
        assert visitor.get("/v1/me").json["sub"] == olena
    assert {mail.to for mail in harness.mails.sent} == {"olena@xn--bcher-kva.de"}
    assert "olena@bücher.de" in visitor.get("/account").text, "to its owner it is shown in letters"


@pytest.mark.usefixtures("harness")
def test_the_sign_in_page_lets_the_server_decide() -> None:
    """A browser would refuse a trailing dot or a zero-width space before we see it."""
    page = Visitor().get("/sign-in").text
    assert 'type="email"' in page
    assert " novalidate" in page.partition('action="')[2].partition(">")[0]


# ---- rows from before there was one rule ----


def stored_before(harness: Harness, address: str) -> str:
    """A supporter as `ops grant` or Stripe made them then: stripped and lowered, no more."""
    supporter = SupporterId(ids.new_id())
    profile = Profile(EmailAddress(address.strip().lower()), "uk", BusinessTime(NOW))
    harness.table.transact(supporters.new_supporter(supporter, profile, EMAIL_KEY))
    return supporter


@pytest.mark.parametrize("address", ["Maria@Reader.Example", "o'hara+x@b.example", "ada@xn--bcher-kva.de", "a@b.c"])
def test_who_signed_in_before_does_so_now(harness: Harness, address: str) -> None:
    before = stored_before(harness, address)
    visitor = Visitor()
    harness.sign_in(visitor, address)
    assert visitor.get("/v1/me").json["sub"] == before


@pytest.mark.parametrize("typed", ["olena@bücher.de", "olena@xn--bcher-kva.de", "Olena@BÜCHER.de"])
def test_who_was_kept_under_a_domain_in_unicode_is_found(harness: Harness, typed: str) -> None:
    before = stored_before(harness, "Olena@Bücher.de")
    visitor = Visitor()
    harness.sign_in(visitor, typed)
    assert visitor.get("/v1/me").json["sub"] == before
    assert give(harness, typed).supporter == before
    assert {mail.to for mail in harness.mails.sent} == {"olena@xn--bcher-kva.de"}


def give(harness: Harness, email: str) -> Granted:
    """Open a tier to this address."""
    return grant_access(
        harness.table,
        harness.newsroom,
        email,
        tier="member",
        until=NOW + 1,
        reason="r",
        email_key=EMAIL_KEY,
        now=BusinessTime(NOW),
    )


def everything(harness: Harness) -> list[str]:
    """Every item of the table, as text."""
    return [str(item) for item in harness.items()]


def test_the_key_of_an_address_is_that_of_its_one_form() -> None:
    kept = email_address.read(" Ada@Reader.Example.")
    assert supporters.email_hash(kept, EMAIL_KEY) == ids.keyed_hash(EMAIL_KEY, ADA)
