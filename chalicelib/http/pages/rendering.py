"""Turns a page into HTML. Loaded by the first page shown, so that a gate check never pays for Jinja and Babel."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from chalicelib.colours import custom_properties
from chalicelib.http.pages import icon, kinds
from chalicelib.http.pages.chrome import Chrome
from chalicelib.http.pages.gift_form import GiftForm
from chalicelib.i18n.language import Language
from chalicelib.i18n.texts import placeholders
from chalicelib.kernel.money import Money, decimals, to_decimal_text
from chalicelib.kernel.typed_amount import own_words
from chalicelib.templating import environment, in_html, unbroken, whole

_TEMPLATES: dict[type, str] = {
    kinds.Donate: "donate",
    kinds.Thanks: "thanks",
    kinds.SignIn: "sign_in",
    kinds.EnterCode: "enter_code",
    kinds.Confirm: "confirm",
    kinds.Account: "account",
    kinds.Read: "read",
    kinds.Problem: "problem",
}
_STATIC = Path(__file__).parent.parent.parent / "static"


def render(page: kinds.Page, chrome: Chrome) -> str:
    """See `chalicelib.http.pages.render`."""
    language = Language(chrome.lang, chrome.time_zone, chrome.texts)
    template = environment().get_template(f"pages/{_TEMPLATES[type(page)]}.html")

    def url(path: str, **parameters: object) -> str:
        query = urlencode({name: value for name, value in parameters.items() if value not in ("", None)})
        return f"{chrome.public_url}{path}" + (f"?{query}" if query else "")

    values: dict[str, Any] = {
        "page": page,
        "chrome": chrome,
        "language": language,
        "t": in_html(language.texts),
        "whole": whole,
        "url": url,
        "style": _style(chrome.accent),
        "icon": icon.address(chrome.newsroom, chrome.accent),
        "script": _has_script(page),
        "own_value": lambda form: own_value(form, chrome.lang),
        "offer": lambda form: offer(form, language),
    }
    if isinstance(page, kinds.Read):
        values["article"] = _article(page, language)
    if isinstance(page, kinds.Problem):
        values["sentence"] = problem_sentence(page, chrome)
    return template.render(values)


def _article(page: kinds.Read, language: Language) -> str:
    from chalicelib import article_html  # only this page reads HTML

    say = language.texts.say
    words = article_html.Words(
        frame=say("read.frame", host="{host}"),
        elsewhere=say("read.elsewhere", host="{host}"),
        on_site=say("read.part_on_site"),
    )
    return article_html.shown(page.html, url=page.url, frames=page.frames, words=words).html


def offer(form: GiftForm, language: Language) -> dict[str, str]:
    """What the page's script needs to keep its sentences live, as `data-` attributes, in the same words."""
    say = language.texts.say
    return {
        "earns": json.dumps([[rule.from_amount, opens(rule, language)] for rule in form.earns], ensure_ascii=False),
        "nothing": say("donate.opens_nothing"),
        "button": say("donate.button_amount", amount=unbroken(say(f"amount.{form.interval}", amount="{amount}"))),
        "plain": say("donate.button"),
        "money": language.money_pattern(form.currency),
        "decimals": str(decimals(form.currency)),
        "words": json.dumps(own_words(form.currency), ensure_ascii=False),
        "minimum": str(form.minimum),
        "maximum": str(form.maximum),
    }


def opens(rule: Any, language: Language) -> str:
    """What a rule opens, and until when if that has an end."""
    if rule.until is None:
        return language.texts.say("donate.opens", opens=rule.opens)
    return language.texts.say("donate.opens_until", opens=rule.opens, until=language.day(rule.until))


def own_value(form: GiftForm, lang: str) -> str:
    """What stands in the field of the reader's own amount: `7,50`, as its language writes decimals."""
    if form.own_text:
        return form.own_text
    if form.amount is None or form.amount in form.presets:
        return ""
    # Never three decimals, which might be a group: whoever sends them is asked what they mean.
    text = _THIRD_NOUGHT.sub("", to_decimal_text(Money(form.amount, form.currency)).removesuffix(".00"))
    return text.replace(".", ",") if lang == "uk" else text


_THIRD_NOUGHT = re.compile(r"(?:\.00|(?<=\.\d\d))0$")


def problem_sentence(problem: kinds.Problem, chrome: Chrome) -> str:
    """See `chalicelib.http.pages.problem_sentence`."""
    language = Language(chrome.lang, chrome.time_zone, chrome.texts)
    values = {
        name: language.money(amount, problem.currency)
        for name, amount in (("minimum", problem.minimum), ("maximum", problem.maximum))
        if amount is not None and problem.currency
    }
    if problem.retry_after is not None:
        values["wait"] = language.wait(problem.retry_after)
    key = f"code.{problem.code}"
    if {"minimum", "maximum"} <= set(values) and problem.code == "bad_amount":
        key = "code.bad_amount_bounds"
    if key in language.texts and placeholders(language.texts.pattern(key)) <= set(values):
        return language.texts.say(key, **values)
    # A code we have no sentence for: what the domain said is in English, so only an English page may show it.
    return problem.sentence if problem.sentence and chrome.lang == "en" else language.texts.say("code.other")


def content_security_policy(page: kinds.Page, chrome: Chrome, form_targets: Iterable[str]) -> str:
    """See `chalicelib.http.pages.content_security_policy`."""
    digest = base64.b64encode(hashlib.sha256(_style(chrome.accent).encode()).digest()).decode()
    rules = ["default-src 'none'", f"style-src 'sha256-{digest}'", "base-uri 'none'", "frame-ancestors 'none'"]
    rules.append(" ".join(["form-action 'self'", *sorted(set(form_targets))]))
    if _has_script(page):
        rules += [f"script-src {chrome.public_url}/donate.js", "connect-src 'self'"]
    # The newsroom's own pictures and recordings stand in its articles, wherever it keeps them; frames are of the
    # hosts that it lists. Nobody's script runs. Elsewhere there is only the icon.
    if isinstance(page, kinds.Read):
        frames = " ".join(f"https://{host}" for host in page.frames) or "'none'"
        rules += ["img-src 'self' https: http: data:", "media-src 'self' https: http:", f"frame-src {frames}"]
    else:
        rules.append("img-src data:")
    return "; ".join(rules)


def _has_script(page: kinds.Page) -> bool:
    waits = isinstance(page, kinds.Thanks) and page.state is kinds.ThanksState.PROCESSING
    return waits or isinstance(page, kinds.Donate)


@cache
def _style(accent: str) -> str:
    return custom_properties(accent) + (_STATIC / "style.css").read_text(encoding="utf-8")
