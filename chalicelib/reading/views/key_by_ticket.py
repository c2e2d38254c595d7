"""The key of a sealed text by a pass and a ticket alone: no table is read. Imports nothing heavy."""

from chalicelib.articles.rules import sealed_text
from chalicelib.articles.rules.policy import asked, satisfies
from chalicelib.articles.rules.sealed_text import check_ticket
from chalicelib.http.call import Call
from chalicelib.reading.views.gate import active_pass


def by_ticket(call: Call, *, over_for: int = 0) -> str | None:
    """The key that this call asks for, if a valid pass is enough for what a genuine ticket says that the text needs.

    Whoever writes other needs than the ticket's has no ticket; and their key would open nothing.

    :param over_for: seconds for which the ticket may be over.
    """
    query, roots = call.query, call.wiring.settings.seal_keys
    version, needs = query.get("v", ""), query.get("needs", "")
    wanted, held = asked(needs), active_pass(call)
    if held is None or wanted is None or not satisfies(wanted, held.tiers):
        return None
    article, now = call.params["id"], call.wiring.real_now()
    if not check_ticket(query.get("t", ""), article, version, needs, roots, now, over_for=over_for):
        return None
    return sealed_text.key(article, version, needs, roots)
