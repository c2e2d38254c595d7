"""Ask to sign in: mail a code and a link, and remember which browser asked.

Any address may sign in, so what happens does not depend on whether we know it. The mail goes out at once and not
through the outbox: a code lives ten minutes.
"""

import dataclasses
from dataclasses import dataclass

from chalicelib.kernel import ids
from chalicelib.kernel.browser import Started, new_browser
from chalicelib.kernel.client_limits import check_rate
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.moments import RealTime
from chalicelib.mail.actions import budget as mail_budget
from chalicelib.mail.actions.budget import KnownAddress, MailRequester
from chalicelib.mail.actions.send import MailSender
from chalicelib.mail.actions.stopped import alarm_once
from chalicelib.mail.letters import Composed
from chalicelib.mail.port import MailRefused, MailStopped
from chalicelib.mail.rows import suppressed
from chalicelib.mail.rules.mails import SignInMail
from chalicelib.observing import metrics
from chalicelib.observing.log import log
from chalicelib.signing_in.rows import sign_ins
from chalicelib.signing_in.rows.sign_ins import PendingSignIn
from chalicelib.signing_in.rules import typed_code


@dataclass(frozen=True)
class SignInRequest:
    """Who asks to sign in, and what for. `return_to` was checked by the caller.

    `client` is the IP address, None where no limit applies. `browser` is what the pending cookie says, if there is
    one; `known` the fingerprint of a browser in which anybody signed in before. `unnamed`: the address is not shown.
    """

    email: EmailAddress
    language: str
    return_to: str | None = None
    browser: Started | None = None
    client: str | None = None
    known: str | None = None
    unnamed: bool = False


def ask_sign_in(asking: SignInRequest, mail_sender: MailSender, *, now: RealTime) -> Started:
    """Mail a code and a link; answers what the asking browser's pending cookie must hold from now on.

    Nothing is mailed to an address whose budget is used up, or that is suppressed; the answer and the time that it
    takes stay the same.

    :raises RateLimited: `sign_ins`, by the client's IP address.
    :raises MailUnavailable: the mail service did not take it.
    """
    asker = MailRequester(asking.email, asking.client, asking.known)
    seen = _admitted(asker, mail_sender, now)
    browser = asking.browser or new_browser()
    code, secret = ids.new_code(), ids.new_secret()
    request = PendingSignIn(
        id=ids.new_id(),
        email=asking.email,
        language=mail_sender.newsroom.language(asking.language),
        code="",
        link=ids.fingerprint(secret),
        browser=browser.fingerprint(),
        expires=RealTime(now + sign_ins.KEPT),
        until=RealTime(now + sign_ins.LIFE),
        return_to=asking.return_to,
        unnamed=asking.unnamed or None,
    )
    request = dataclasses.replace(request, code=code_hash(code, request.id, mail_sender.email_key))
    limits = mail_sender.newsroom.limits
    may_mail = mail_budget.may_mail(asker, seen, mail_sender.table, limits, key=mail_sender.email_key, now=now)
    # Read for every address, so that the time it takes says nothing about one.
    held = suppressed.read(mail_sender.table, seen.hashed)
    sign_ins.put(mail_sender.table, request, seen.hashed)
    link = f"{mail_sender.public_url}/v1/sign-in/{request.id}.{secret}"
    # Composed for every address, for the same reason: it takes time.
    composed = mail_sender.compose(SignInMail(code=code, link=link, minutes=sign_ins.LIFE // 60), request.language)
    if may_mail and held is None:
        _send(composed, request.email, mail_sender, now)
    else:
        mail_sender.mailer.pretend()
    mailed = "held_back" if held else "sent" if may_mail else "too_many"
    to_new = mailed == "sent" and not seen.seen
    counts = metrics.several("SignInsAsked", "SignInsToStrangers") if to_new else metrics.one("SignInsAsked")
    log.info("sign-in asked", counts=counts, mail=mailed)
    return browser.plus(request.id)


def _admitted(asker: MailRequester, mail_sender: MailSender, now: RealTime) -> KnownAddress:
    """What is known of the address, once the request is within its limit.

    Requests are counted by client; those of browsers that proved this very address, by address: others may share the
    client.

    :raises RateLimited: `sign_ins`.
    """

    def check(who: str) -> None:
        most = mail_sender.newsroom.limits.sign_ins
        check_rate(mail_sender.table, "sign_ins", who, limit=most, key=mail_sender.email_key, now=now)

    if asker.client is not None and asker.browser is None:
        check(asker.client)  # before anything is read, so that a flood costs little
    known = mail_budget.look(asker, mail_sender.table, key=mail_sender.email_key, now=now)
    if asker.client is not None and asker.browser is not None:
        here, *_ = asker.places(mail_sender.email_key)
        # By the address, not by the browser: many browsers of one person have this limit together.
        check(f"address {known.hashed}" if here in known.proven_in else asker.client)
    return known


def code_hash(code: str, request_id: str, key: str) -> str:
    """The hash of a code, as stored. Forty bits can be searched, so it is keyed, and differs for every request."""
    return ids.keyed_hash(key, f"{request_id}:{typed_code.plain_code(code)}")


def _send(composed: Composed, to: EmailAddress, mail_sender: MailSender, now: RealTime) -> None:
    try:
        # Not the request's own id: that stands in the link, and a Message-ID is seen by many.
        mail_sender.send(composed, to=to, message_id=f"sign-in-{ids.new_id()}", kind=SignInMail.kind)
    except MailStopped as error:
        alarm_once(mail_sender.table, error, now)
        raise
    except MailRefused as error:
        # There is no such address; whoever typed it must not learn that.
        log.info("mail refused", kind=SignInMail.kind, why=error.code)
