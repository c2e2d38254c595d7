"""The page of a refusal, the same for every room."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalicelib.http.pages.page import Page
from chalicelib.i18n.texts import placeholders

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.i18n.language import Language


@dataclass(frozen=True)
class ProblemPage(Page):
    """The page that shows a refusal to a person.

    `code` is the stable code of the problem; a sentence of ours in the page's language is shown for the codes we
    know, else `sentence`. `minimum` and `maximum` are minor units of `currency`. `retry_after`: seconds to wait.
    `again`: loading this page again may work; `resend_to` and `resend`: the form to send again, with its fields.
    """

    template = "problem"

    status: int
    code: str
    sentence: str = ""
    minimum: int | None = None
    maximum: int | None = None
    currency: str = ""
    back: str = ""
    retry_after: int | None = None
    again: bool = False
    resend_to: str = ""
    resend: Mapping[str, str] = field(default_factory=dict)

    def more_values(self, language: Language) -> Mapping[str, object]:
        """The sentence that says what went wrong."""
        return {"sentence": self.said(language)}

    def said(self, language: Language) -> str:
        """What went wrong, in this language."""
        values = {
            name: language.money(amount, self.currency)
            for name, amount in (("minimum", self.minimum), ("maximum", self.maximum))
            if amount is not None and self.currency
        }
        if self.retry_after is not None:
            values["wait"] = language.wait(self.retry_after)
        key = f"code.{self.code}"
        if {"minimum", "maximum"} <= set(values) and self.code == "bad_amount":
            key = "code.bad_amount_bounds"
        if key in language.texts and placeholders(language.texts.pattern(key)) <= set(values):
            return language.texts.say(key, **values)
        # A code we have no sentence for: what the domain said is in English, so only an English page may show it.
        return self.sentence if self.sentence and language.lang == "en" else language.texts.say("code.other")
