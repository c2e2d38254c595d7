"""Sign a browser in by the mailed code or link: one is enough in the browser that asked, any other needs both.

That stops mail scanners: a scanner follows the link in a browser of its own, which is not the one that asked, and the
code that it saw is not enough without a person who types it.

    asked here     code alone, or link alone
    elsewhere      link and code
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from chalicelib.kernel import ids
from chalicelib.kernel.browser import Started
from chalicelib.kernel.errors import BadInput, Gone
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import Table, TableUnavailable, TransactionLost
from chalicelib.mail.actions.budget import MailRequester
from chalicelib.mail.rows import proven
from chalicelib.observing import metrics
from chalicelib.observing.log import log
from chalicelib.signing_in.actions.ask import code_hash
from chalicelib.signing_in.actions.call_off import call_off_erasure
from chalicelib.signing_in.rows import sign_ins
from chalicelib.signing_in.rows.sign_ins import PendingSignIn
from chalicelib.signing_in.rules import typed_code
from chalicelib.supporters.actions import sessions
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rows import supporters
from chalicelib.supporters.rows.devices import DeviceKind
from chalicelib.supporters.rules.state import Profile


@dataclass(frozen=True)
class Proof:
    """The code or link that was presented, and by which browser (None: it has no pending cookie).

    `client` is the caller's IP address; `known` the browser to remember as one that proved this address, None for one
    that is not to be remembered; `kind`: whether it is a phone.
    """

    code: str | None
    token: str | None
    browser: Started | None
    client: str = ""
    known: Started | None = None
    kind: DeviceKind = ""


@dataclass(frozen=True)
class Confirmed:
    """A confirmed sign-in: the address is proven, and `secret` signs in the browser that pressed the button."""

    signed_in: OpenSession
    secret: str
    language: str
    return_to: str | None


def confirm_sign_in(
    table: Table, proof: Proof, *, remember: bool, email_key: str, now: BusinessTime, real_now: RealTime
) -> Confirmed:
    """Use up a sign-in request and open a session. A new address gets a supporter's record, created at `now`.

    :raises BadInput: `code_needed` (another browser, link without code), `wrong_code`.
    :raises Gone: `code_expired`: used, too old, too many guesses, or never there; `other_browser`: a code alone, from
        a browser that asked for none or keeps no cookies.
    """
    by = _by_link if proof.token else _by_code
    request = by(table, proof, email_key, real_now)
    if not sign_ins.use(table, request, real_now):
        raise ended()
    supporter = _supporter(table, request, email_key, now)
    supporters.prove(table, supporter, now)  # before there is a session: what an unproven address allows ends first
    secret, signed_in = sessions.open_session(table, supporter, remember=remember, now=real_now, kind=proof.kind)
    if supporters.find_by_email(table, request.email, email_key) != supporter:
        # The address was corrected meanwhile: the session may be younger than that, and would let a stranger in.
        sessions.end_session(table, secret)
        raise ended()
    call_off_erasure(table, supporter, now)
    _remember(table, request, proof, email_key, real_now)
    log.info("sign-in confirmed", by="link" if proof.token else "code")
    return Confirmed(signed_in, secret, request.language, request.return_to)


def _remember(table: Table, request: PendingSignIn, proof: Proof, email_key: str, now: RealTime) -> None:
    """Remember that this client and browser proved the address: its mails from here are not limited by strangers.

    The sign-in stands even if this fails.
    """
    here = MailRequester(request.email, proof.client, proof.known.fingerprint() if proof.known else None)
    try:
        proven.remember(table, supporters.email_hash(request.email, email_key), here.places(email_key), now)
    except TableUnavailable as error:
        log.warning("place not remembered", trouble=error)


def find_by_token(table: Table, token: str, now: RealTime) -> PendingSignIn | None:
    """The open request that a link leads to, or None. Reads only: to open a link signs nobody in."""
    request_id, _, secret = token.partition(".")
    request = sign_ins.read(table, request_id) if request_id and secret else None
    if request is None or not request.is_open(now) or not _same(request.link, ids.fingerprint(secret)):
        return None
    return request


def asked_by(request: PendingSignIn, browser: Started | None) -> bool:
    """Whether this is the browser that asked."""
    return browser is not None and _same(request.browser, browser.fingerprint())


def open_requests(table: Table, browser: Started | None, now: RealTime) -> Iterator[PendingSignIn]:
    """The open requests of this browser, newest first: a new mail does not cancel an older one."""
    for request_id in reversed(browser.ids if browser else ()):
        request = sign_ins.read(table, request_id)
        if request is not None and request.is_open(now) and asked_by(request, browser):
            yield request


def asked_lately(table: Table, browser: Started | None, now: RealTime) -> PendingSignIn | None:
    """The newest request of this browser to whose address a new code can be sent, its own over or not; else None."""
    for request_id in reversed(browser.ids if browser else ()):
        request = sign_ins.read(table, request_id)
        if request is not None and asked_by(request, browser) and request.can_be_sent_again(now):
            return request
    return None


def ended() -> Gone:
    """The refusal for a code or link that is used, too old or unknown: the same for all."""
    return Gone("This code or link no longer works. Please ask for a new one.", code="code_expired")


def _by_link(table: Table, proof: Proof, email_key: str, now: RealTime) -> PendingSignIn:
    request = find_by_token(table, proof.token or "", now)
    if request is None:
        raise ended()
    if not proof.code:
        if asked_by(request, proof.browser):
            return request
        raise BadInput("Please enter the code from the same email too.", code="code_needed", field="code")
    guess = _guess(table, request, _plain(proof.code), email_key, now)
    if guess == "right":
        return request
    raise _guessed_wrong() if guess == "wrong" else ended()


def _by_code(table: Table, proof: Proof, email_key: str, now: RealTime) -> PendingSignIn:
    if not proof.code:
        raise BadInput("Please enter the code from the email.", code="code_needed", field="code")
    code = _plain(proof.code)
    if proof.browser is None:
        raise Gone(
            "This browser has not asked for a code, or it keeps no cookies. Please ask for a code here,"
            " or open the link in the email.",
            code="other_browser",
        )
    guesses = set()
    for request in open_requests(table, proof.browser, now):
        guess = _guess(table, request, code, email_key, now)
        if guess == "right":
            return request
        guesses.add(guess)
    raise _guessed_wrong() if "wrong" in guesses else ended()


def _guess(
    table: Table, request: PendingSignIn, code: str, email_key: str, now: RealTime
) -> Literal["right", "wrong", "over"]:
    """Count a guess, then compare it. `over`: meanwhile used, or out of guesses, as by a second tap on the button."""
    if not sign_ins.count_guess(table, request, now):
        return "over"
    return "right" if _same(request.code, code_hash(code, request.id, email_key)) else "wrong"


def _plain(typed: str) -> str:
    """A typed code in the form that is compared. Text that cannot be a code costs no guess: it is a typing error.

    :raises BadInput: `wrong_code`.
    """
    code = typed_code.plain_code(typed)
    if code is None:
        raise _wrong()
    return code


def _guessed_wrong() -> BadInput:
    log.info("code wrong", counts=metrics.abuse("wrong_code"))
    return _wrong()


def _wrong() -> BadInput:
    return BadInput("The code does not match. Please check it.", code="wrong_code", field="code")


def _same(stored: str, presented: str) -> bool:
    return hmac.compare_digest(stored, presented)


def _supporter(table: Table, request: PendingSignIn, email_key: str, now: BusinessTime) -> SupporterId:
    known = supporters.find_by_email(table, request.email, email_key)
    if known:
        return known
    new = SupporterId(ids.new_id())
    try:
        table.transact(supporters.new_supporter(new, Profile(request.email, request.language, now), email_key))
    except TransactionLost:
        # Another call created the same supporter at the same moment: a gift that was booked, or a second tab.
        return _supporter(table, request, email_key, now)
    return new
