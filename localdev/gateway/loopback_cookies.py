"""Cookies for WebKit over plain http: without the `__Host-` prefix and the Secure attribute on the wire.

Chromium and Firefox take Secure cookies from http on a loopback address. WebKit, and so Safari, takes none of them
(https://bugs.webkit.org/show_bug.cgi?id=281149): whoever gives or signs in there would be a stranger again on the
next page. The app itself knows nothing of this; every other caller sends and gets its cookies as they are.
"""

from urllib.parse import urlsplit

PREFIX = "__Host-"
_PLAIN = "spilno-"
Headers = tuple[tuple[str, str], ...]


def needed(public_url: str, user_agent: str) -> bool:
    """Whether this caller is WebKit and reaches the stack over http. On iOS every browser is WebKit.

    Chromium calls itself AppleWebKit too, but also Chrome. With a public address on https something in front of the
    stack speaks it, and WebKit takes the real cookies.
    """
    return (
        urlsplit(public_url).scheme == "http"
        and "AppleWebKit/" in user_agent
        and not any(chromium in user_agent for chromium in ("Chrome/", "Chromium/"))
    )


def outgoing(headers: Headers) -> Headers:
    """An answer's headers, its `Set-Cookie` as WebKit takes it over http."""
    return tuple((name, _plain(value) if name.lower() == "set-cookie" else value) for name, value in headers)


def incoming(headers: Headers) -> Headers:
    """A request's headers, its `Cookie` as the app knows it.

    A cookie that comes under both names is handed on once, as it was set over https: the app would take neither.
    """
    return tuple((name, _prefixed(value) if name.lower() == "cookie" else value) for name, value in headers)


def _plain(cookie: str) -> str:
    if not cookie.startswith(PREFIX + _PLAIN):
        return cookie
    parts = [part for part in cookie.removeprefix(PREFIX).split(";") if part.strip().lower() != "secure"]
    return ";".join(parts)


def _prefixed(cookies: str) -> str:
    pairs = [pair.strip(" \t") for pair in cookies.split(";")]
    there = {_name(pair) for pair in pairs}
    twice = [pair for pair in pairs if pair.startswith(_PLAIN) and PREFIX + _name(pair) in there]
    return "; ".join(PREFIX + pair if pair.startswith(_PLAIN) else pair for pair in pairs if pair not in twice)


def _name(pair: str) -> str:
    return pair.partition("=")[0].strip(" \t")
