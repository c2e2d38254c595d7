"""The demo newsroom's data, put as its CMS would put it; repeating changes nothing but the dates."""

from chalicelib.wiring import Wiring
from localdev.site.content import articles

CMS_KEY = "local-cms-key"


def seed(wired: Wiring) -> int:
    """Make the CMS key known and put every demo article; answers how many."""
    from chalicelib.actions.keys import import_key
    from chalicelib.actions.put_article import put_article

    import_key(wired.table, CMS_KEY)
    found = articles()
    for article in found:
        put_article(wired.table, article)
    return len(found)
