"""The seal of an article: the version of its text, and what opens that now. Nothing of it is stored."""

from dataclasses import dataclass

from chalicelib.articles.actions.stored_article import recent_article
from chalicelib.articles.rows.articles import StoredArticleRow
from chalicelib.articles.rules import sealed_text
from chalicelib.articles.rules.policy import OPEN
from chalicelib.articles.rules.sealed_text import TICKET_LIFE, Roots
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.kernel.table import Table

_NEWEST = 1  # seconds


@dataclass(frozen=True)
class CurrentSeal:
    """The version that new copies have, what it is sealed for, and its key while it is open to all, else a ticket."""

    version: str
    needs: str
    key: str | None = None
    ticket: str | None = None


def current_seal(
    article: StoredArticleRow, roots: Roots, *, real_now: RealTime, now: BusinessTime, printed: bool = False
) -> CurrentSeal | None:
    """The seal as the policy stands now; None where we have no text, or no key to seal it with.

    :param printed: it goes into a page, which stands there after a date has closed the text: then without the key,
        and with a ticket that is over, so that walls ask what any cache answers rather than each for a key.
    """
    if article.body is None or not roots:
        return None
    needs = article.policy.sealed_for
    version = sealed_text.version(article.id, needs, article.body, roots[0])
    is_open = article.policy.needs(now) is OPEN
    if is_open and not (printed and article.policy.next_change(now)):
        return CurrentSeal(version, needs, key=sealed_text.key(article.id, version, needs, roots))
    made_at = RealTime(real_now - TICKET_LIFE) if is_open else real_now
    return CurrentSeal(version, needs, ticket=sealed_text.ticket(article.id, version, needs, roots, made_at))


def is_current(article: StoredArticleRow, version: str, roots: Roots) -> bool:
    """Whether a version is of the text as it stands, under any of our roots: while one is rotated, there are two."""
    root = sealed_text.root_of(version, roots)
    if article.body is None or root is None:
        return False
    return sealed_text.version(article.id, article.policy.sealed_for, article.body, root) == version


def article_of(article_id: str, version: str, table: Table, roots: Roots, real_now: RealTime) -> StoredArticleRow:
    """The article, as a reader of this version needs it.

    Who comes with the version of a text that was put a second ago, to a process that remembers the one before, is
    answered from the table, at most once a second. It is read in a hurry: file and key have a way without it.

    :raises NotFound: `unknown_article`; `unknown_version` where no text is sealed.
    """
    article = recent_article(article_id, table, real_now, hurried=True)
    if sealed_text.root_of(version, roots) is not None and not is_current(article, version, roots):
        article = recent_article(article_id, table, real_now, kept_for=_NEWEST, hurried=True)
    if article.body is None or not roots:
        raise unknown_version()
    return article


def unknown_version() -> NotFound:
    """The refusal of a version that is not, or no longer, of this article."""
    return NotFound("This version of the article is not here. It may have been replaced.", code="unknown_version")
