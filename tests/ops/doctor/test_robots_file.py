"""robots.txt as robots read it: groups, wildcards, the longest rule, and files of every kind."""

import time

import pytest

from ops.doctor.robots_file import may_fetch

FILE = """\ufeff
Disallow: /before-any-name
user-agent : FooBot # a comment
Disallow:/private
Allow: /private/open
Noindex: /x

User-Agent: BarBot

Crawl-delay: 10
User-agent: BazBot
Disallow: /*.pdf$
Disallow: /a/*/b

User-agent: *
Disallow: /all
User-agent: FooBot
Disallow: /second
"""


@pytest.mark.parametrize(
    ("name", "path", "may"),
    [
        ("FooBot", "/", True),
        ("foobot", "/private/x", False),
        ("FooBot", "/private/open/x", True),
        ("FooBot", "/all", True),
        ("FooBot", "/second", False),
        ("BarBot", "/a/x/b", False),
        ("BazBot", "/a/b", True),
        ("BazBot", "/a/x/y/b/c", False),
        ("BazBot", "/x.pdf", False),
        ("BazBot", "/x.pdf.html", True),
        ("BazBot", "/x.pdf?x.pdf", False),
        ("OtherBot", "/all/x", False),
        ("OtherBot", "/before-any-name", True),
    ],
)
def test_who_may_fetch_what(name: str, path: str, may: bool) -> None:
    assert may_fetch(FILE, name, path) is may


@pytest.mark.parametrize(
    ("rules", "path", "may"),
    [
        ("Disallow:", "/", True),
        ("Disallow: /", "/", False),
        ("Disallow: /\nAllow: /", "/", True),
        ("Disallow: /x\nAllow: /", "/x", False),
        ("Disallow: *", "/", False),
        ("Disallow: /$", "/", False),
        ("Disallow: /$", "/a", True),
        ("Disallow: /новини", "/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B8", False),
        ("Disallow: /a*a*$", "/aa", False),
        ("Disallow", "/", True),
        (": /", "/", True),
    ],
)
def test_rules(rules: str, path: str, may: bool) -> None:
    assert may_fetch(f"User-agent: *\n{rules}", "AnyBot", path) is may
    assert may_fetch(f"User-agent: *\r\n{rules}".replace("\n", "\r"), "AnyBot", path) is may


def test_a_hostile_file_takes_no_time() -> None:
    started = time.perf_counter()
    for text in (
        "*" * 400_000,
        "User-agent: *\nDisallow: /" + "a*" * 200_000 + "$",
        "User-agent: *\n" * 30_000,
        "\x00",
    ):
        may_fetch(text, "Googlebot", "/" + "a" * 2_000)
    assert time.perf_counter() - started < 5
