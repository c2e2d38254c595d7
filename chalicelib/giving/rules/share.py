"""The address that a reader may pass on after giving: of the article they came from, else of the website."""

from collections.abc import Sequence
from urllib.parse import urlsplit

# What only follows readers about, or belongs to this reader alone: it is not passed on.
_FOLLOWING = ("utm_", "mc_")
_OWN = frozenset({"fbclid", "gclid", "yclid", "msclkid", "igshid", "gift", "spilno"})


def address_to_share(return_to: str, public_url: str, site_origins: Sequence[str]) -> str:
    """The address to pass on; empty where there is no website.

    :param return_to: where the reader goes on to, a whole address that was checked, or empty. A page of ours is not
        passed on, unless it shows an article.
    """
    own = f"{return_to}/".startswith(f"{public_url}/")
    if return_to.startswith(f"{public_url}/read/") or (return_to and not own and _origin(return_to) in site_origins):
        return _plain(return_to)
    return f"{site_origins[0]}/" if site_origins else ""


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _plain(address: str) -> str:
    before, _, query = address.partition("#")[0].partition("?")
    kept = "&".join(part for part in query.split("&") if part and not _is_the_readers(part.partition("=")[0].lower()))
    return f"{before}?{kept}" if kept else before


def _is_the_readers(name: str) -> bool:
    return name in _OWN or name.startswith(_FOLLOWING)
