"""Ask to sign in: mail a code and a link, and remember which browser asked.

Any address may sign in, so what happens does not depend on whether we know it. The mail goes out at once and not
through the outbox: a code lives ten minutes.
"""

import dataclasses
from dataclasses import dataclass

from chalicelib.actions.limits import check_rate, network
from chalicelib.actions.mail_stopped import tell_once
from chalicelib.domain import ids, typed_code
from chalicelib.domain.browser import Started, new_browser
from chalicelib.domain.email_address import EmailAddress
from chalicelib.domain.errors import TooMany
from chalicelib.domain.newsroom import Newsroom
from chalicelib.letters import Letterhead, compose
from chalicelib.log import log
from chalicelib.mails import SignInMail
from chalicelib.ports import Mailer, MailRefused, MailStopped
from chalicelib.store import rate, sign_ins, supporters, suppressed
from chalicelib.store.sign_ins import SignIn
from chalicelib.store.table import Table

_HOUR = 3600


@dataclass(frozen=True)
class Desk:
    """What asking needs from outside. `public_url` has no trailing slash."""

    table: Table
    mailer: Mailer
    newsroom: Newsroom
    email_key: str
    public_url: str
    livemode: bool


@dataclass(frozen=True)
class Asking:
    """Who asks. `return_to` is checked by the caller; `client` is the caller's address, None where no limit applies.

    `browser` is what the pending cookie says, if there is one.
    """

    email: EmailAddress
    language: str
    return_to: str | None = None
    browser: Started | None = None
    client: str | None = None


def ask_sign_in(asking: Asking, desk: Desk, *, now: int) -> Started:
    """Mail a code and a link; answers what the asking browser's pending cookie must hold from now on.

    Too many mails to one address, or one that mail came back from for good: silently none, and the same answer after
    the same time. `now` in real seconds.

    :raises TooMany: `too_many_sign_ins`, by client address.
    :raises MailUnavailable: the mail service did not take it.
    """
    if asking.client is not None:
        limit = desk.newsroom.limits.sign_ins
        check_rate(desk.table, "sign_ins", asking.client, limit=limit, key=desk.email_key, now=now)
    browser = asking.browser or new_browser()
    code, secret = ids.new_code(), ids.new_secret()
    request = SignIn(
        id=ids.new_id(),
        email=asking.email,
        language=desk.newsroom.language(asking.language),
        code="",
        link=ids.fingerprint(secret),
        browser=browser.fingerprint(),
        expires=now + sign_ins.LIFE,
        return_to=asking.return_to,
    )
    request = dataclasses.replace(request, code=code_hash(code, request.id, desk.email_key))
    may_mail = _may_mail(asking, request.email, desk, now)
    # Asked for every address, so that the way there is the same, too.
    held = suppressed.read(desk.table, supporters.email_hash(request.email, desk.email_key))
    sign_ins.put(desk.table, request)
    mail = _mailed(request, code, f"{request.id}.{secret}", desk)
    if may_mail and held is None:
        _send(mail, desk, now)
    else:
        desk.mailer.pretend()
    log.info("sign-in asked", mail="held_back" if held else "sent" if may_mail else "too_many")
    return browser.plus(request.id)


def code_hash(code: str, request_id: str, key: str) -> str:
    """What we keep of a code. Forty bits can be searched, so the hash is keyed, and differs for every request."""
    return ids.keyed_hash(key, f"{request_id}:{typed_code.plain_code(code)}")


def _may_mail(asking: Asking, email: EmailAddress, desk: Desk, now: int) -> bool:
    """Whether one more mail may go to this address.

    One asker gets so many an hour, all together four times that: a stranger who asks in somebody's name shall not use
    up what the owner needs. The mail after a payment has a budget of its own, as nobody can cause it for free.
    """
    most, address = desk.newsroom.limits.mails_per_address_and_hour, supporters.email_hash(email, desk.email_key)[:32]
    budgets = [("welcomes", address, most)]
    if asking.client is not None:
        asker = ids.keyed_hash(desk.email_key, f"{email} {network(asking.client)}")[:32]
        budgets = [("mails_from", asker, most), ("mails", address, 4 * most)]
    try:
        for scope, who, limit in budgets:
            rate.take(desk.table, scope, who, limit, _HOUR, now)
    except TooMany:
        return False
    return True


def _mailed(request: SignIn, code: str, token: str, desk: Desk) -> dict[str, str]:
    """The mail, as the mailer takes it. Written for every address alike: it takes time."""
    letterhead = Letterhead.of(
        desk.newsroom, lang=request.language, public_url=desk.public_url, livemode=desk.livemode
    )
    mail = SignInMail(code=code, link=f"{desk.public_url}/v1/sign-in/{token}", minutes=sign_ins.LIFE // 60)
    composed = compose(mail, letterhead)
    return {
        "sender": desk.newsroom.mail_from,
        "to": request.email,
        "subject": composed.subject,
        "text": composed.text,
        "html": composed.html,
        # Not the request's own identifier: that stands in the link, and a message's name is shown to many.
        "message_id": f"sign-in-{ids.new_id()}",
        "kind": mail.kind,
    }


def _send(mail: dict[str, str], desk: Desk, now: int) -> None:
    try:
        desk.mailer.send(**mail)
    except MailStopped as error:
        tell_once(desk.table, error, now)
        raise
    except MailRefused as error:
        # Nobody has this address, and that is nothing to tell whoever typed it.
        log.info("mail refused", kind="sign_in", why=error.code)
