"""The demo newsroom's data, put as its CMS would put it, on every start.

What somebody has changed or deleted since stays so: only articles that still are as the last start left them (or
were never put) are put again, which brings a changed demo text or port along.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from chalicelib.articles.actions.api_keys import import_key
from chalicelib.articles.actions.current_seal import current_seal
from chalicelib.articles.actions.put_article import SubmittedArticle, put_article
from chalicelib.articles.actions.seal_text import sealed_file
from chalicelib.articles.rows import articles as stored
from chalicelib.articles.rules.policy import parsed, written
from chalicelib.articles.views.manifest import manifest
from chalicelib.gift_links.actions.newsroom_links import make_link, newsroom_links
from chalicelib.wiring import Wiring
from localdev import desk
from localdev.desk import publish, sealed_articles
from localdev.site.content import Article, articles

CMS_KEY = "local-cms-key"
_A_DAY = 86_400
RECORD = "/spilno-local/seeded-articles"


def seed(wired: Wiring, ssm: Any) -> int:
    """Make the CMS key known and put the demo articles; answers how many were put.

    A digest of each article as it was put last stands in local AWS's parameter store (`ssm`): saved in the same
    moment as the table, it cannot tell another story than the table does.
    """
    import_key(wired.table, CMS_KEY, "cms", wired.real_now(), "the demo site")
    known = _remembered(ssm)
    put = put_articles(wired, [*articles(), *sealed_articles()], known)
    ssm.put_parameter(Name=RECORD, Value=json.dumps(known), Type="String", Overwrite=True)
    return put


def put_articles(wired: Wiring, found: Iterable[Article], known: dict[str, str]) -> int:
    """Put those that nobody has touched since; answers how many and brings `known` up to date."""
    put = 0
    for article in found:
        there = stored.read(wired.table, article.id)
        if known.get(article.id) != (_digest(there) if there else None):
            continue
        now = put_article(
            article.id,
            _manuscript(article),
            wired.table,
            wired.newsroom,
            roots=wired.settings.seal_keys,
            now=wired.real_now(),
        )
        known[article.id] = _digest(now)
        put += 1
    return put


def publish_sealed(wired: Wiring, folder: Path) -> None:
    """Publish the pages of the sealed articles to the website's folder anew, as they are stored now."""
    shutil.rmtree(folder, ignore_errors=True)
    for article in sealed_articles():
        there = stored.read(wired.table, article.id)
        if there is not None:
            publish(article, manifest(there, wired, printed=True), _sealed(there, wired), folder)


def publish_letter(wired: Wiring, folder: Path) -> None:
    """Publish the letter to readers, whose gift link lives on from start to start as long as it has a day left."""
    folder.mkdir(parents=True, exist_ok=True)
    soon = wired.now() + _A_DAY
    for lang, article in desk.LETTER.items():
        if stored.read(wired.table, article) is None:
            continue
        made = (one.url for one in newsroom_links(wired) if one.link.article == article and one.link.until > soon)
        url = next(made, None) or make_link(article, days=10, readers=desk.LETTER_READERS, wiring=wired)[1]
        (folder / f"{lang}.letter").write_text(json.dumps({"article": article, "url": url}), encoding="utf-8")


def _sealed(article: stored.StoredArticleRow, wired: Wiring) -> str | None:
    roots = wired.settings.seal_keys
    seal = current_seal(article, roots, real_now=wired.real_now(), now=wired.now())
    if seal is None or article.body is None:
        return None
    return sealed_file(article.id, seal.version, seal.needs, article.body, roots)


def _remembered(ssm: Any) -> dict[str, str]:
    try:
        value = ssm.get_parameter(Name=RECORD)["Parameter"]["Value"]
    except ssm.exceptions.ParameterNotFound:
        return {}
    known: dict[str, str] = json.loads(value)
    return known


def _manuscript(article: Article) -> SubmittedArticle:
    access = parsed(article.access)
    assert access is not None, f"The demo article {article.id} asks for what nobody can hold."
    return SubmittedArticle(
        title=article.title,
        url=article.url,
        access=access,
        teaser_html=article.teaser_html,
        body_html=article.body_html,
        opens_at=int(article.opens_at.timestamp()) if article.opens_at else None,
        closes_at=int(article.closes_at.timestamp()) if article.closes_at else None,
    )


def _digest(article: stored.StoredArticleRow) -> str:
    """Of what the CMS sent: the texts and the policy, not the time of the put."""
    told = (
        article.title, article.url, written(article.access), article.teaser_html, article.body_html,
        article.opens_at, article.closes_at,
    )  # fmt: skip
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]
