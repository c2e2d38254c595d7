"""The sentence that says how many people give, for the donation page."""

from chalicelib.http.call import Call
from chalicelib.http.page_answers import layout_of


def how_many_give(call: Call, lang: str) -> str:
    """The sentence in this language; empty if the newsroom does not show it, or there is no true one to say."""
    wiring = call.wiring
    found = wiring.how_many.read(wiring.real_now()) if wiring.newsroom.show_supporters else None
    if found is None or not found.is_shown(wiring.now()):
        return ""
    language = layout_of(call, lang).language()
    supporters = language.counted("donate.supporters", found.people)
    joined = found.joined_by(wiring.now(), wiring.newsroom.zone)
    if not joined:
        return language.texts.say("donate.fact_alone", supporters=supporters)
    return language.texts.say("donate.fact", supporters=supporters, joined=language.counted("donate.joined", joined))
