"""The frame of a hosted page for one call: language, the same page in other languages, whose page it is."""

from collections.abc import Mapping
from urllib.parse import urlencode

from chalicelib.settings import Settings
from chalicelib.web.http import Answer, Call, Cookie, page
from chalicelib.web.pages import Chrome, Page, content_security_policy, render


def language_of(call: Call, wanted: str | None = None) -> str:
    """The language to answer in: as asked for in the call, else what the browser prefers, else the newsroom's."""
    newsroom = call.wiring.newsroom
    asked = wanted or call.query.get("lang") or call.query.get("locale")
    if asked:
        return newsroom.language(asked.partition("-")[0].lower())
    preferred = [
        part.partition(";")[0].strip()[:2].lower() for part in call.headers.get("accept-language", "").split(",")
    ]
    return next((lang for lang in preferred if lang in newsroom.languages), newsroom.languages[0])


def chrome(call: Call, lang: str, *, path: str | None = None) -> Chrome:
    """The frame; `path` of a page that GET shows, so that its other languages are a click away."""
    settings, newsroom = call.wiring.settings, call.wiring.newsroom
    others = {} if path is None else {other: _address(call, path, other) for other in newsroom.languages}
    return Chrome.of(
        newsroom,
        lang=lang,
        public_url=settings.public_url,
        livemode=settings.livemode,
        languages=others,
        site_url=settings.site_origins[0] if settings.site_origins else None,
    )


def framed(
    call: Call,
    content: Page,
    lang: str,
    *,
    path: str | None = None,
    status: int = 200,
    cookies: list[Cookie] | None = None,
) -> Answer:
    """The whole page as an answer, with the policy of what it may load."""
    frame = chrome(call, lang, path=path)
    answer = page(render(content, frame), status, cookies or ())
    settings = call.wiring.settings
    policy = content_security_policy(content, frame, form_targets=form_targets(settings))
    headers = {"Content-Security-Policy": policy, **_GUARDED}
    if settings.public_url.startswith("https:"):
        headers |= _ALWAYS_ENCRYPTED
    return Answer(answer.body, answer.status, answer.media_type, headers, answer.cookies)


_GUARDED = {
    # No page that opened ours, or that ours opened, holds a handle on it.
    "Cross-Origin-Opener-Policy": "same-origin",
    # What none of our pages asks for, nor may a frame in an article. Only names that browsers know: others complain.
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in "camera display-capture geolocation hid microphone midi payment serial usb".split()
    ),
}
# A year, for this host alone: its subdomains are the newsroom's business.
_ALWAYS_ENCRYPTED = {"Strict-Transport-Security": "max-age=31536000"}


def form_targets(settings: Settings) -> list[str]:
    """Where our forms may lead: Stripe's pages (on the local stack the stand-in's) and the newsroom's websites.

    Where Stripe's *API* is called says nothing of its pages: a recorder may stand before it (STRIPE_API_BASE).
    """
    stand_in = ["http://127.0.0.1:*"] if settings.local else []
    return [*_STRIPE_PAGES, *stand_in, *settings.site_origins]


_STRIPE_PAGES = ["https://checkout.stripe.com", "https://billing.stripe.com"]


def _address(call: Call, path: str, lang: str) -> str:
    query: Mapping[str, str] = {**call.query, "lang": lang}
    return f"{call.wiring.settings.public_url}{path}?{urlencode(query)}"
