"""`GET /read-on`: where "read on" in a mail leads. A browser that may read goes to the article, others sign in first.

It proves nothing and signs nobody in, so that a mail may be forwarded, and opened by a scanner (decision 0052).
"""

from urllib.parse import urlencode

from chalicelib.http import cookies, page_answers
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.hint import session_of
from chalicelib.http.return_url import absolute, lenient
from chalicelib.reading.actions.who_reads import who_reads


def show(call: Call) -> Answer:
    """Lead to the page that the gift came from, or to the website's front page, by way of `/sign-in` if need be."""
    settings = call.wiring.settings
    back = lenient(call, call.query.get("return_to")) or next((f"{site}/" for site in settings.site_origins), "")
    if back and _reads_here(call):
        return _lead(absolute(call, back, ""))
    query = {"lang": page_answers.language_of(call, call.query.get("lang"))} | ({"return_to": back} if back else {})
    return _lead(f"{settings.public_url}/sign-in?{urlencode(query)}")


def _lead(address: str) -> Answer:
    # Mails are opened on pages of other sites (webmail), so a foreign page may lead here as well. Cut off from the
    # window that it opened, it does not learn which of the two it became.
    return see_other(address)._replace(headers={"Location": address, "Cross-Origin-Opener-Policy": "same-origin"})


def _reads_here(call: Call) -> bool:
    """Whether somebody is signed in here, or paid here within a day."""
    wiring = call.wiring
    reader = who_reads(
        session_of(call, anew=True),
        cookies.started(call, "checkout"),
        wiring.table,
        wiring.newsroom,
        real_now=wiring.real_now(),
        now=wiring.now(),
    )
    call.hint.found(reader.holds_for, anew=True)
    return reader.sub is not None
