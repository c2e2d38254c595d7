"""`GET /v1/access` where a pass does not open: the newsroom's tiers, the session and the checkout cookie decide."""

from chalicelib.http.call import Answer, Call
from chalicelib.http.forms import read_query
from chalicelib.reading.actions.check_access import check_access
from chalicelib.reading.views.decisions import credentials, decision_json, note, pass_cookies
from chalicelib.reading.views.forms import Access


def show(call: Call) -> Answer:
    """The decision, with a new pass where one is due."""
    needs = read_query(call, Access).needs
    wiring = call.wiring
    access = check_access(needs, credentials(call), wiring, real_now=wiring.real_now(), now=wiring.now())
    note(call, access)
    body = {"open": access.decision.open, "reason": access.decision.reason, **decision_json(access)}
    return Answer(body, cookies=pass_cookies(call, access.new_pass))
