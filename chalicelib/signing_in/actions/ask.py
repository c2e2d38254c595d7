"""Ask to sign in: mail a code and a link, and remember which browser asked.

Any address may sign in, so what happens does not depend on whether we know it. The mail goes out at once and not
through the outbox: a code lives ten minutes.
"""

import dataclasses
from dataclasses import dataclass

from chalicelib.kernel import ids
from chalicelib.kernel.browser import Started, new_browser
from chalicelib.kernel.email_address import EmailAddress
from chalicelib.kernel.moments import RealTime
from chalicelib.mail.actions.budget import MailRequester
from chalicelib.mail.actions.send import MailSender
from chalicelib.mail.rules.mails import SignInMail
from chalicelib.observing import metrics
from chalicelib.observing.log import log
from chalicelib.signing_in.actions.code_mail import admitted, mail_code
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
    seen = admitted(asker, mail_sender, now)
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
    sign_ins.put(mail_sender.table, request, seen.hashed)
    link = f"{mail_sender.public_url}/v1/sign-in/{request.id}.{secret}"
    mail = SignInMail(code=code, link=link, minutes=sign_ins.LIFE // 60)
    mailed = mail_code(asker, seen, mail, request.language, mail_sender, now=now)
    to_new = mailed in ("sent", "refused") and not seen.seen
    counts = metrics.abuse("sign_in", *(["sign_in_to_stranger"] if to_new else []))
    log.info("sign-in asked", counts=counts, mail="sent" if mailed == "refused" else mailed)
    return browser.plus(request.id)


def code_hash(code: str, request_id: str, key: str) -> str:
    """The hash of a code, as stored. Forty bits can be searched, so it is keyed, and differs for every request."""
    return ids.keyed_hash(key, f"{request_id}:{typed_code.plain_code(code)}")
