"""Turns a page into HTML. Loaded by the first page shown, so that a gate check never pays for Jinja and Babel."""

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from chalicelib.colours import custom_properties
from chalicelib.http.pages import icon, script
from chalicelib.http.pages.layout import Layout
from chalicelib.http.pages.page import Page
from chalicelib.templating import environment, in_html, whole

_STATIC = Path(__file__).parent.parent.parent / "static"


def render(page: Page, layout: Layout) -> str:
    """Render a page as a whole HTML document, for `chalicelib.http.pages.render`, which has the errors."""
    language = layout.language()

    def url(path: str, **parameters: object) -> str:
        query = urlencode({name: value for name, value in parameters.items() if value not in ("", None)})
        return f"{layout.public_url}{path}" + (f"?{query}" if query else "")

    values: dict[str, Any] = {
        "page": page,
        "layout": layout,
        "language": language,
        "t": in_html(language.texts),
        "whole": whole,
        "url": url,
        "style": _style(layout.accent),
        "script_version": script.version(),
        "icon": icon.address(layout.newsroom, layout.accent),
        **page.more_values(language),
    }
    return environment().get_template(f"pages/{page.template}.html").render(values)


def content_security_policy(page: Page, layout: Layout, form_targets: Iterable[str]) -> str:
    """Write a page's Content-Security-Policy, for the function of the same name in `chalicelib.http.pages`."""
    digest = base64.b64encode(hashlib.sha256(_style(layout.accent).encode()).digest()).decode()
    rules = ["default-src 'none'", f"style-src 'sha256-{digest}'", "base-uri 'none'", "frame-ancestors 'none'"]
    rules.append(" ".join(["form-action 'self'", *sorted(set(form_targets))]))
    if page.script:
        rules += [f"script-src {layout.public_url}/donate.js", "connect-src 'self'"]
    return "; ".join([*rules, *page.policy()])


@cache
def _style(accent: str) -> str:
    """The style as it goes out: its comments and its spaces are for whoever edits it."""
    written = (_STATIC / "style.css").read_text(encoding="utf-8")
    return custom_properties(accent) + _SPACE.sub(r"\1", _COMMENT.sub("", written)).strip()


_COMMENT = re.compile(r"\s*/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s*([{};])\s*")
