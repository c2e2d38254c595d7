"""What `/elements` shows: each element with its attributes, in the groups of the page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from localdev.site.elements import states

# What stands in the HTML that is shown, in the place of addresses and names of the local stack.
SHOWN_API, SHOWN_ARTICLE = "https://support.news.example", "bridge-2026"
ARTICLE = {"uk": "demo-members", "en": "demo-members-en"}
_GIVE = {"uk": "Підтримати", "en": "Support us"}
_ACCOUNT = {"uk": "Моя підтримка", "en": "My support"}
_READ = {"uk": "Читати далі", "en": "Read on"}


@dataclass(frozen=True)
class Specimen:
    """One element as a website would write it. `state`: what its reader is to the API; none: the real API answers."""

    name: str
    tag: str
    attributes: Mapping[str, str | None]
    state: str | None = None


@dataclass(frozen=True)
class Page:
    """What an element needs to know of the page it stands on."""

    lang: str
    api: str
    states_api: str
    teaser: str


def donate(name: str, state: str | None = None, **attributes: str | None) -> Specimen:
    """A `<spilno-donate>`; an attribute without a value is None."""
    return Specimen(name, "spilno-donate", attributes, state)


def account(name: str, state: str | None = None) -> Specimen:
    """A `<spilno-account>`."""
    return Specimen(name, "spilno-account", {}, state)


def wall(name: str, state: str | None = None, **attributes: str | None) -> Specimen:
    """A `<spilno-wall>`."""
    return Specimen(name, "spilno-wall", attributes, state)


def giving(currencies: Mapping[str, str]) -> list[Specimen]:
    """The donate button in every state; `currencies` with the amounts that a site might offer in each."""
    first = next(iter(currencies), None)
    amounts = {"currency": first, "amounts": currencies[first]} if first else {}
    return [
        donate("full"),
        donate("compact", compact=None),
        donate("campaign", compact=None, campaign="winter"),
        donate("amounts", interval="month", **amounts),
        *(donate(f"currency:{code}", currency=code) for code in currencies),
        donate("tier", tier="patron"),
        donate("refused", state="refused", interval="once"),
        donate("down", state="down"),
    ]


def reading() -> list[Specimen]:
    """The wall in every state: first as editors preview it, then as readers of each kind meet it."""
    return [
        *(wall(f"preview-{kind}", preview=kind) for kind in ("stranger", "supporter", "thanks")),
        *(wall(state, state=state) for state in states.READERS),
    ]


def masthead() -> list[Specimen]:
    """The link of a masthead: as this browser is, and as a supporter's would have it."""
    return [account("reader"), account("supporter", states.HINTED)]


def live(specimen: Specimen, page: Page) -> Markup:
    """The element that the page holds."""
    if specimen.tag == "spilno-donate":
        # Beside a wall that a supporter reads, a button is silent; here it stands beside one of each kind.
        specimen = replace(specimen, attributes={**specimen.attributes, "always": None})
    api = f"{page.states_api}/{specimen.state}" if specimen.state else page.api
    return _html(specimen, page.lang, api, ARTICLE[page.lang], page.teaser)


def shown(specimen: Specimen, page: Page) -> str:
    """The same as a website would write it: its API's address, an article of its own, one line of teaser."""
    teaser = {"uk": "<p>Перші абзаци, для всіх.</p>", "en": "<p>The first paragraphs, for everybody.</p>"}[page.lang]
    return str(_html(specimen, page.lang, SHOWN_API, SHOWN_ARTICLE, teaser))


def _html(specimen: Specimen, lang: str, api: str, article: str, teaser: str) -> Markup:
    attributes: dict[str, str | None] = {"api": api}
    if specimen.tag == "spilno-wall":
        attributes["article"] = article
    written = [_attribute(name, value) for name, value in {**attributes, **specimen.attributes}.items()]
    apart = Markup(" ") if len(written) == 1 else Markup("\n  ")
    opening = Markup("<{}{}{}>\n").format(specimen.tag, apart, apart.join(written))
    return opening + _inside(specimen, lang, api, article, teaser) + Markup("</{}>").format(specimen.tag)


def _attribute(name: str, value: str | None) -> Markup:
    return Markup("{}").format(name) if value is None else Markup('{}="{}"').format(name, value)


def _inside(specimen: Specimen, lang: str, api: str, article: str, teaser: str) -> Markup:
    if specimen.tag == "spilno-wall":
        link = Markup('  <p class="read-on"><a href="{}/read/{}">{}</a></p>\n').format(api, article, _READ[lang])
        return Markup("  ") + Markup(teaser) + Markup("\n") + link  # noqa: S704 - our own demo articles
    if specimen.tag == "spilno-account":
        return Markup('  <a href="{}/account">{}</a>\n').format(api, _ACCOUNT[lang])
    return Markup('  <a href="{}/donate">{}</a>\n').format(api, _GIVE[lang])
