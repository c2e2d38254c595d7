"""`GET /v1/access` where a pass does not open: the newsroom's tiers, the session and the checkout cookie decide."""

from chalicelib.actions.check_access import check_access
from chalicelib.web.forms import Access
from chalicelib.web.forms.base import read_query
from chalicelib.web.http import Answer, Call
from chalicelib.web.reading import brought, pass_cookies, told


def show(call: Call) -> Answer:
    """The decision, with a new pass where one is due."""
    needs = read_query(call, Access).needs
    wiring = call.wiring
    access = check_access(needs, brought(call), wiring, real_now=wiring.real_now(), now=wiring.now())
    body = {"open": access.decision.open, "reason": access.decision.reason, **told(access)}
    return Answer(body, cookies=pass_cookies(call, access.new_pass))
