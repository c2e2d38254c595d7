"""What is visited, by whom, and what each page may ask for and weigh at most: budgets that hold on any machine."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Literal

from bench.lab.people import People
from bench.lab.visit import Visit
from localdev.desk import sealed_articles
from localdev.site.content import articles
from testkit.stack import Stack

KB = 1024
Who = Literal["newcomer", "stranger", "just paid", "supporter"]


@dataclass(frozen=True)
class Budget:
    """At most so many requests and bytes over the wire (compressed, with headers), and exactly so many own calls.

    An own call is one of the API that no cache may answer for everybody.
    """

    requests: int
    wire: int
    own_calls: int

    def exceeded(self, visit: Visit) -> Iterator[str]:
        """What is over it, as sentences."""
        if len(visit.asked) > self.requests:
            yield f"{len(visit.asked)} requests, at most {self.requests}"
        if visit.wire > self.wire:
            yield f"{visit.wire} bytes, at most {self.wire}"
        if len(visit.own_calls) != self.own_calls:
            yield f"{len(visit.own_calls)} calls that no cache can answer, {self.own_calls} expected"


@dataclass(frozen=True)
class Scene:
    """A page of the site or of the app, who opens it, and what they are to see in the end."""

    name: str
    at: Literal["site", "app"]
    path: str
    who: Who
    sees: Literal["button", "text", "heading"]
    budget: Budget

    def address(self, stack: Stack, people: People) -> str:
        """Where it stands on this stack."""
        origin = stack.site if self.at == "site" else stack.app
        return origin + self.path.format(checkout=people.checkout)

    def cookies(self, people: People) -> object:
        """What their browser keeps: playwright's storage, or nothing."""
        kept: Mapping[Who, object] = {
            "newcomer": None,
            "stranger": people.stranger,
            "just paid": people.paid,
            "supporter": people.supporter,
        }
        return kept[self.who]

    @property
    def text(self) -> str:
        """The first words behind the wall, where the text is to open."""
        return hidden_words(self.path.rpartition("/")[2]) if self.sees == "text" else ""


SCENES = (
    Scene("front page", "site", "/", "stranger", "button", Budget(7, 28 * KB, 0)),
    Scene("article open to all", "site", "/articles/demo-open", "stranger", "button", Budget(7, 28 * KB, 0)),
    Scene("article for supporters", "site", "/articles/demo-members", "newcomer", "button", Budget(10, 33 * KB, 1)),
    Scene("article for supporters", "site", "/articles/demo-members", "stranger", "button", Budget(9, 33 * KB, 0)),
    Scene("metered article", "site", "/articles/demo-metered", "stranger", "text", Budget(11, 36 * KB, 1)),
    Scene("article for supporters", "site", "/articles/demo-members", "just paid", "text", Budget(9, 33 * KB, 1)),
    Scene("article for supporters", "site", "/articles/demo-members", "supporter", "text", Budget(9, 33 * KB, 1)),
    Scene("sealed article", "site", "/articles/demo-sealed", "stranger", "button", Budget(9, 33 * KB, 0)),
    Scene("sealed article", "site", "/articles/demo-sealed", "supporter", "text", Budget(10, 33 * KB, 1)),
    Scene("/read", "app", "/read/demo-members?lang=uk", "stranger", "button", Budget(3, 16 * KB, 0)),
    Scene("/donate", "app", "/donate?lang=uk", "stranger", "button", Budget(3, 16 * KB, 0)),
    Scene("sign-in", "app", "/sign-in?lang=uk", "stranger", "heading", Budget(1, 10 * KB, 0)),
    Scene("thank-you", "app", "/thanks/{checkout}?lang=uk", "just paid", "heading", Budget(2, 12 * KB, 0)),
    Scene("account", "app", "/account?lang=uk", "supporter", "heading", Budget(1, 10 * KB, 0)),
)


def hidden_words(article: str) -> str:
    """The first words of the first paragraph that is behind an article's wall."""
    one = next(one for one in (*articles(), *sealed_articles()) if one.id == article)
    paragraphs = re.findall(r"<p>(.+?)</p>", one.body_html.removeprefix(one.teaser_html))
    return unescape(re.sub(r"<[^>]+>", "", paragraphs[0]))[:40].strip()
