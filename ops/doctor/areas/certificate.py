"""The certificate of the API's public address: whether browsers take it, and whether it ends soon."""

import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from ops.doctor.findings import Finding, ok, problem, span, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import NotThere, Subject

_SECONDS = 5
SOON = 14 * 86_400  # seconds; AWS renews 60 days ahead, certbot 30
_REFUSED = "Renew the certificate at your host, or look at it in AWS Certificate Manager."


@dataclass(frozen=True)
class Facts:
    """Until when the certificate is valid (seconds, UTC), or why browsers refuse it."""

    host: str
    until: int = 0
    refused: str = ""


def gather(subject: Subject) -> Facts:
    """Fetch the certificate that browsers get at the public address."""
    parts = urlsplit(subject.public_url)
    if parts.scheme != "https":
        raise NotThere("PublicUrl is not https, see above")
    return shown_at(parts.hostname or "", parts.port or 443, ssl.create_default_context())


def shown_at(host: str, port: int, context: ssl.SSLContext) -> Facts:
    """Fetch the certificate that a server presents for this name.

    :raises OSError: no answer.
    """
    try:
        with (
            socket.create_connection((host, port), timeout=_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host) as secured,
        ):
            shown = secured.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        return Facts(host, refused=error.verify_message)
    return Facts(host, until=int(ssl.cert_time_to_seconds(str(shown["notAfter"]))))


def check(facts: Facts, now: int) -> Iterable[Finding]:
    """Report a certificate that is refused, or ends within two weeks: time enough to find out who renews it."""
    left = facts.until - now
    if facts.refused:
        says = f"Browsers refuse the certificate of {facts.host}: {facts.refused.rstrip('.')}."
        yield problem("certificate_refused", says, _REFUSED)
    elif left < SOON:
        says = f"The certificate of {facts.host} ends in {span(max(0, left))}, and nobody has renewed it."
        yield warning("certificate_ends", says, _REFUSED)
    else:
        yield ok("certificate", f"The certificate of {facts.host} is good for {span(left)}.")


PROBES = (Probe("site", "the certificate", gather, check, not_local="the local stack speaks plain http"),)
