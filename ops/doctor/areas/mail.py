"""Amazon SES: whether we may send, for whom and how much, and whether bounces come back to us."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.newsroom import sender
from ops.doctor.areas.newsroom import read_newsroom
from ops.doctor.findings import Finding, listing, note, ok, problem, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject

_NEARLY = 80  # percent of the day's quota
_HEARD = frozenset({"BOUNCE", "COMPLAINT"})
LOCAL = "mails of the local stack go nowhere but into its mailbox"


@dataclass(frozen=True)
class Facts:
    """SES's descriptions; `identity` and `destinations` are None where SES has none of that name."""

    stage: str
    region: str
    name: str
    sender: str
    account: Mapping[str, Any]
    identity: Mapping[str, Any] | None
    set_name: str
    destinations: Sequence[Mapping[str, Any]] | None


def gather(subject: Subject) -> Facts:
    """Read SES's descriptions of the account, the identity and the configuration set."""
    ses, name = subject.aws("sesv2"), subject.parameters.get("MailIdentity", "")
    set_name = f"spilno-{subject.stage}"
    newsroom = read_newsroom(subject).newsroom
    listed = unless_missing(
        lambda: ses.get_configuration_set_event_destinations(ConfigurationSetName=set_name)["EventDestinations"]
    )
    return Facts(
        stage=subject.stage,
        region=subject.region or "",
        name=name,
        sender=sender.read(newsroom.mail_from).address if newsroom else "",
        account=ses.get_account(),
        identity=unless_missing(lambda: ses.get_email_identity(EmailIdentity=name)) if name else None,
        set_name=set_name,
        destinations=listed,
    )


def unless_missing(asked: Callable[[], Any]) -> Any:
    """SES's answer; None for a name that it does not know."""
    try:
        return asked()
    except ClientError as error:
        if error.response["Error"]["Code"] != "NotFoundException":
            raise
        return None


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Judge whether mails go out and bounces come back: without mail nobody signs in."""
    found = [*_identity(facts), *_account(facts), *_feedback(facts)]
    yield from found or [ok("mail", f"Amazon SES sends as {facts.sender or facts.name}, and bounces come back.")]


def _identity(facts: Facts) -> Iterable[Finding]:
    setup = f"python -m ops setup --stage {facts.stage} makes it and prints the DNS records."
    if facts.identity is None:
        says = f"SES in {facts.region} does not know '{facts.name}'." if facts.name else "No MailIdentity is set."
        yield problem("mail_identity_missing", says, setup)
        return
    if not facts.identity.get("VerifiedForSendingStatus", False):
        yield problem("mail_unverified", f"{facts.name} is not verified at SES: no mail leaves.", _records(facts))
    elif "@" not in facts.name:
        yield from _signed(facts)
    domain = facts.sender.rpartition("@")[2]
    covered = facts.name.lower() in (facts.sender.lower(), domain.lower()) or domain.lower().endswith(
        f".{facts.name.lower()}"
    )
    if facts.sender and facts.name and not covered:
        yield problem(
            "mail_sender",
            f"The newsroom sends as {facts.sender}, but SES is set up for {facts.name}: it refuses every mail.",
            "Correct mail_from in newsroom.toml, or MailIdentity in the stage file.",
        )
    from_status = facts.identity.get("MailFromAttributes", {}).get("MailFromDomainStatus")
    if from_status and from_status != "SUCCESS":
        where = facts.identity["MailFromAttributes"].get("MailFromDomain", "")
        yield warning(
            "mail_from_domain",
            f"The MAIL FROM domain {where} is {from_status}: SPF does not speak for your domain.",
            f"Two records at {where}:\nMX   10 feedback-smtp.{facts.region}.amazonses.com\n"
            'TXT  "v=spf1 include:amazonses.com ~all"',
        )


def _signed(facts: Facts) -> Iterable[Finding]:
    dkim = (facts.identity or {}).get("DkimAttributes", {})
    if not dkim.get("SigningEnabled", False) or dkim.get("Status") != "SUCCESS":
        says = f"Mails of {facts.name} carry no valid DKIM signature ({dkim.get('Status', 'not set up')})."
        yield problem("mail_dkim", f"{says} Many providers refuse them.", _records(facts))


def _records(facts: Facts) -> str:
    tokens = (facts.identity or {}).get("DkimAttributes", {}).get("Tokens") or []
    if not tokens:
        return "Press the link in SES's verification mail; `ops setup` sends it again."
    rows = [f"{token}._domainkey.{facts.name}  CNAME  {token}.dkim.amazonses.com" for token in tokens]
    return "\n".join(["Put these records into your DNS; SES sees them within hours:", *rows])


def _account(facts: Facts) -> Iterable[Finding]:
    account, quota = facts.account, facts.account.get("SendQuota", {})
    console = f"https://{facts.region}.console.aws.amazon.com/ses/home?region={facts.region}#/account"
    if not account.get("SendingEnabled", True) or account.get("EnforcementStatus") == "SHUTDOWN":
        yield problem(
            "mail_stopped", "AWS has stopped this account's mail.", f"Read and answer AWS's mail: {console}"
        )
    elif account.get("EnforcementStatus") == "PROBATION":
        says = "AWS is about to stop this account's mail: too many bounces or complaints."
        yield problem("mail_probation", says, f"Read and answer AWS's mail: {console}")
    if not account.get("ProductionAccessEnabled", False):
        says = "SES is still in its sandbox: only verified addresses get mail, so no reader can sign in."
        # In the sandbox AWS asks for permission on the recipient's identity, too; the roles have it for the sender's.
        # https://github.com/cloudposse/terraform-aws-ses/issues/40, https://github.com/aws/aws-sdk-js/issues/3641
        mend = (
            f"Ask for production access (free, about a day): {console}\n"
            "Until then try with an address at the sender's own domain: to others the functions may not send."
        )
        yield problem("mail_sandbox", says, mend) if facts.stage == "prod" else note("mail_sandbox", says, mend)
    most, sent = quota.get("Max24HourSend", 0), quota.get("SentLast24Hours", 0)
    if most > 0 and sent * 100 >= most * _NEARLY:
        says = f"{sent:.0f} of {most:.0f} mails of the last 24 hours' quota are used."
        yield warning("mail_quota", says, f"Ask for a higher quota: {console}")


def _feedback(facts: Facts) -> Iterable[Finding]:
    deploy = f"python -m ops deploy --stage {facts.stage} makes it."
    if facts.destinations is None:
        says = f"SES has no configuration set {facts.set_name}: every mail is refused."
        yield problem("mail_set_missing", says, deploy)
        return
    heard = {
        kind
        for one in facts.destinations
        if one.get("Enabled") and one.get("SnsDestination")
        for kind in one["MatchingEventTypes"]
    }
    if lacking := sorted(_HEARD - heard):
        says = f"Nobody hears of {listing([kind.lower() + 's' for kind in lacking])}: AWS stops senders who go on."
        yield problem("mail_feedback", says, deploy)


PROBES = (Probe("mail", "Amazon SES", gather, check, not_local=LOCAL),)
