"""Makes the answer that is a hosted page: chooses its language and layout, and sets its security headers."""

from collections.abc import Mapping
from urllib.parse import urlencode

from chalicelib.http.call import Answer, Call, Cookie, page
from chalicelib.http.pages import Layout, Page, content_security_policy, render
from chalicelib.http.return_url import lenient, lenient_source
from chalicelib.kernel.languages import preferred, understood
from chalicelib.kernel.law import labels_for
from chalicelib.settings import Settings


def language_of(call: Call, *wanted: str | None) -> str:
    """The language of a page: as asked for, else what the browser prefers, else the newsroom's first.

    :param wanted: language codes before those of the query; the first that the newsroom speaks counts.
    """
    spoken = call.wiring.newsroom.languages
    asked = (*wanted, call.query.get("lang"), call.query.get("locale"))
    by_browser = preferred(call.headers.get("accept-language", ""), spoken)
    meant = (*(understood(code, spoken) for code in asked), *by_browser)
    return next(filter(None, meant), spoken[0])


def layout_of(call: Call, lang: str, *, path: str | None = None) -> Layout:
    """The layout of a page. `path`: its own, if GET shows it, so that it links to its other languages."""
    settings, newsroom = call.wiring.settings, call.wiring.newsroom
    others = {} if path is None else {other: _address(call, path, other) for other in newsroom.languages}
    return Layout.of(
        newsroom,
        lang=lang,
        public_url=settings.public_url,
        livemode=settings.livemode,
        languages=others,
        site_url=settings.site_origins[0] if settings.site_origins else None,
        law=labels_for(lang, call.headers.get("accept-language", ""), newsroom.languages).lang,
    )


def page_answer(
    call: Call,
    content: Page,
    lang: str,
    *,
    path: str | None = None,
    status: int = 200,
    cookies: list[Cookie] | None = None,
) -> Answer:
    """The rendered page as an answer, with its Content-Security-Policy and the other headers of pages."""
    frame = layout_of(call, lang, path=path)
    answer = page(render(content, frame), status, cookies or ())
    settings = call.wiring.settings
    policy = content_security_policy(content, frame, form_targets=form_targets(settings))
    headers = {"Content-Security-Policy": policy, **_GUARDED}
    if settings.public_url.startswith("https:"):
        headers |= _ALWAYS_ENCRYPTED
    return Answer(answer.body, answer.status, answer.media_type, headers, answer.cookies)


_GUARDED = {
    # A page that opened ours, or that ours opened, gets no reference to it.
    "Cross-Origin-Opener-Policy": "same-origin",
    # Permissions that our pages and frames in articles need not have. Names that browsers know: they warn of others.
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in "camera display-capture geolocation hid microphone midi payment serial usb".split()
    ),
}
# A year, for this host alone: its subdomains are the newsroom's business.
_ALWAYS_ENCRYPTED = {"Strict-Transport-Security": "max-age=31536000"}


def form_targets(settings: Settings) -> list[str]:
    """Where our forms may lead: Stripe's pages (on the local stack the stand-in's) and the newsroom's websites.

    The address of Stripe's *API* (STRIPE_API_BASE) says nothing about its pages: a recorder may stand before the API.
    """
    stand_in = ["http://127.0.0.1:*"] if settings.local else []
    return [*_STRIPE_PAGES, *stand_in, *settings.site_origins]


# Its third page confirms a payment, of a change that is charged at once.
_STRIPE_PAGES = ["https://checkout.stripe.com", "https://billing.stripe.com", "https://invoice.stripe.com"]


def _address(call: Call, path: str, lang: str) -> str:
    # As short as the page itself keeps them: an address has its bounds, CloudFront's of 8,192 characters.
    kept = {
        "return_to": lenient(call, call.query.get("return_to")),
        "source": lenient_source(call, call.query.get("source", "")),
    }
    query: Mapping[str, str] = {**call.query, **kept, "lang": lang}
    return f"{call.wiring.settings.public_url}{path}?{urlencode({n: v for n, v in query.items() if v})}"
