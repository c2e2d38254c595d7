"""The sentence that says how many people give, for the donation page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.http.call import Call
from chalicelib.http.page_answers import layout_of

if TYPE_CHECKING:
    from chalicelib.i18n.language import Language


def how_many_give(call: Call, lang: str) -> str:
    """The sentence in this language; empty if the newsroom does not show it, or there is no true one to say."""
    wiring = call.wiring
    found = wiring.how_many.read(wiring.real_now()) if wiring.newsroom.show_supporters else None
    if found is None or not found.is_shown(wiring.now()):
        return ""
    joined = found.joined_by(wiring.now(), wiring.newsroom.zone)
    return so_many(layout_of(call, lang).language(), found.people, joined)


def so_many(language: Language, people: int, joined: int) -> str:
    """The sentence for so many: `412 people support us; 38 joined this month`."""
    supporters = language.counted("donate.supporters", people)
    if not joined:
        return language.texts.say("donate.fact_alone", supporters=supporters)
    return language.texts.say("donate.fact", supporters=supporters, joined=language.counted("donate.joined", joined))
