"""The account page says how somebody's support stands, in every state, and speaks of nothing that is not there."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from urllib.parse import urlsplit

import pytest

from chalicelib.changing.rules.possible import can
from chalicelib.http import pages
from chalicelib.i18n.language import Language
from testkit.clock import NOW
from testkit.harness import ADA, Harness
from testkit.visitor import Visitor
from tests.account.states import STATES
from tests.pages import samples
from tests.pages.markup import Markup

DAY = 86_400
LANGUAGES = ("uk", "en")


def said(words: str, lang: str) -> str:
    """The words with their days written out."""
    return re.sub(r"\{(-?\d+)\}", lambda found: _day(int(found[1]), lang), words)


def _day(days: int, lang: str) -> str:
    return Language(lang, "Europe/Kyiv").day(datetime.fromtimestamp(NOW + days * DAY, UTC)).replace("\xa0", " ")


def shown(harness: Harness, lang: str) -> tuple[str, Markup]:
    """Ada's account page in this language: its HTML, and taken apart."""
    visitor = Visitor()
    harness.sign_in(visitor, ADA)
    reply = visitor.navigate(f"/account?lang={lang}")
    assert reply.status == 200
    html = unescape(reply.text).replace("\N{NO-BREAK SPACE}", " ")
    return html, Markup(html)


def forms_to(page: Markup, *ends: str) -> int:
    """How many forms of the page go to an address that ends so."""
    return sum(str(form["action"]).endswith(ends) for form in page.all("form"))


def acts(page: Markup) -> tuple[str, ...]:
    """What the page's links and buttons do with a recurring gift, in their order."""
    found = []
    for tag, attributes in page.tags:
        way = urlsplit(str(attributes.get("action" if tag == "form" else "href"))).path
        if match := re.search(r"/(?:v1/me/recurring/\w+/(\w+)|v1/me/(portal)|account/gifts/\w+(/stop)?)$", way):
            found.append(match[1] or match[2] or ("stop" if match[3] else "change"))
    return tuple(found)


# What a sentence promises, and whether the page keeps it.
PROMISES: tuple[tuple[str, Callable[[Markup], bool]], ...] = (
    (r"кнопк|нижче|вище|\bbutton|\bbelow\b|\babove\b", lambda _: False),
    (r"Відкриється сторінка Stripe|This opens Stripe", lambda page: forms_to(page, "/v1/me/portal", "/card") > 0),
)


def broken_promises(page: Markup) -> list[str]:
    """What the page's sentences speak of, and what is not there."""
    return [words for words, kept in PROMISES if re.search(words, page.text) and not kept(page)]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", STATES)
def test_every_state_has_its_words_and_its_buttons(harness: Harness, name: str, lang: str) -> None:
    case = STATES[name]
    case.made(harness)
    html, page = shown(harness, lang)
    for words in case.says:
        assert said(words[lang], lang) in page.text, page.text
    for words in case.not_says:
        assert said(words[lang], lang) not in page.text, words[lang]
    main = re.findall(r'class="(?:button )?primary"[^>]*>\s*([^<]*?)\s*<', html)
    assert main == ([case.main[lang]] if case.main else []), "one main button at most, and the right one"
    assert len(re.findall(r'role="alert"', html)) == case.alerts
    assert acts(page) == case.acts
    assert broken_promises(page) == []
    assert len(html.encode()) < 30_000


@pytest.mark.parametrize("name", STATES)
def test_a_gift_is_said_to_be_given_only_while_it_is(harness: Harness, name: str) -> None:
    STATES[name].made(harness)
    visitor = Visitor()
    harness.sign_in(visitor, ADA)
    for gift in harness.state().standing.recurring:
        page = visitor.navigate(f"/account/gifts/{gift.id}?lang=uk")
        assert ("Зараз ви даєте" in page.text) is ("change" in can(gift, harness.newsroom.currencies))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", [name for name, case in STATES.items() if case.acts])
def test_the_pages_of_a_gift_offer_what_is_possible_and_speak_of_nothing_else(
    harness: Harness, name: str, lang: str
) -> None:
    STATES[name].made(harness)
    visitor = Visitor()
    harness.sign_in(visitor, ADA)
    for gift in harness.state().standing.recurring:
        possible = can(gift, harness.newsroom.currencies)
        for page in ("", "/stop"):
            reply = visitor.navigate(f"/account/gifts/{gift.id}{page}?lang={lang}")
            assert reply.status == 200
            found = Markup(unescape(reply.text).replace("\N{NO-BREAK SPACE}", " "))
            assert broken_promises(found) == []
            assert set(acts(found)) <= {*possible, "change", "stop"}
            assert reply.text.count('class="primary') <= 1
            assert len(reply.text.encode()) < 30_000
            assert (forms_to(found, "/pause") == 1) is ("pause" in possible)
            if page:
                assert (forms_to(found, "/stop") == 1) is ("stop" in possible)
                assert (forms_to(found, "/keep") == 1) is ("keep" in possible and "stop" not in possible)
            else:
                assert bool(re.search(r'id="gift"', reply.text)) is ("change" in possible)


def test_the_control_a_promise_that_is_not_kept_is_found() -> None:
    layout = samples.layout("uk")
    late = pages.render(samples.sample_pages("uk")["account-late"], layout)
    assert broken_promises(Markup(late)) == []
    without = late.replace("/card", "/elsewhere")
    assert len(broken_promises(Markup(without))) == 1
    assert len(broken_promises(Markup(f"{without}<p>Натисніть кнопку нижче.</p>"))) == 2
