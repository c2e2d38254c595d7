"""How a browser fetches, by the header of its call."""

import pytest

from chalicelib import settings
from chalicelib.http import fetching
from chalicelib.http.call import Call, Hint
from chalicelib.wiring import Wiring

LOCAL = settings.from_environment({})  # the site stands at another port of the same host


def call(method: str = "GET", **header: str) -> Call:
    headers = {name.replace("_", "-"): value for name, value in header.items()}
    return Call(Wiring(LOCAL), method, "/", {}, {}, headers, {}, b"", "192.0.2.1", Hint())


@pytest.mark.parametrize(
    "said",
    [
        "prefetch",
        "prefetch;prerender",
        "prefetch; prerender",
        "prefetch;anonymous-client-ip",
        "Prefetch",
        "x, prefetch",
    ],
)
@pytest.mark.parametrize("name", ["sec_purpose", "x_sec_purpose", "purpose", "x_purpose", "x_moz"])
def test_what_nobody_asked_for_yet_is_speculative(name: str, said: str) -> None:
    assert fetching.is_speculative(call(**{name: said}))


@pytest.mark.parametrize("name", ["purpose", "x_purpose"])
@pytest.mark.parametrize("said", ["preview", "Preview"])
def test_a_preview_for_a_start_page_or_a_timeline_is_speculative(name: str, said: str) -> None:
    """Safari's Top Sites and Facebook's app say so, with the reader's cookies and a person's browser's name."""
    assert fetching.is_speculative(call(**{name: said}))
    assert not fetching.is_speculative(call(**{name: "previewed"}))


@pytest.mark.parametrize("said", ["", "prefetched", "no-prefetch", "preview", "pre fetch"])
def test_what_only_looks_like_it_is_not(said: str) -> None:
    assert not fetching.is_speculative(call(sec_purpose=said))
    assert not fetching.is_speculative(call())
    assert fetching.is_speculative(call("HEAD"))
    assert fetching.is_speculative(call(hx_preloaded="true"))


@pytest.mark.parametrize(
    ("header", "keeps"),
    [
        ({}, True),
        ({"origin": "http://127.0.0.1:8080"}, True),
        ({"origin": "HTTP://127.0.0.1:8080"}, True),
        ({"origin": "https://elsewhere.example"}, False),
        ({"origin": "null"}, False),
        ({"sec_fetch_site": "same-origin", "sec_fetch_mode": "cors"}, True),
        ({"sec_fetch_site": "none", "sec_fetch_mode": "navigate"}, True),
        ({"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}, True),
        ({"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors"}, False),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"authorization": "Bearer a.b.c"}, False),
        ({"authorization": "bearer x", "origin": "http://127.0.0.1:8080"}, False),
        # A website that is being tried behind a password: the browser sends that with every call of its origin.
        ({"authorization": "Basic ZGVzazptaXN0"}, True),
        ({"authorization": "Basic ZGVzazptaXN0", "origin": "https://elsewhere.example"}, False),
    ],
)
def test_whether_our_cookies_come_back(header: dict[str, str], *, keeps: bool) -> None:
    assert fetching.keeps_cookies(call(**header)) is keeps
