"""Whose players, maps and charts a page of ours shows in frames. Everything else becomes a link."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.newsroom.checks import wrong

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
_HOST = re.compile(r"(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_MOST = 50  # they all stand in a header


def read(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """`frames` of the newsroom's file; the usual ones where it says nothing.

    :raises NewsroomError: at the first that is no host.
    """
    value = raw.get("frames", list(USUAL))
    if not isinstance(value, list) or len(value) > _MOST:
        wrong("frames", f'a list of at most {_MOST} hosts, such as ["www.youtube.com", "player.vimeo.com"]')
    for host in value:
        if not isinstance(host, str) or not _HOST.fullmatch(host):
            wrong(
                "frames",
                "each host as it stands in the frame's address, in small letters, without https:// and a path, such"
                " as www.youtube.com or *.arcgis.com",
            )
    return tuple(dict.fromkeys(value))


def allowed(host: str, frames: Iterable[str]) -> bool:
    """Whether frames from this host are shown. `*.x.example` stands for every host below it, as in a CSP."""
    return any(host == frame or (frame.startswith("*.") and host.endswith(frame[1:])) for frame in frames)
