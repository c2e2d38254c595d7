"""The key of a sealed text by a pass and a ticket alone: no table is read. Imports nothing heavy."""

from typing import NamedTuple

from chalicelib.articles.rules import sealed_text
from chalicelib.articles.rules.policy import asked, satisfies
from chalicelib.articles.rules.sealed_text import check_ticket
from chalicelib.kernel.moments import BusinessTime, RealTime
from chalicelib.reading.actions.read_pass import best_pass
from chalicelib.settings import Settings


class KeyRequest(NamedTuple):
    """What a call for a key says: `version`, `needs` and `ticket` as the article's seal has them, unchecked."""

    article: str
    version: str
    needs: str
    ticket: str
    passes: tuple[str, ...]


def key_by_ticket(
    request: KeyRequest, settings: Settings, *, real_now: RealTime, now: BusinessTime, over_for: int = 0
) -> str | None:
    """The key that is asked for, if a valid pass is enough for what a genuine ticket says that the text needs.

    Whoever writes other needs than the ticket's has no ticket; and their key would open nothing.

    :param over_for: seconds for which the ticket may be over.
    """
    article, version, needs, ticket, passes = request
    wanted, held = asked(needs), best_pass(passes, settings, real_now=real_now, now=now)
    if held is None or wanted is None or not satisfies(wanted, held.tiers):
        return None
    roots = settings.seal_keys
    if not check_ticket(ticket, article, version, needs, roots, real_now, over_for=over_for):
        return None
    return sealed_text.key(article, version, needs, roots)
