"""The stage's own settings: its name, its addresses, who gets alarms; checked by the app's own checks."""

import re
from collections.abc import Mapping
from secrets import token_urlsafe
from urllib.parse import urlsplit

import click

from chalicelib import settings
from chalicelib.kernel import email_address
from chalicelib.kernel.ids import IDENTIFIER
from chalicelib.settings import SettingsWrong
from infra.template.alarm_list import STAGE
from infra.template.parameters import parameters
from ops.setup.asking import Check
from ops.setup.connections import Connections

_SITE_ID = "SiteId"
_CLOUDFRONT = {
    "SiteDomainName": "The site's domain name, such as news.example",
    "SiteOriginDomain": "Where the site itself is served from, such as origin.news.example",
    "SiteCertificateArn": "The certificate's ARN (ACM in us-east-1)",
}
_OWN_DOMAIN = {
    "ApiDomainName": "The API's own domain name, such as api.news.example",
    "ApiCertificateArn": "Its certificate's ARN (ACM in this region)",
}


def ask_stage(connections: Connections, sender: str) -> None:
    """Ask for what the stage file holds; `sender` is the newsroom's mail_from, for a proposal. Writes the file."""
    connections.journal.heading("The stage")
    known, ask, say = connections.stage.parameters, connections.ask, connections.explain
    answers = {_SITE_ID: _site_id(connections)}
    say("Where readers reach the API. Best below your own site, such as https://news.example/support: cookies of")
    say("another host are cut short by Safari. It may answer only later; see docs/same-origin.md.")
    url = ask.text("Public address", known.get("PublicUrl", ""), check=_https)
    answers["PublicUrl"] = url
    own = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    say("The websites that may call it, separated by commas.")
    answers["SiteOrigins"] = ask.text("Websites' origins", known.get("SiteOrigins", own), check=_origins)
    say("What mails are sent from: a domain (best; DNS records follow below), or one address.")
    proposed = known.get("MailIdentity") or sender.partition("@")[2]
    answers["MailIdentity"] = ask.text("Domain or address at SES", proposed, check=_mail_identity)
    if connections.stage.name == STAGE:  # another has no alarms (docs/decisions/0107)
        say("Who is told by mail when something is wrong. AWS asks them once to confirm.")
        answers["AlarmEmail"] = ask.text("Alarms go to", known.get("AlarmEmail", ""), check=_address, optional=True)
    say("Only if this stack shall bring a CloudFront distribution of its own for site and API:")
    answers |= _group(connections, "Put CloudFront before your site?", _CLOUDFRONT, _site_of(url))
    answers |= _group(connections, "Give the API a domain of its own?", _OWN_DOMAIN)
    answers["Firewall"] = _firewall(connections, answers)
    if not known.get(_SITE_ID):
        answers["Api"] = "http"  # the REST API is for who came before it (docs/moving-to-the-http-api.md)
    before = len(connections.journal.changed)
    connections.keep(**answers)
    if len(connections.journal.changed) == before:
        connections.journal.right(
            f"stages/{connections.stage.name}.toml says where this stage is and how it is reached"
        )


def _site_id(connections: Connections) -> str:
    known = connections.stage.parameters.get(_SITE_ID, "")
    if known:
        # Objects at Stripe carry it as their mark: under another one they would be foreign.
        connections.journal.right(f"the site id is '{known}'; it never changes")
        return known
    connections.explain("A short name that marks your objects at Stripe, such as 'herald'. It can never be changed.")
    return connections.ask.text("Site id", check=_name)


def _group(
    connections: Connections, question: str, names: dict[str, str], check_first: Check | None = None
) -> dict[str, str]:
    """Ask questions that belong together: all are answered, or none."""
    known = connections.stage.parameters
    there = any(known.get(name) for name in names)
    if not connections.ask.yes(question, proposed=there):
        return dict.fromkeys(names, "")
    answers: dict[str, str] = {}
    for number, (name, words) in enumerate(names.items()):
        check = check_first if check_first and not number else _as_the_template_takes(name, answers)
        answers[name] = connections.ask.text(words, known.get(name, ""), check=check)
    return answers


def _firewall(connections: Connections, answers: Mapping[str, str]) -> str:
    """Ask for a firewall, unless a server of one's own limits calls by address before the API, as its recipe does."""
    known = connections.stage.parameters.get("Firewall", "")
    if not (answers["SiteDomainName"] or answers["ApiDomainName"]):
        return known
    connections.explain(
        "One machine that calls without end closes the API for everybody. A firewall stops it, for 7 USD a"
    )
    connections.explain(
        "month and 0.60 USD a million calls; without one, an alarm tells you, and you can turn it on then."
    )
    return "on" if connections.ask.yes("Put AWS's firewall before the API?", proposed=known == "on") else ""


def _site_of(url: str) -> Check:
    """A check that the API is one word below the site, as one distribution serves both: https://news.example/support."""

    def check(answer: str) -> str:
        parts = urlsplit(url)
        if parts.netloc != answer or not parts.path.strip("/") or "/" in parts.path.strip("/"):
            raise click.BadParameter(f"The public address is {url}: it has to be https://{answer}/<one word> then.")
        return answer

    return check


def _as_the_template_takes(name: str, before: Mapping[str, str]) -> Check:
    """A check that refuses what CloudFormation would, before the upload; `before`: the group's answers so far."""

    def check(answer: str) -> str:
        if not answer or not re.fullmatch(parameters("prod")[name]["AllowedPattern"], answer):
            example = "arn:aws:acm:REGION:ACCOUNT:certificate/ID" if name.endswith("Arn") else "origin.news.example"
            raise click.BadParameter(f"Write it as in {example}.")
        if name == "SiteOriginDomain" and answer == before.get("SiteDomainName"):
            raise click.BadParameter("CloudFront would ask itself for ever. Give the site's server another name.")
        return answer

    return check


def _name(answer: str) -> str:
    if not IDENTIFIER.fullmatch(answer) or answer == "demo":
        raise click.BadParameter("Write Latin letters, digits and dashes; not 'demo', which is the local stack's.")
    return answer.lower()


def _checked(**values: str) -> settings.Settings:
    """Run the app's own checks on these settings, beside others that are right."""
    environ = {
        "SPILNO_STAGE": "dev",
        "SPILNO_SITE_ID": "x",
        "SPILNO_PUBLIC_URL": "https://x.example",
        "SPILNO_TABLE": "x",
        "SPILNO_PASS_KEYS": f"x:{token_urlsafe(32)}",
    }
    try:
        return settings.from_environment(environ | values)
    except SettingsWrong as error:
        raise click.BadParameter(str(error)) from None


def _https(answer: str) -> str:
    url = _checked(SPILNO_PUBLIC_URL=answer).public_url
    if urlsplit(url).scheme != "https":
        raise click.BadParameter("Write an address that begins with https://. Cookies need it.")
    return url


def _origins(answer: str) -> str:
    origins = _checked(SPILNO_SITE_ORIGINS=answer).site_origins
    if not origins:
        raise click.BadParameter("Write at least one, such as https://news.example.")
    return ",".join(origins)


def _address(answer: str) -> str:
    address = email_address.usable(answer)
    if address is None:
        raise click.BadParameter("Write an address such as dev@news.example.")
    return address


def _mail_identity(answer: str) -> str:
    if "@" in answer:
        return _address(answer)
    domain = email_address.host(answer)
    if domain is None:
        raise click.BadParameter("Write a domain such as news.example, or an address.")
    return domain
