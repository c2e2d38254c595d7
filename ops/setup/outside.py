"""The two services that setup talks to: AWS, in one region, and Stripe, under one key."""

import os
import re
from dataclasses import dataclass, field
from typing import Any

import boto3
import stripe

from chalicelib.rails.stripe.port import API_VERSION

_PERMISSION = re.compile(r"rak_[a-z_]+")
_TIMEOUT = (3, 20)  # seconds to connect and to read


@dataclass
class Outside:
    """Makes the clients. Tests pass a session and an HTTP client that record requests."""

    session: Any = field(default_factory=boto3.Session)
    stripe_http: Any = None

    def aws(self, service: str, region: str) -> Any:
        """A boto3 client; boto3 itself reads its endpoint from the environment (AWS_ENDPOINT_URL)."""
        return self.session.client(service, region_name=region)

    def stripe(self, key: str) -> Any:
        """Stripe's v1 services under this key, of the version that the app pins."""
        base = os.environ.get("STRIPE_API_BASE", "").strip()
        client = stripe.StripeClient(
            key,
            stripe_version=API_VERSION,
            http_client=self.stripe_http or stripe.RequestsClient(timeout=_TIMEOUT),
            max_network_retries=2,
            base_addresses={"api": base} if base else {},
        )
        return client.v1


def stripe_said(error: stripe.StripeError) -> str:
    """A sentence on what went wrong that quotes no key: Stripe's own sentences may hold a part of one."""
    if isinstance(error, stripe.PermissionError):
        needed = sorted(set(_PERMISSION.findall(str(error))))
        return f"the key lacks a permission{': ' + ', '.join(needed) if needed else ''}"
    if isinstance(error, stripe.AuthenticationError):
        return "Stripe does not know this key"
    if isinstance(error, stripe.APIConnectionError):
        return "no answer from Stripe"
    return f"Stripe refused ({error.code or type(error).__name__}, status {error.http_status})"


def aws_code(error: Any) -> str:
    """The service's own code of a refusal, such as AccessDeniedException."""
    return str(error.response["Error"]["Code"])
