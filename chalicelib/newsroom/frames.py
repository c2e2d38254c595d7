"""The hosts whose players, maps and charts our pages show in frames. Those of other hosts become links.

And the scripts that may run in a text that is opened on the newsroom's own website; none, unless it lists them.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

# What small newsrooms embed most, by providers whose frames need no script beside them. No social networks: their
# frames track whoever sees them, and their posts can be read by a link. A newsroom's own list replaces this one.
USUAL = (
    "www.youtube.com",
    "www.youtube-nocookie.com",
    "player.vimeo.com",
    "open.spotify.com",
    "w.soundcloud.com",
    "embed.podcasts.apple.com",
    "datawrapper.dwcdn.net",
    "flo.uri.sh",
    "e.infogram.com",
    "www.openstreetmap.org",
)
_NAME = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
HOST = rf"(?:\*\.)?{_NAME}"
# `https://www.instagram.com/embed.js`, to which a query may be added, or a host, of whose scripts any may run.
SCRIPT = rf"^(?:{HOST}|https://{_NAME}/[A-Za-z0-9._~/@+-]*[A-Za-z0-9._~@+-])$"
MOST = 50  # all of them are sent in a header of every page


def allowed(host: str, frames: Iterable[str]) -> bool:
    """Whether frames from this host are shown. `*.x.example` stands for every host below it, as in a CSP."""
    return any(host == frame or (frame.startswith("*.") and host.endswith(frame[1:])) for frame in frames)


def runs(address: str, embeds: Iterable[str]) -> bool:
    """Whether a script may run in an opened text. `elements/embeds/` decides the same in the browser."""
    parts = urlsplit(address)
    listed = list(embeds)
    hosts = (one for one in listed if "/" not in one)
    plain = f"https://{parts.netloc}{parts.path}"
    return parts.scheme == "https" and (plain in listed or allowed(parts.netloc, hosts))
