"""What the page `/elements` shows: elements side by side with their HTML, and the variables of the style sheet."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from localdev.site.address import api_address
from localdev.site.content import site_origin
from localdev.site.elements import specimens, states
from localdev.site.elements.specimens import Page, Specimen

STYLE = Path(__file__).parents[1] / "static" / "elements.css"
GROUNDS = ("light", "dark")
THEME = "themed"  # the class of the example that is dressed as another newspaper
_WORDS = Path(__file__).with_name("words.toml")
_VARIABLE = re.compile(r"(--spilno-[a-z-]+):\s*([^;]+);")


class Variable(NamedTuple):
    """One CSS variable: its value on each ground, as the style sheet has it now."""

    name: str
    values: Mapping[str, str]

    @property
    def word(self) -> str:
        """Its name without what all of them begin with."""
        return self.name.removeprefix("--spilno-")


class Shown(NamedTuple):
    """One element on the page: what it is, its HTML to read and its HTML to use."""

    id: str
    title: str
    note: str
    html: str
    live: Markup


def values(lang: str) -> dict[str, Any]:
    """Everything that the template asks for."""
    offer = states.newsroom()
    page = Page(lang, api_address(), f"{site_origin()}{states.PREFIX}", _teaser(lang))
    amounts = {code: ", ".join(str(one) for one in of["presets"]["month"][:3]) for code, of in _currencies(offer)}
    css = STYLE.read_text("utf-8")
    return {
        "say": lambda key, **inside: _text(key, lang).format(**inside),
        "groups": {
            "donate": [_shown("donate", one, page) for one in specimens.giving(amounts)],
            "account": [_shown("account", one, page) for one in specimens.masthead()],
            "wall": [_shown("wall", one, page) for one in specimens.reading()],
        },
        "grounds": GROUNDS,
        "variables": variables(css),
        "theme": THEME,
        "theme_css": theme(css),
        "themed": [
            specimens.live(one, page) for one in (specimens.donate("full"), specimens.wall("sign_in", "sign_in"))
        ],
    }


def variables(css: str) -> list[Variable]:
    """The variables that the style sheet sets, on both grounds."""
    found = {ground: dict(_VARIABLE.findall(_block(css, f".{ground}"))) for ground in GROUNDS}
    return [Variable(name, {ground: found[ground][name] for ground in GROUNDS}) for name in found[GROUNDS[0]]]


def theme(css: str) -> str:
    """The rules that dress one example as another newspaper, as a website would write them."""
    rules = re.findall(rf"^\.{THEME} ?[^{{]*\{{[^}}]*\}}", css, re.MULTILINE)
    return "\n".join(rules).replace(f".{THEME} {{", ":root {").replace(f".{THEME} ", "")


def _block(css: str, selector: str) -> str:
    found = re.search(rf"^{re.escape(selector)} \{{([^}}]*)\}}", css, re.MULTILINE)
    return found.group(1) if found else ""


def _shown(group: str, specimen: Specimen, page: Page) -> Shown:
    key, _, code = f"{group}-{specimen.name}".partition(":")
    return Shown(
        id=f"{group}-{specimen.name.replace(':', '-')}",
        title=_text(key, page.lang).format(code=code.upper()),
        note=_text(f"{key}-note", page.lang) if f"{key}-note" in _texts() else "",
        html=specimens.shown(specimen, page),
        live=specimens.live(specimen, page),
    )


def _currencies(offer: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return list(offer.get("currencies", {}).items())


def _teaser(lang: str) -> str:
    """The first paragraph only: forty elements are long enough."""
    return states.demo_text(lang).teaser_html.split("</p>")[0] + "</p>"


@cache
def _texts() -> dict[str, dict[str, str]]:
    return tomllib.loads(_WORDS.read_text("utf-8"))


def _text(key: str, lang: str) -> str:
    return _texts()[key][lang]
