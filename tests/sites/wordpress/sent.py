"""What Spilno has of a WordPress's posts."""

from typing import Any

import requests

from testkit.stack import Stack
from tests.sites.wordpress.site import Site, walled

KEY = "local-cms-key"
OPEN, CLOSED = "Відкритий початок", "Закрите продовження"
WHOLE = walled(OPEN, CLOSED)


def at_spilno(spilno: Stack, post: int, *, key: bool = True) -> dict[str, Any] | None:
    """The article of a post, as the CMS sees it; None where there is none."""
    headers = {"Authorization": f"Bearer {KEY}"} if key else {}
    answer = requests.get(f"{spilno.app}/v1/articles/wp-{post}", headers=headers, timeout=30)
    if answer.status_code == requests.codes.not_found:
        return None
    assert answer.ok, answer.text
    found: dict[str, Any] = answer.json()
    return found


def notice(site: Site, post: int) -> str:
    """What an editor is told of a post, in English."""
    return str(site.run("unload_textdomain('spilno'); return Spilno\\Notices::of($id);", id=post))
