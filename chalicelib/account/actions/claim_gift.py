"""Claim a gift whose address was mistyped: in the browser that paid, by a code to the right address.

The gift alone moves, in one transaction under the versions of both supporters: its entries with what went back of
them, what it opens, its recurring gift, its customer and its receipts. The record under the mistyped address may hold
other people's gifts. If nothing is left of it, it is joined, and its history follows. The former address is told, and
can take the gift back for three days.

The condition that nobody ever proved the former address is part of the transaction: who signs in with it at that
moment keeps the gift.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.account.actions.address_owner import hash_of
from chalicelib.account.actions.change_address import UNDONE_FOR, over, swapped
from chalicelib.account.actions.merge_records import TAG as JOINED
from chalicelib.account.actions.merge_records import finish, free_address, mail_put
from chalicelib.account.actions.moving_gift import (
    CLAIMED,
    Moving,
    gift_of,
    left_over,
    moved_rows,
    moved_traces,
    room_for,
)
from chalicelib.account.actions.prove_address import WhoAsks, ask_proof, proof_of
from chalicelib.account.rows import corrections
from chalicelib.account.rows.corrections import Correction
from chalicelib.checkouts.rows import checkouts
from chalicelib.checkouts.rows.checkouts import Checkout
from chalicelib.kernel import email_address, ids, keys
from chalicelib.kernel.browser import Started
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.errors import Conflict, Gone, NotFound
from chalicelib.kernel.ids import SupporterId
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import EXISTING, Change, Condition, Delete, Table, holds
from chalicelib.ledger.rows import entries as ledger
from chalicelib.ledger.rules.stored import StoredEntry
from chalicelib.mail.actions.send import MailSender
from chalicelib.mail.rows import proven
from chalicelib.mail.rules.mails import MailToSend
from chalicelib.observing.log import log
from chalicelib.rails.stripe.payers import customer_of
from chalicelib.rails.stripe.port import Stripe
from chalicelib.signing_in.rules import typed_code
from chalicelib.supporters.rows import history, supporters
from chalicelib.supporters.rules.access import Standing
from chalicelib.supporters.rules.merging import merged, split
from chalicelib.supporters.rules.state import Profile, State
from chalicelib.undo.rows import undos
from chalicelib.undo.rows.undos import Undo

KIND = "claim"  # of its undo
OPEN_FOR = 86_400  # seconds after paying in which a gift can be claimed
_MOST_OTHERS = 20  # other gifts under the mistyped address that are looked at; with more it is no mistake


@dataclass(frozen=True)
class Claimable:
    """A gift that may be claimed in this browser, and whose it is now."""

    checkout: Checkout
    state: State
    profile: Profile


def claimable(
    table: Table, checkout_id: str, browser: Started | None, stripe: Stripe, *, email_key: str, now: RealTime
) -> Claimable:
    """The gift that this browser may claim.

    :raises NotFound: `unknown_checkout`.
    :raises Conflict: `claim_refused`, for whatever reason.
    :raises StripeUnavailable: whether its customer gave anything else is not known.
    """
    row = checkouts.read(table, checkout_id)
    if row is None:
        raise NotFound("We do not know this checkout.", code="unknown_checkout")
    here = browser is not None and hmac.compare_digest(browser.fingerprint(), row.browser)
    lately = row.status == "paid" and row.paid_at is not None and now - row.paid_at < OPEN_FOR
    if not here or not lately or row.claimed or row.supporter is None or not row.customer:
        raise _refused()
    profile, state = supporters.read_profile(table, row.supporter), supporters.read_state(table, row.supporter)
    if profile is None or _was_proven(table, profile, state, email_key, now):
        raise _refused()
    if _gave_more(table, row, state, stripe):
        raise _refused()
    return Claimable(row, state, profile)


def ask_claim(
    table: Table,
    checkout_id: str,
    browser: Started | None,
    email: EmailAddress,
    who: WhoAsks,
    stripe: Stripe,
    mail_sender: MailSender,
    *,
    now: RealTime,
) -> None:
    """Mail a code to the right address; the answer is the same for every address.

    :raises Conflict: `claim_refused`; `same_address`.
    :raises NotFound, StripeUnavailable: see `claimable`.
    :raises RateLimited, BadInput, MailUnavailable: see `ask_proof`.
    """
    found = claimable(table, checkout_id, browser, stripe, email_key=mail_sender.email_key, now=now)
    if email == found.profile.email:
        raise Conflict("This is the gift's address already.", code="same_address")
    ask_proof(found.state, found.profile, email, who, mail_sender, purpose=checkout_id, now=now)


def confirm_claim(
    table: Table,
    checkout_id: str,
    browser: Started | None,
    typed: str,
    stripe: Stripe,
    mail_sender: MailSender,
    *,
    now: BusinessTime,
    real_now: RealTime,
) -> None:
    """Move the gift to whoever has the address whose code this is; twice is the same as once.

    :raises BadInput: `wrong_code`.
    :raises Gone: `code_expired`.
    :raises Conflict: `claim_refused`; `busy`: others kept changing one of the two; nothing was done.
    :raises NotFound, StripeUnavailable: see `claimable`.
    """
    key = mail_sender.email_key
    if _is_done(table, checkout_id, browser, typed, key):
        return
    try:
        found = claimable(table, checkout_id, browser, stripe, email_key=key, now=real_now)
        asked = proof_of(table, found.state, checkout_id, typed, key, real_now)
        mails = _claimed(table, found, asked, _mark(checkout_id, typed, key), mail_sender, now=now, real_now=real_now)
    except (Gone, Conflict):
        if _is_done(table, checkout_id, browser, typed, key):
            return  # the same code, entered twice at the same moment
        raise
    log.info("gift claimed")
    mail_sender.deliver(mails, now)


def _is_done(table: Table, checkout_id: str, browser: Started | None, typed: str, key: str) -> bool:
    """Whether the gift was claimed with this code in this browser; then what a crash cut off is done."""
    row = checkouts.read(table, checkout_id)
    if row is None or browser is None or browser.fingerprint() != row.browser or not _same_code(row, typed, key):
        return False
    if row.supporter:
        finish(table, row.supporter)
    return True


def _refused() -> Conflict:
    return Conflict(
        "This gift cannot be moved to another address here: another browser paid, more than a day ago, it was moved "
        "already, or its address is somebody's who signs in with it. Please write to the newsroom.",
        code="claim_refused",
    )


def _was_proven(table: Table, profile: Profile, state: State, email_key: str, now: RealTime) -> bool:
    """Whether anybody ever signed in with this address; of earlier releases other traces say it."""
    if profile.proven_at is not None or state.epoch or state.customers:
        return True
    return bool(profile.email and proven.places(table, supporters.email_hash(profile.email, email_key), now))


def _gave_more(table: Table, row: Checkout, state: State, stripe: Stripe) -> bool:
    """Whether the gift's customer at Stripe gave anything else: then it is somebody's own.

    Entries do not name their customer, and there are hardly ever any others: Stripe is asked about each.
    """
    if any(gift.customer == row.customer and gift.id != row.subscription for gift in state.standing.recurring):
        return True
    others = _others(table, row, state)
    if len(others) > _MOST_OTHERS:
        return True
    return any(customer_of(gift, stripe) == row.customer for gift in others)


def _others(table: Table, row: Checkout, state: State) -> list[str]:
    """One-off gifts under the same address, but the one that is claimed."""
    found = [one.entry.movement for one in ledger.entries_of(table, state.id) if isinstance(one, StoredEntry)]
    return [one.id for one in found if one.kind == "gift" and not one.recurring and one.id != row.movement]


def _mark(checkout_id: str, typed: str, email_key: str) -> str:
    return ids.keyed_hash(email_key, f"claimed:{checkout_id}:{typed_code.plain_code(typed)}")


def _same_code(row: Checkout, typed: str, email_key: str) -> bool:
    return hmac.compare_digest(row.claimed or "", _mark(row.id, typed, email_key))


def _claimed(
    table: Table,
    found: Claimable,
    asked: Correction,
    mark: str,
    mail_sender: MailSender,
    *,
    now: BusinessTime,
    real_now: RealTime,
) -> tuple[str, ...]:
    """The transaction; answers the mails that it put in the outbox."""
    key, source = mail_sender.email_key, found.state.id

    def plan() -> tuple[Sequence[Change], _Done]:
        before, profile = supporters.read_state(table, source), supporters.read_profile(table, source)
        if profile is None or _was_proven(table, profile, before, key, real_now):
            raise _refused()
        row = checkouts.read(table, found.checkout.id)
        if row is None or row.claimed or not corrections.waits(table, asked, real_now):
            raise over()
        owner = supporters.find_by_email(table, asked.email, key)
        into = owner or SupporterId(ids.new_id())
        after = supporters.read_state(table, into)
        if into == source or after.moved_to or after.erased is not None:
            raise over()
        gift = gift_of(table, before, found.checkout)
        taken, left = split(before.standing, gift.movements, found.checkout.subscription)
        emptied = not left_over(table, replace(before, standing=left), gift)
        undo, mails = _letters(profile, found, gift, source, into, now)
        changes: list[Change] = [
            corrections.use(asked, real_now),
            checkouts.claimed(found.checkout, into, after.epoch, mark),
            supporters.save_state(replace(after, standing=merged(after.standing, taken))),
            supporters.save_state(_left(before, left, into, emptied=emptied)),
            *_record(owner, into, asked.email, profile, now, key),
            *_former(table, source, profile, key, emptied=emptied),
            *moved_rows(table, gift, source, into),
            history.line(
                into,
                now,
                [CLAIMED, *([JOINED] if emptied else [])],
                joined=source if emptied else None,
                was=hash_of(profile.email, key) or None,
                checkout=found.checkout.id,
                customer=found.checkout.customer,
            ),
            *([undos.put(undo, hash_of(profile.email, key))] if undo else []),
            *(mail_put(mail, into, to, now) for mail, to in mails),
        ]
        traces = moved_traces(table, gift, source, into)
        if not room_for(changes, traces):
            raise _refused()  # a gift of a day of which so much is told is for a person to look at
        changes += [change for group in traces for change in group]
        return changes, _Done(into if emptied else None, tuple(mail.id for mail, _ in mails))

    done = swapped(table, plan)
    if done.joined_to:
        finish(table, done.joined_to)
    return done.mails


@dataclass(frozen=True)
class _Done:
    """A claim that was made: its mails, and to whom the former record was joined, as nothing was left of it."""

    joined_to: SupporterId | None
    mails: tuple[str, ...]


def _left(before: State, left: Standing, into: SupporterId, *, emptied: bool) -> State:
    if not emptied:
        return replace(before, standing=left)
    return State(before.id, before.version, before.epoch + 1, moved_to=into)


def _record(
    owner: SupporterId | None, into: SupporterId, email: EmailAddress, profile: Profile, now: BusinessTime, key: str
) -> list[Change]:
    """The new supporter's rows, where nobody has the address yet; it is proven by the code."""
    if owner:
        return []
    return supporters.new_supporter(into, Profile(email, profile.language, now, proven_at=now), key)


def _former(table: Table, source: SupporterId, profile: Profile, key: str, *, emptied: bool) -> list[Change]:
    """The former record's profile: still unproven, and gone where nothing is left of the record."""
    unproven = (Condition("email", "=", profile.email), Condition("proven_at", "absent"))
    if not emptied:
        return [holds(keys.profile(source), *unproven)]
    return [Delete(keys.profile(source), (*EXISTING, *unproven)), *free_address(table, profile.email, source, key)]


def _letters(
    profile: Profile, found: Claimable, gift: Moving, source: SupporterId, into: SupporterId, now: BusinessTime
) -> tuple[Undo | None, list[tuple[MailToSend, Profile | None]]]:
    """What the former address gets, with its undo, and the receipt that went there for the new one."""
    mails: list[tuple[MailToSend, Profile | None]] = [(receipt, None) for receipt in gift.receipts]
    if not email_address.usable(profile.email):
        return None, mails
    facts = {
        "was": profile.email,
        "language": profile.language,
        "source": source,
        "checkout": found.checkout.id,
        "given_at": gift.given_at,
    }
    undo = Undo(into, ids.new_id(), KIND, BusinessTime(now + UNDONE_FOR), facts)
    letter = MailToSend(f"{undo.id}:claimed", "gift_claimed", {"given_at": gift.given_at, "undo": undo.id})
    return undo, [*mails, (letter, profile)]
