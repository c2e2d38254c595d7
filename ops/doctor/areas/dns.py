"""The sender's domain in DNS: SPF, DKIM and DMARC, as the mailbox providers look them up."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import dns.resolver

from chalicelib.http.sites import registrable
from chalicelib.newsroom import sender
from ops.doctor.areas.mail import LOCAL, unless_missing
from ops.doctor.areas.newsroom import read_newsroom
from ops.doctor.findings import Finding, note, ok, problem, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import NotThere, Subject

# (name, type) -> the records' texts; empty for a name that does not exist. Raises `DNSException` without an answer.
Look = Callable[[str, str], list[str]]
_SECONDS = 6


@dataclass(frozen=True)
class Facts:
    """Records as found. `dkim` maps a name to the targets found and the one wanted; MAIL FROM is optional."""

    domain: str
    region: str
    spf: tuple[str, ...]
    dmarc: tuple[str, ...]
    dkim: Mapping[str, tuple[tuple[str, ...], str]]
    mail_from: str = ""
    mail_from_mx: tuple[str, ...] = ()
    mail_from_spf: tuple[str, ...] = ()


def resolver(nameservers: list[str] | None = None, port: int = 53) -> Look:
    """The machine's own resolver, or another one."""
    asking = dns.resolver.Resolver(configure=nameservers is None)
    if nameservers is not None:
        asking.nameservers, asking.port = list(nameservers), port
    asking.lifetime = _SECONDS

    def look(name: str, kind: str) -> list[str]:
        try:
            answer = asking.resolve(name, kind, raise_on_no_answer=False)
        except dns.resolver.NXDOMAIN:
            return []
        return [_text(one) for one in answer.rrset or ()]

    return look


def _text(record: Any) -> str:
    """A TXT record's text: its pieces joined without a blank, RFC 7208, 3.3."""
    strings = getattr(record, "strings", None)
    return b"".join(strings).decode("utf-8", "replace") if strings else str(record.to_text()).rstrip(".")


def gather(subject: Subject) -> Facts:
    """Look up the records of the newsroom's sender."""
    newsroom = read_newsroom(subject).newsroom
    name = subject.parameters.get("MailIdentity", "")
    address = sender.read(newsroom.mail_from).address if newsroom else name
    domain = (address or name).rpartition("@")[2]
    if not domain:
        raise NotThere("no sender is set")
    ses = subject.aws("sesv2")
    asked = name and "@" not in name
    identity = (unless_missing(lambda: ses.get_email_identity(EmailIdentity=name)) if asked else None) or {}
    return looked_up(resolver(), domain, subject.region or "", name, identity)


def looked_up(look: Look, domain: str, region: str, identity_name: str, identity: Mapping[str, Any]) -> Facts:
    """Look up the records with any resolver. `identity`: SES's description, with DKIM tokens and MAIL FROM domain."""
    dkim = {}
    for token in identity.get("DkimAttributes", {}).get("Tokens") or []:
        name = f"{token}._domainkey.{identity_name}"
        dkim[name] = (tuple(look(name, "CNAME")), f"{token}.dkim.amazonses.com")
    where = identity.get("MailFromAttributes", {}).get("MailFromDomain") or ""
    dmarc = _starting(look(f"_dmarc.{domain}", "TXT"), "v=dmarc1")
    above = registrable(domain)
    if not dmarc and above and above != domain:
        dmarc = _starting(look(f"_dmarc.{above}", "TXT"), "v=dmarc1")  # RFC 7489, 6.6.3
    return Facts(
        domain=domain,
        region=region,
        spf=_starting(look(domain, "TXT"), "v=spf1"),
        dmarc=dmarc,
        dkim=dkim,
        mail_from=where,
        mail_from_mx=tuple(look(where, "MX")) if where else (),
        mail_from_spf=_starting(look(where, "TXT"), "v=spf1") if where else (),
    )


def _starting(texts: Iterable[str], with_what: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text.strip().lower().startswith(with_what))


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Report records that are missing or wrong, by which a sign-in mail lands in the spam folder, or nowhere."""
    found = [*_spf(facts), *_dkim(facts), *_dmarc(facts)]
    yield from found
    if not any(one.level in ("problem", "warning") for one in found):
        yield ok("dns", f"SPF, DKIM and DMARC of {facts.domain} are in order.")


def _spf(facts: Facts) -> Iterable[Finding]:
    if len(facts.spf) > 1:
        says = f"{facts.domain} has {len(facts.spf)} SPF records: with more than one, none counts."
        yield problem("dns_spf_several", says, "Join them into one TXT record that begins with v=spf1.")
    if facts.mail_from:
        expected = f"feedback-smtp.{facts.region}.amazonses.com"
        if not any(expected in one for one in facts.mail_from_mx):
            says = f"The MAIL FROM domain {facts.mail_from} has no MX record to {expected}."
            yield warning("dns_mail_from_mx", says, f"{facts.mail_from}  MX  10 {expected}")
        if not any("include:amazonses.com" in one.lower() for one in facts.mail_from_spf):
            says = f"SPF of {facts.mail_from} does not name Amazon SES."
            yield warning("dns_spf", says, f'{facts.mail_from}  TXT  "v=spf1 include:amazonses.com ~all"')
    elif not any("include:amazonses.com" in one.lower() for one in facts.spf):
        yield note(
            "dns_spf_of_ses",
            f"SPF does not speak for {facts.domain}: mails pass by DKIM alone, which is enough for most providers.",
            f"A MAIL FROM domain (bounce.{facts.domain}) at SES mends it; `ops setup` prints its two records.",
        )


def _dkim(facts: Facts) -> Iterable[Finding]:
    wrong = {
        name: (found, wanted)
        for name, (found, wanted) in facts.dkim.items()
        if wanted not in [one.lower().rstrip(".") for one in found]
    }
    if wrong:
        elsewhere = sum(bool(found) for found, _ in wrong.values())
        says = f"{len(wrong)} of {len(facts.dkim)} DKIM records of {facts.domain} are missing"
        says += f" ({elsewhere} lead elsewhere)." if elsewhere else "."
        records = [f"{name}  CNAME  {wanted}" for name, (_, wanted) in wrong.items()]
        yield problem("dns_dkim", says, "\n".join(["Put into your DNS:", *records]))


def _dmarc(facts: Facts) -> Iterable[Finding]:
    record = f'_dmarc.{facts.domain}  TXT  "v=DMARC1; p=none; rua=mailto:you@{facts.domain}"'
    if not facts.dmarc:
        says = f"{facts.domain} has no DMARC record: Gmail and others distrust its mail."
        yield warning("dns_dmarc", says, f"Begin with one that only reports:\n{record}")
        return
    if len(facts.dmarc) > 1:
        says = f"{facts.domain} has {len(facts.dmarc)} DMARC records: with more than one, none counts."
        yield problem("dns_dmarc_several", says, "Keep one.")
        return
    tags = {
        part.partition("=")[0].strip().lower(): part.partition("=")[2].strip().lower()
        for part in facts.dmarc[0].split(";")
    }
    policy = tags.get("p")
    if policy not in ("none", "quarantine", "reject"):
        yield problem("dns_dmarc_wrong", f"The DMARC record of {facts.domain} has no valid policy.", record)
    elif policy == "none":
        says = f"DMARC of {facts.domain} only reports (p=none): others can send in your name."
        yield note("dns_dmarc_none", says, "When the reports show only your own senders: p=quarantine.")


PROBES = (Probe("dns", "SPF, DKIM and DMARC", gather, check, not_local=LOCAL),)
