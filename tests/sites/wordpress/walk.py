"""Every address of a WordPress that a stranger may ask for, and which of them show a text that they must not."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import requests

from tests.sites.wordpress.site import Site

# Assets and what ends a session are no texts; each page links to hundreds of them.
_NOT_WALKED = re.compile(
    r"/wp-(includes|content|login|admin)|xmlrpc\.php|\.(css|js|png|svg|woff2?)(\?|$)|replytocom="
)
_ADDRESS = re.compile(
    r"""(?:href|src|url)\s*=\s*["']([^"']+)["']|<(?:loc|link|guid[^>]*)>([^<]+)<|"(https?:[^"]+)\""""
)


def addresses(site: Site, post: int, slug: str, canary: str) -> list[str]:
    """What is asked for, whether anything links to it or not."""
    link = quote(f"{site.url}/{slug}/")
    listed = (Path(__file__).parent / "addresses.txt").read_text(encoding="utf-8")
    return listed.format(post=post, slug=slug, text=quote(canary), link=link).split()


def leaks(site: Site, paths: list[str], canary: str, *, further: int = 0) -> tuple[list[str], int]:
    """Which addresses show the canary, and how many were asked.

    :param further: so many of the addresses that their answers link to are asked, too.
    """
    asked: set[str] = set()
    found: list[str] = []
    queue = [urljoin(site.url, path) for path in paths]
    while queue:
        asked.update(queue)
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(_answer, queue))
        found += [address for address, text in zip(queue, answers, strict=True) if _shows(text, canary)]
        linked = {link for text in answers for link in _links(site, text)} - asked
        queue = sorted(linked)[: max(0, further)]
        further -= len(queue)
    return sorted(path.removeprefix(site.url) for path in found), len(asked)


def _answer(address: str) -> str:
    answer = requests.get(address, timeout=60)
    return f"{answer.headers}\n{answer.text}"


def _shows(text: str, canary: str) -> bool:
    """The asked words come back from a search; what is meant is the sentence around them."""
    return f"{canary} sings" in text


def _links(site: Site, text: str) -> set[str]:
    """The addresses of the same site in an answer."""
    found = {next(filter(None, groups)) for groups in _ADDRESS.findall(text.replace("\\/", "/"))}
    whole = {urljoin(site.url, unescape(one)).partition("#")[0] for one in found}
    home = urlsplit(site.url).netloc
    return {one for one in whole if urlsplit(one).netloc == home and not _NOT_WALKED.search(one)}
