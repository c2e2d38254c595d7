"""What the pages of a supporter's own house begin with: who is signed in here, and else the way to the sign-in."""

from urllib.parse import urlencode

from chalicelib.http import page_answers
from chalicelib.http.call import Answer, Call, see_other


def sign_in_first(call: Call, path: str) -> Answer:
    """Lead whoever is not signed in to the sign-in page, and from there back to this page of ours."""
    base = call.wiring.settings.public_url
    query = urlencode({"return_to": f"{base}{path}", "lang": page_answers.language_of(call)})
    return see_other(f"{base}/sign-in?{query}")
