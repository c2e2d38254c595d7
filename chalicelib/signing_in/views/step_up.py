"""Leads a page's visitor through a new code and back, where a fresh sign-in is needed."""

from urllib.parse import urlencode

from chalicelib.http import page_answers
from chalicelib.http.call import Answer, Call, see_other


def sign_in_again(call: Call, back: str) -> Answer:
    """Go to the page that mails a code to the address signed in here, and from there to `back`.

    :param back: a whole address of ours, with everything that was typed in its query.
    """
    typed = call.form_fields() if call.is_form else {}
    lang = page_answers.language_of(call, typed.get("lang"))
    query = urlencode({"again": "1", "return_to": back, "lang": lang})
    return see_other(f"{call.wiring.settings.public_url}/sign-in?{query}")
