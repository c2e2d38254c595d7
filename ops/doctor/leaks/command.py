"""`doctor --leaks [URL]...`."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import zip_longest

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.articles.rows.articles import StoredArticleRow
from chalicelib.articles.rules.policy import OPEN
from chalicelib.articles.rules.sealed_text import Roots
from ops.access_keys import SEAL_KEYS, kid, parts
from ops.doctor.findings import listing
from ops.doctor.leaks import variants
from ops.doctor.leaks.crawl import PAUSE, Crawl, hosts_of
from ops.doctor.leaks.gated import Gated, GivenAway, gated, given_away, stored
from ops.doctor.leaks.keys import KeyLeak, Keys, not_to_print
from ops.doctor.leaks.leads import joined
from ops.doctor.leaks.reader import SECONDS, Reader
from ops.doctor.leaks.search import Index, Leak
from ops.doctor.leaks.variants import Visit
from ops.doctor.obstacles import obstacle
from ops.doctor.subject import NotThere, Subject
from ops.output import emit, one_line, say

LEAKED, NOTHING_READ = 1, 2
_NEITHER = "No gated text was found, and no key of a sealed one."


@dataclass
class Looked:
    """The result of one run."""

    articles: Sequence[Gated]
    without_text: Sequence[StoredArticleRow]
    given_away: Sequence[GivenAway]
    crawl: Crawl
    leaks: list[Leak] = field(default_factory=list)
    sealed: Sequence[StoredArticleRow] = ()
    keys: list[KeyLeak] = field(default_factory=list)
    no_roots: str = ""  # why keys of sealed texts are known by a printed seal only

    @property
    def code(self) -> int:
        """The command's exit code."""
        if self.leaks or self.keys or self.given_away:
            return LEAKED
        return NOTHING_READ if (self.articles or self.sealed) and not self.crawl.read else 0


def look_for_leaks(subject: Subject, urls: Sequence[str], *, budget: int, as_json: bool) -> int:
    """Look for leaks and print them; answers the exit code: 1 if gated text was found, 2 if nothing was read."""
    if sys.stderr.isatty():
        say(f"Reading, at most {budget} requests…", err=True)
    looked = look(subject, urls, budget=budget)
    if as_json:
        emit(_machine(looked))
    else:
        for line in _lines(looked):
            say(one_line(line))
    return looked.code


def look(
    subject: Subject, urls: Sequence[str], *, budget: int, pause: float = PAUSE, seconds: float = SECONDS
) -> Looked:
    """Read the given addresses, or those of every gated article, with the usual other versions of each.

    :param pause: seconds between two requests.
    :param seconds: for one answer.

    :raises TableUnavailable: what is gated cannot be known.
    """
    known, now = stored(subject.table), subject.now()
    articles, without_text = gated(known, now)
    roots, no_roots = _roots(subject)
    sealed = not_to_print(known, now) if roots or no_roots else []
    looked_for = {one.id: one.url for one in articles} | {one.id: one.url for one in sealed}
    named = list(urls) or list(looked_for.values())
    pages = [url for url in named if joined(url, url) is not None]
    ours = f"{subject.public_url}/"
    crawl = Crawl(hosts_of([*pages, ours] if not urls else pages), budget, pause=pause)
    crawl.unread.update((url, "it is no address") for url in named if url not in pages)
    looked = Looked(articles, without_text, given_away(known, now), crawl, sealed=sealed, no_roots=no_roots)
    if not looked_for:
        return looked
    closed = [] if urls else [one.id for one in known if one.id in looked_for and one.policy.needs(now) is not OPEN]
    index = Index(articles, Keys(sealed, roots))
    with closing(Reader(index, crawl.hosts, seconds)) as reader:
        for found in crawl.leaks(_visits(pages, closed, subject.public_url), reader):
            if isinstance(found, KeyLeak):
                looked.keys.append(found)
            else:
                looked.leaks.append(found)
    return looked


def _roots(subject: Subject) -> tuple[Roots, str]:
    """The seal keys, none where the newsroom seals nothing; and why they are not known."""
    try:
        keys = parts(subject.secret(SEAL_KEYS))
    except NotThere:
        return [], ""
    except (BotoCoreError, ClientError) as error:
        return [], obstacle(error).says
    return [(kid(key), key.partition(":")[2].encode()) for key in keys], ""


def _visits(pages: Sequence[str], ids: Sequence[str], public_url: str) -> Iterator[Visit]:
    """All pages first, then what a site has once, then the other versions in turn, so that a budget reaches all."""
    in_turn = list(zip_longest(*(variants.of_article(page) for page in pages)))
    yield from (visit for each in in_turn[:1] for visit in each if visit)
    for page in {variants.host(page): page for page in reversed(pages)}.values():
        yield from variants.of_site(page)
    for name in ids:
        yield Visit(f"{public_url}/v1/articles/{name}", "our own API")
        yield Visit(f"{public_url}/v1/articles/{name}/seal", "our own API, or a cache before it")
        yield Visit(f"{public_url}/read/{name}", "our own page")
    yield from (visit for each in in_turn[1:] for visit in each if visit)


def _lines(looked: Looked) -> Iterator[str]:
    yield from _about_articles(looked)
    if looked.crawl.left_out:
        yield f"{_many(looked.crawl.left_out, 'address')} left out: --requests allows no more."
    if looked.crawl.unread:
        yield ""
        yield "Not read:"
        yield from (f"  {url}: {why}" for url, why in looked.crawl.unread.items())
    if looked.leaks:
        yield ""
        yield "Gated text that anybody can read:"
    for leak in looked.leaks:
        yield f"  {leak.title} ({leak.article}): {leak.share} % at {leak.url}"
        yield f"    {leak.how}; it begins: {leak.begins} …"
    yield from _about_keys(looked.keys)
    yield ""
    if looked.leaks:
        count = len({leak.article for leak in looked.leaks})
        yield f"{_many(count, 'article')} can be read for free. Let the website send the teaser only, there too."
    elif looked.crawl.read:
        yield "No gated text was found." if looked.keys or not looked.sealed else _NEITHER
    elif looked.articles or looked.sealed:
        yield "Nothing could be read, so nothing is known."


def _about_keys(found: Sequence[KeyLeak]) -> Iterator[str]:
    if not found:
        return
    yield ""
    yield "Keys of sealed texts that anybody can read, now or once the text has closed:"
    for one in found:
        yield f"  {one.title} ({one.article}): at {one.url}"
        yield f"    {one.how}"
    yield "Whoever has one opens that text for ever. Let pages print the seal that PUT answered, never that of"
    yield "GET /seal (docs/website.md). A text that is changed and put again gets another key."


def _about_articles(looked: Looked) -> Iterator[str]:
    """Lines on what the table alone shows."""
    if looked.articles:
        texts, read = _many(len(looked.articles), "gated article"), _many(looked.crawl.read, "answer")
        yield f"Looked for the text of {texts} in {read}."
    elif not looked.given_away and not looked.sealed:
        yield "The table holds no gated article with a text: there is nothing to look for."
    for one in looked.given_away:
        yield f"{one.title} ({one.article}): {one.share} % of its text stand in its teaser, which everybody reads."
    if looked.given_away:
        yield "Put them again with a shorter teaser_html."
    if looked.no_roots:
        yield f"Keys were looked for in whole seals only, as SPILNO_SEAL_KEYS could not be read: {looked.no_roots}."
    if looked.without_text:
        names = listing([article.id for article in looked.without_text])
        yield f"Only the website has the text of {names}: what to look for there is not known here."


def _many(count: int, what: str) -> str:
    plural = {"address": "addresses"}.get(what, f"{what}s")
    return f"{count} {what if count == 1 else plural}"


def _machine(looked: Looked) -> dict[str, object]:
    return {
        "leaks": [vars(leak) for leak in looked.leaks],
        "keys": [vars(one) for one in looked.keys],
        "articles": len(looked.articles),
        "given_away": [vars(one) for one in looked.given_away],
        "without_text": [article.id for article in looked.without_text],
        "read": looked.crawl.read,
        "left_out": looked.crawl.left_out,
        "not_read": [{"url": url, "why": why} for url, why in looked.crawl.unread.items()],
    }
