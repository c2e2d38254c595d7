"""Which hosts are one site, by the Public Suffix List, and on which domain a cookie is shared with a website."""

import pytest

from chalicelib.http.origins import with_cookies
from chalicelib.http.sites import cookie_domain, is_suffix, registrable, same_site, shared_suffix
from testkit.calls import API, SITE, Reply, event, invoke
from testkit.harness import Harness
from testkit.visitor import Visitor

SUPPORT = "https://support.news.example"


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("www.news.com.ua", "news.com.ua"),
        ("a.b.news.lviv.ua", "news.lviv.ua"),
        ("paper.github.io", "paper.github.io"),
        ("www.paper.github.io", "paper.github.io"),
        ("api.news.example", "news.example"),
        ("news.example", "news.example"),
        ("pidtrymka.xn--d1acpjx3f.xn--j1amh", "xn--d1acpjx3f.xn--j1amh"),
        ("www.city.kawasaki.jp", "city.kawasaki.jp"),
        ("a1b2.execute-api.eu-central-1.amazonaws.com", "a1b2.execute-api.eu-central-1.amazonaws.com"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("localhost", ""),
        ("com.ua", ""),
        ("github.io", ""),
        ("x.kawasaki.jp", ""),
        ("news.example.", ""),
        ("a..b", ""),
        ("", ""),
        ("xn--a.example", "xn--a.example"),
    ],
)
def test_registrable_domains(host: str, own: str) -> None:
    assert registrable(host) == own


def test_what_is_nobodys_own() -> None:
    assert [host for host in ("github.io", "com.ua", "cloudfront.net", "a.b.c.kobe.jp") if is_suffix(host)] == [
        "github.io",
        "com.ua",
        "cloudfront.net",
    ]
    assert not any(
        is_suffix(host) for host in ("paper.github.io", "news.example", "127.0.0.1", "localhost", "ua", "")
    )


def test_same_site_as_browsers_have_it() -> None:
    assert same_site("https://news.com.ua", "https://pay.news.com.ua/support")
    assert same_site("http://127.0.0.1:8080", "http://127.0.0.1:8000")
    assert same_site("https://a.github.io", "https://a.github.io:8443")
    assert not same_site("https://news.com.ua", "https://other.com.ua")
    assert not same_site("https://a.github.io", "https://b.github.io")
    assert not same_site("http://news.example", "https://news.example")
    assert not same_site("http://127.0.0.1", "http://127.0.0.2")
    assert not same_site("https://a.example.", "https://b.example.")


def test_what_hosts_have_in_common() -> None:
    assert shared_suffix(["a.b.news.example", "c.b.news.example"]) == "b.news.example"
    assert shared_suffix(["news.example", "oldnews.example"]) == "example"
    assert (shared_suffix(["a", "a"]), shared_suffix(["a.b", "a.c"]), shared_suffix([])) == ("a", "", "")


@pytest.mark.parametrize(
    ("api", "sites", "domain"),
    [
        ("https://api.news.example", ["https://news.example"], "news.example"),
        ("https://support.news.co.uk", ["https://www.news.co.uk"], "news.co.uk"),
        ("https://support.news.co.uk/a/b", ["https://www.news.co.uk:8443"], "news.co.uk"),
        ("https://a.intern.news.example", ["https://b.intern.news.example"], "intern.news.example"),
        # Several websites: one domain that each of them sees; those of another site do not count.
        (SUPPORT, ["https://www.news.example", "https://news.example"], "news.example"),
        (SUPPORT, ["https://a.support.news.example", "https://b.support.news.example"], "support.news.example"),
        (SUPPORT, ["https://a.support.news.example", "https://www.news.example"], "news.example"),
        (SUPPORT, ["https://elsewhere.example", "https://news.example"], "news.example"),
        (SUPPORT, ["https://elsewhere.example"], None),
        ("https://news.example/support", ["https://news.example", "https://shop.news.example"], "news.example"),
        # The same host needs none; nobody shares an address, a suffix or a name without a dot.
        ("https://news.example/support", ["https://news.example"], None),
        ("https://news.example:8443", ["https://news.example"], None),
        ("https://x.github.io", ["https://y.github.io"], None),
        ("https://x.s3.amazonaws.com", ["https://y.s3.amazonaws.com"], None),
        ("https://a.cloudfront.net", ["https://b.cloudfront.net"], None),
        ("https://news.com.ua", ["https://support.com.ua"], None),
        ("https://github.io", ["https://x.github.io"], None),
        ("http://127.0.0.1:8000", ["http://127.0.0.1:8080"], None),
        ("http://10.0.0.1", ["http://10.0.0.2"], None),
        ("http://[::1]:8000", ["http://[::2]:8080"], None),
        ("http://localhost:8000", ["http://localhost:8080"], None),
        ("http://api.localhost", ["http://www.localhost"], None),
        # Another scheme is another site.
        ("https://api.news.example", ["http://news.example"], None),
        (SUPPORT, [], None),
        # What is no name of a host never comes into a header.
        ("https://support.news.example;x=y", ["https://www.news.example;x=y"], None),
        ("https://support.new s.example", ["https://www.new s.example"], None),
        ("https://support.новини.example", ["https://www.новини.example"], None),
        ("https://a.news.example.", ["https://b.news.example."], None),
    ],
)
def test_the_domain_of_a_shared_cookie(api: str, sites: list[str], domain: str | None) -> None:
    assert cookie_domain(api, tuple(sites)) == domain


def test_without_the_private_part_of_the_list_neighbours_would_share() -> None:
    """The negative control: the list of registries alone, and the last two labels, know nothing of github.io."""
    from publicsuffixlist import PublicSuffixList

    assert PublicSuffixList(only_icann=True).privatesuffix("x.github.io") == "github.io"


@pytest.fixture
def hosted() -> Harness:
    """A newsroom whose API and website look alike, and are two sites below a public suffix."""
    return Harness(environ={"SPILNO_PUBLIC_URL": "https://x.web.app", "SPILNO_SITE_ORIGINS": "https://y.web.app"})


def cors(reply: Reply) -> tuple[str | None, str | None]:
    names = ("access-control-allow-origin", "access-control-allow-credentials")
    return reply.headers.get(names[0]), reply.headers.get(names[1])


def test_neighbours_below_a_public_suffix_get_the_hosted_pages_only(hosted: Harness) -> None:
    with hosted.installed():
        assert with_cookies(hosted.settings) == ("https://x.web.app",)
        news = Visitor().get("/v1/newsroom", Origin="https://y.web.app")
        assert cors(news) == ("https://y.web.app", None)
        assert (news.json["cookie_origins"], news.json["hint"]["domain"]) == ([], None)
        refused = Visitor(origin="https://y.web.app").post("/v1/sign-in", {"email": "a@reader.example"})
        assert (refused.status, refused.code) == (403, "foreign_origin")


def test_a_website_elsewhere_is_not_believed_for_a_cookie_that_came_along(hosted: Harness) -> None:
    """Only where the names do not speak against it may a cookie say that browsers call two origins one site."""
    elsewhere = "https://elsewhere.example"
    hosted.wiring.settings = hosted.settings._replace(site_origins=(elsewhere,))
    with hosted.installed():
        carried = {"Origin": elsewhere, "Cookie": "__Host-spilno-session=a"}
        assert cors(invoke(event("GET", "/v1/session", "", carried, "192.0.2.1"))) == (elsewhere, None)


def test_the_newsrooms_answer_says_where_cookies_work() -> None:
    sites = "https://www.news.example,https://elsewhere.example,https://news.example"
    harness = Harness(environ={"SPILNO_PUBLIC_URL": SUPPORT, "SPILNO_SITE_ORIGINS": sites, "SPILNO_SITE_ID": "news"})
    harness.wiring.settings = harness.settings._replace(stage="prod")
    with harness.installed():
        news = Visitor().get("/v1/newsroom").json
    assert news["cookie_origins"] == ["https://www.news.example", "https://news.example"]
    assert news["hint"] == {"name": "spilno-ask", "domain": "news.example"}


def test_locally_the_hint_ends_in_the_port_and_is_shared_by_the_host(harness: Harness) -> None:
    news = Visitor().get("/v1/newsroom").json
    assert (news["cookie_origins"], news["hint"]) == ([SITE], {"name": "spilno-ask-8000", "domain": None})
    assert with_cookies(harness.settings) == (API, SITE)
