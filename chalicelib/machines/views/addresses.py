"""Addresses that machines are told: the licence's, and what it is for."""

from urllib.parse import urlsplit

from chalicelib.machines.rules.robots import of_a_website
from chalicelib.newsroom.rules import Machines
from chalicelib.settings import Settings


def license_url(settings: Settings) -> str:
    """The address of the licence."""
    return license_url_of(settings.public_url)


def license_url_of(public_url: str) -> str:
    """The address of the licence, below this public address."""
    return f"{public_url}/license.xml"


def below_public_url(settings: Settings) -> str:
    """The path of our public address, empty at the top of a host."""
    return urlsplit(settings.public_url).path


def places(policy: Machines, settings: Settings) -> dict[str, Machines]:
    """What the licence is for, each with what holds there: the newsroom's websites, and articles on our own pages."""
    websites = dict.fromkeys((f"{origin}/" for origin in settings.site_origins), of_a_website(policy))
    return {**websites, f"{settings.public_url}/read/": policy}
