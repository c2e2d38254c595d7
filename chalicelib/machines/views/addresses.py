"""Addresses that machines are told: the licence's, and what it is for."""

from urllib.parse import urlsplit

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


def places(settings: Settings) -> list[str]:
    """What the licence is for: the newsroom's websites, and articles on our own host where that is another one."""
    parts = urlsplit(settings.public_url)
    own = [] if f"{parts.scheme}://{parts.netloc}" in settings.site_origins else [f"{settings.public_url}/read/"]
    return [*(f"{origin}/" for origin in settings.site_origins), *own]
