"""Whose players, maps and charts a page of ours shows in frames. Everything else becomes a link."""

from collections.abc import Iterable

# What small newsrooms embed most, by providers whose frames need no script beside them. None of the social networks:
# their frames follow whoever sees them, and their posts are readable as links. A newsroom's own list replaces this.
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
MOST = 50  # they all stand in a header


def allowed(host: str, frames: Iterable[str]) -> bool:
    """Whether frames from this host are shown. `*.x.example` stands for every host below it, as in a CSP."""
    return any(host == frame or (frame.startswith("*.") and host.endswith(frame[1:])) for frame in frames)
