"""The pages of a receipt and of a yearly statement."""

import re
from datetime import UTC, datetime

from chalicelib.http import page_answers
from chalicelib.http.call import Answer, Call
from chalicelib.http.hint import session_of
from chalicelib.kernel import email_address
from chalicelib.kernel.errors import NotFound
from chalicelib.receipts.actions.history import GivingHistory
from chalicelib.receipts.actions.one_receipt import OneReceipt, receipt_of, statement_of
from chalicelib.receipts.rules.donations import interval_of
from chalicelib.receipts.views.pages import ReceiptPage, ReturnedLine, YearLine, YearPage
from chalicelib.signing_in.views.sign_in_first import sign_in_first
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rules.state import Profile

_YEAR = re.compile(r"[0-9]{4}")


def receipt(call: Call) -> Answer:
    """`GET /account/receipts/{id}`: the receipt of one gift."""
    path = f"/account/receipts/{call.params['id']}"
    signed_in = session_of(call)
    if signed_in is None:
        return sign_in_first(call, path)
    found = receipt_of(GivingHistory.of(call.wiring), signed_in.supporter, call.params["id"], call.wiring.now())
    profile = _profile(call, signed_in)
    lang = _language(call, profile)
    return page_answers.page_answer(call, _receipt_page(found, signed_in, _email(profile)), lang, path=path)


def statement(call: Call) -> Answer:
    """`GET /account/statements/{year}`: everything that was given in a year, up to now."""
    path = f"/account/statements/{call.params['year']}"
    signed_in = session_of(call)
    if signed_in is None:
        return sign_in_first(call, path)
    if not _YEAR.fullmatch(call.params["year"]):
        raise NotFound("There is no statement of this year.", code="unknown_year")
    now, history = call.wiring.now(), GivingHistory.of(call.wiring)
    found = statement_of(history, signed_in.supporter, int(call.params["year"]), now)
    profile = _profile(call, signed_in)
    lang = _language(call, profile)
    page = YearPage(
        found.statement.year,
        _moment(now),
        _email(profile),
        [YearLine(_moment(one.donation.gift.occurred_at), one) for one in found.payments],
        found.statement.sums,
        found.receiver,
        found.payers,
        history.newsroom.legal.tax_text.get(lang, ""),
        [year for year in found.years if year != found.statement.year],
        len(found.unreadable),
    )
    return page_answers.page_answer(call, page, lang, path=path)


def _receipt_page(found: OneReceipt, signed_in: OpenSession, email: str) -> ReceiptPage:
    donation, numbered = found.payment.donation, found.numbered
    return ReceiptPage(
        found.payment,
        interval_of(donation, signed_in.state.standing.recurring),
        email,
        found.receiver,
        found.payer or "",
        [ReturnedLine(_moment(one.occurred_at), one.kind, one.amount, one.id) for one in donation.reversals],
        _moment(numbered.given_at) if numbered else None,
        (numbered.replaces or "") if numbered else "",
    )


def _profile(call: Call, signed_in: OpenSession) -> Profile | None:
    return supporters.read_profile(call.wiring.table, signed_in.supporter)


def _language(call: Call, profile: Profile | None) -> str:
    return page_answers.language_of(call, call.query.get("lang"), profile.language if profile else None)


def _email(profile: Profile | None) -> str:
    return email_address.shown(profile.email) if profile else ""


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
