"""The hosts whose players, maps and charts our pages show in frames. Those of other hosts become links."""

from collections.abc import Iterable

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
HOST = r"(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
MOST = 50  # all of them are sent in a header of every page


def allowed(host: str, frames: Iterable[str]) -> bool:
    """Whether frames from this host are shown. `*.x.example` stands for every host below it, as in a CSP."""
    return any(host == frame or (frame.startswith("*.") and host.endswith(frame[1:])) for frame in frames)
