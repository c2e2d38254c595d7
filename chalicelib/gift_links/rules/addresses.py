"""Where a gift link leads: to the article on the newsroom's website, or to its page on ours."""

from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_NAME = "spilno"  # the wall takes it off the address bar


def opens_on_site(url: str, sites: Collection[str]) -> bool:
    """Whether an article's own page can keep what its reader was given: its site shares our cookies.

    :param sites: the origins of those that do.
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower() in sites


def on_site(url: str, token: str) -> str:
    """The article's own address with the token, in the place of one that it may carry already."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != _NAME]
    # A query that carries none stays letter for letter as the website has it.
    asked = urlencode(kept) if f"{_NAME}=" in parts.query else parts.query
    query = f"{asked}&{_NAME}={token}" if asked else f"{_NAME}={token}"
    return urlunsplit(parts._replace(query=query))


def on_our_page(public_url: str, article: str, token: str) -> str:
    """The address of the article's page on ours."""
    return f"{public_url}/read/{article}?gift={token}"
