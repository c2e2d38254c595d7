"""What the demo newsroom publishes sealed: the texts stand here and go to the API, and never to the website.

The website gets a folder: for each article its page's facts with the seal object that the API answered, and the
sealed file. Any host could carry the two. No module of `localdev/site` imports this one, and a test holds that.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from localdev.site.content import Article, site_origin, time_zone, written

TEXTS = Path(__file__).parent
# What this week's letter to readers gives them, in each language, and to how many.
LETTER = {"uk": "demo-members", "en": "demo-members-en"}
LETTER_READERS = 500


def sealed_articles() -> list[Article]:
    """The articles that are published sealed, in both languages."""
    return list(written(TEXTS, site_origin(), datetime.now(time_zone())))


def publish(article: Article, seal: Mapping[str, Any], file: str | None, folder: Path) -> None:
    """Write what the website gets of an article.

    :param seal: the seal object, as `PUT` answers it.
    :param file: the sealed file; without it (nothing can be sealed here) the page's wall asks the API for the text.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if file is not None:
        (folder / f"{article.id}.sealed").write_text(file, encoding="utf-8")
    public = {name: value for name, value in asdict(article).items() if name != "body_html" and value is not None}
    copy = f"{site_origin()}/sealed/{article.id}" if file is not None else ""
    facts = {**public, "published_at": article.published_at.isoformat(), "seal": json.dumps(seal), "copy": copy}
    (folder / f"{article.id}.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")
