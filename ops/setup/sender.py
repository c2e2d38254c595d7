"""Amazon SES: the identity that mails are sent from, its DNS records, and whether SES still keeps us in its sandbox.

Nothing fails for an identity that is not verified yet: records take hours to be seen, and the stack can be deployed
meanwhile.
"""

from typing import Any

from botocore.exceptions import ClientError

from ops.setup.connections import Connections
from ops.setup.outside import aws_code

_DKIM_ZONE = "dkim.amazonses.com"


def check_sender(connections: Connections, mail_from: str) -> None:
    """Create the identity, show its records, say what is missing. `mail_from` is the newsroom's bare address."""
    journal, identity = connections.journal, connections.stage.mail_identity
    journal.heading("Mails (Amazon SES)")
    ses = connections.aws("sesv2")
    found = _identity(ses, identity)
    is_domain = "@" not in identity
    if found is None:
        more: dict[str, Any] = (
            {"DkimSigningAttributes": {"NextSigningKeyLength": "RSA_2048_BIT"}} if is_domain else {}
        )
        journal.change(
            f"tell SES that mails come from {identity}",
            lambda: ses.create_email_identity(EmailIdentity=identity, **more),
        )
        found = _identity(ses, identity) or {}
    if is_domain:
        _mail_from_domain(connections, ses, identity, found)
        _records(connections, identity, found)
    elif found.get("VerifiedForSendingStatus"):
        journal.right(f"{identity} is confirmed")
    elif found or journal.dry:
        journal.remains(f"SES has sent a mail to {identity}: press its link within 24 hours.")
    if not _covers(identity, mail_from):
        journal.remains(
            f"The newsroom's mail_from is {mail_from}, which {identity} does not cover: SES would refuse every\n"
            "mail. Change mail_from in newsroom.toml, or the identity in the stage file."
        )
    _sandbox(connections, ses)


def _identity(ses: Any, identity: str) -> dict[str, Any] | None:
    try:
        return dict(ses.get_email_identity(EmailIdentity=identity))
    except ClientError as error:
        if aws_code(error) == "NotFoundException":
            return None
        raise


def _covers(identity: str, address: str) -> bool:
    if "@" in identity:
        return identity.lower() == address.lower()
    domain = address.rpartition("@")[2].lower()
    return domain == identity or domain.endswith(f".{identity}")


def _mail_from_domain(connections: Connections, ses: Any, domain: str, found: dict[str, Any]) -> None:
    """Set a bounce address below our own domain, which aligns SPF, too. Until its MX is seen, SES uses its own."""
    if (found.get("MailFromAttributes") or {}).get("MailFromDomain"):
        return
    name = f"bounce.{domain}"
    try:
        connections.journal.change(
            f"let bounces come back to {name}",
            lambda: ses.put_email_identity_mail_from_attributes(
                EmailIdentity=domain, MailFromDomain=name, BehaviorOnMxFailure="USE_DEFAULT_VALUE"
            ),
        )
    except ClientError as error:
        # Optional: mails are sent with SES's own bounce address, too.
        connections.journal.remains(
            f"SES did not take {name} for bounces ({aws_code(error)}). Mails go out without it."
        )
        return
    found["MailFromAttributes"] = {"MailFromDomain": name, "MailFromDomainStatus": "PENDING"}


def _records(connections: Connections, domain: str, found: dict[str, Any]) -> None:
    journal, region = connections.journal, connections.stage.region
    dkim, mail_from = found.get("DkimAttributes") or {}, found.get("MailFromAttributes") or {}
    verified = bool(found.get("VerifiedForSendingStatus")) and dkim.get("Status") == "SUCCESS"
    bounces = mail_from.get("MailFromDomain", "")
    aligned = mail_from.get("MailFromDomainStatus") == "SUCCESS"
    if verified:
        journal.right(f"{domain} is verified; its mails are signed (DKIM)")
    if aligned:
        journal.right(f"bounces come back to {bounces} (SPF)")
    zone = dkim.get("SigningHostedZone") or _DKIM_ZONE
    rows = (
        [] if verified else [(f"{token}._domainkey.{domain}", "CNAME", f"{token}.{zone}") for token in _tokens(dkim)]
    )
    if bounces and not aligned:
        rows.append((bounces, "MX", f"10 feedback-smtp.{region}.amazonses.com"))
        rows.append((bounces, "TXT", '"v=spf1 include:amazonses.com ~all"'))
    if rows:
        if not verified:
            rows.append((f"_dmarc.{domain}", "TXT", '"v=DMARC1; p=none"'))
        width = max(len(name) for name, _, _ in rows)
        lines = "\n".join(f"{name.ljust(width)}  {kind:<5}  {value}" for name, kind, value in rows)
        note = (
            ""
            if verified
            else "\n(Leave _dmarc as it is if you have one. When all is well, raise p=none to p=quarantine.)"
        )
        journal.remains(
            f"Add these DNS records at your domain's provider; SES looks for them for 72 hours:\n{lines}{note}"
        )
    if not verified and not _tokens(dkim):
        journal.say("The records for DKIM are shown once SES knows the domain.")


def _tokens(dkim: dict[str, Any]) -> list[str]:
    return list(dkim.get("Tokens") or [])


def _sandbox(connections: Connections, ses: Any) -> None:
    account, journal = ses.get_account(), connections.journal
    if not account.get("SendingEnabled", True):
        journal.remains("SES has stopped this account's mails. Its console says why, under Account dashboard.")
    if account.get("ProductionAccessEnabled"):
        journal.right("SES delivers to everybody")
        return
    region = connections.stage.region
    journal.remains(
        "SES is in its sandbox: it delivers only to addresses that you confirmed. Ask for production access\n"
        "('Request production access'); it takes about a day:\n"
        f"https://{region}.console.aws.amazon.com/ses/home?region={region}#/account\n"
        "Mail type: transactional. Say: receipts and sign-in codes to readers who asked for them; addresses that\n"
        "bounce or complain are taken off by the stack itself."
    )
