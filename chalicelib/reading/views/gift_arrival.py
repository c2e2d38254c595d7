"""`GET /read/{id}?gift=…`: where a gift link leads on our own page. On to the same page without the token.

    the link's address    303, and the token in a cookie of this article; counts nothing, shows nothing
    the clean address     the browser brings the cookie: the reader is counted, and the text stands there

So the token is gone from the address bar, the history and whatever the reader copies from there. And only what keeps
cookies and follows on like a person's browser takes one of the link's readers: a preview, a link checker or a mail
scanner that fetches the address takes none (decision 0087).
"""

from urllib.parse import urlencode

from chalicelib.aws.secrets import SecretsUnavailable
from chalicelib.http import fetching, mark_cookies
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.reading.rules import gift_links as rules

_NAME = "gift"


def go_on(call: Call) -> Answer | None:
    """The way to the clean address; None where the call brings no token in its address, or a machine asks."""
    text = call.query.get(_NAME)
    # A preview keeps the address to which it was led: it would show readers the one without the token.
    if text is None or fetching.declares_machine(call):
        return None
    article = call.params["id"]
    rest = {name: value for name, value in call.query.items() if name != _NAME}
    clean = f"{call.wiring.settings.public_url}/read/{article}" + (f"?{urlencode(rest)}" if rest else "")
    try:
        key = call.wiring.secrets["SPILNO_EMAIL_KEY"]
    except SecretsUnavailable:
        return None  # who may read without the link reads; the address keeps it, for another try
    if rules.link_of(text, key) is None:
        return see_other(clean)
    mark = rules.arrival(article, text, mark_cookies.read(call), key)
    crowded_out = mark_cookies.crowded_out(call, [mark])
    return see_other(clean, [mark_cookies.write(call, mark, rules.ARRIVAL), *crowded_out])
