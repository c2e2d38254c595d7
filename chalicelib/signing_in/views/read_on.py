"""`GET /read-on`: where "read on" in a mail leads. A browser that may read goes to the article, others sign in first.

It proves nothing and signs nobody in, so that a mail may be forwarded, and opened by a scanner (decision 0052).
"""

from urllib.parse import urlencode

from chalicelib.http import cookies, page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.return_url import absolute, lenient
from chalicelib.reading.actions.who_reads import who_reads
from chalicelib.supporters.actions.sessions import read_session


def show(call: Call) -> Answer:
    """Lead to the page that the gift came from, or to the website's front page, by way of `/sign-in` if need be."""
    settings = call.wiring.settings
    back = lenient(call, call.query.get("return_to")) or next((f"{site}/" for site in settings.site_origins), "")
    if back and _reads_here(call):
        return see_other(absolute(call, back, ""))
    query = {"lang": page_answers.language_of(call, call.query.get("lang"))} | ({"return_to": back} if back else {})
    return see_other(f"{settings.public_url}/sign-in?{urlencode(query)}")


def _reads_here(call: Call) -> bool:
    """Whether somebody is signed in here, or paid here within a day."""
    wiring = call.wiring
    signed_in = read_session(wiring.table, cookies.read(call, "session"), wiring.real_now())
    reader = who_reads(
        signed_in,
        cookies.started(call, "checkout"),
        wiring.table,
        wiring.newsroom,
        real_now=wiring.real_now(),
        now=wiring.now(),
    )
    return reader.sub is not None
