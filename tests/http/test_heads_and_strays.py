"""Who asks for headers alone gets them and changes nothing; who comes to a wrong address gets a page."""

import pytest

from chalicelib.http.routes import ROUTES
from chalicelib.newsroom.rules import Newsroom
from testkit.calls import API, Reply
from testkit.harness import Harness
from testkit.visitor import Visitor
from tests.giving.test_checkouts_over_http import start
from tests.signing_in.test_sign_in import asked, confirm

GETS = sorted({route.path for route in ROUTES if route.method == "GET"})
PERSON = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def head(visitor: Visitor, url: str, **headers: str) -> Reply:
    return visitor.call("HEAD", url, headers={"Origin": "", **headers})


@pytest.mark.usefixtures("harness")
@pytest.mark.parametrize("path", GETS)
@pytest.mark.parametrize("accept", ["*/*", PERSON["Accept"]])
def test_head_answers_like_get_without_a_body(path: str, accept: str) -> None:
    url = path.replace("{id}", "unknown").replace("{token}", "a.b") + (
        "?needs=members" if path == "/v1/access" else ""
    )
    got, looked = Visitor().get(url, Accept=accept), head(Visitor(), url, Accept=accept)
    assert (looked.status, looked.text, looked.set_cookies) == (got.status, "", ())
    expected = {name: value for name, value in got.headers.items() if name != "set-cookie"}
    # Whether an answer is worth compressing is known of its body alone.
    varies = expected.pop("vary", "").replace("Accept-Encoding", "").strip(", ")
    assert looked.headers == {**expected, **({"vary": varies} if varies else {})}


def test_a_mail_scanners_head_books_nothing_mails_nothing_and_asks_nobody(harness: Harness) -> None:
    browser = Visitor()
    session = start(browser).json["id"]
    harness.stripe.pay(session)
    before, calls = harness.rows(), harness.stripe.calls.total()
    for _ in range(40):  # more than the looks that one checkout has in a minute
        for url in (f"/v1/checkouts/return?session_id={session}", f"/thanks/{session}", f"/v1/checkouts/{session}"):
            for visitor in (browser, Visitor()):
                assert not head(visitor, url).set_cookies
    assert harness.rows() == before
    assert harness.stripe.calls.total() == calls
    assert harness.mails.sent == []


def test_get_is_what_books(harness: Harness) -> None:
    """The negative control of the test above: the same address, asked for as a browser does."""
    browser = Visitor()
    session = start(browser).json["id"]
    harness.stripe.pay(session)
    before = harness.rows()
    assert (
        head(browser, f"/v1/checkouts/return?session_id={session}").headers["location"] == f"{API}/thanks/{session}"
    )
    assert harness.rows() == before
    assert browser.get(f"/v1/checkouts/return?session_id={session}").status == 303
    assert harness.rows() != before
    assert harness.mails.sent != []


def test_head_of_a_sign_in_link_uses_nothing_up(harness: Harness) -> None:
    visitor = Visitor()
    mail = asked(harness, visitor)
    for _ in range(20):
        assert head(Visitor(), f"/v1/sign-in/{mail.token}").status == 200
    assert confirm(visitor, token=mail.token).status == 200
    assert head(visitor, "/account").status == 200, "as GET would, for who is signed in"


STRAYS = ["/nothing", "/donat", "/v1", "/v1/nothing", "/wp-login.php", "/donate/now", "/a/b/c/d", "/%D0%B0", "/.env"]


@pytest.mark.usefixtures("harness")
@pytest.mark.parametrize("path", STRAYS)
def test_a_person_at_an_unknown_address_reads_a_page_and_a_program_json(path: str) -> None:
    for language, words in (("uk", "Такої сторінки немає"), ("en", "There is no such page"), ("", "Такої сторінки")):
        page = Visitor().get(path, **PERSON, **{"Accept-Language": language})
        assert (page.status, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert words in page.text
        assert f'href="{API}/donate' in page.text, "a way on"
        assert page.headers["cache-control"] == "private, no-store"
        assert "default-src 'none'" in page.headers["content-security-policy"]
    for accept in ("", "*/*", "application/json"):
        reply = Visitor().get(path, Accept=accept)
        assert (reply.status, reply.code) == (404, "not_found")


@pytest.mark.usefixtures("harness")
@pytest.mark.parametrize(
    "path", ["/v1/sign-in", "/v1/sign-in/confirm", "/v1/checkouts", "/v1/me/portal", "/account/sign-out"]
)
def test_a_person_who_opens_what_only_takes_a_form_reads_a_page(path: str) -> None:
    """As after pressing Enter in the address bar on a form that was refused."""
    page = Visitor().get(path, **PERSON, **{"Accept-Language": "uk"})
    assert (page.status, page.headers["content-type"]) == (405, "text/html; charset=utf-8")
    assert "Цю сторінку відкривають інакше." in page.text
    assert "POST" in page.headers["allow"]
    reply = Visitor().get(path)
    assert (reply.status, reply.code) == (405, "method_not_allowed")
    assert "POST" in reply.headers["allow"]


@pytest.mark.usefixtures("harness")
def test_the_icon_is_the_newsrooms_initial() -> None:
    icon = Visitor().get("/favicon.ico", **{"Accept-Language": "uk"})
    assert (icon.status, icon.headers["content-type"]) == (200, "image/svg+xml")
    assert ">В</text>" in icon.text
    assert "#8c2f1b" in icon.text
    page = Visitor().navigate("/donate?lang=uk")
    assert '<link rel="icon" href="data:image/svg+xml,' in page.text
    assert "img-src data:" in page.headers["content-security-policy"]


@pytest.mark.usefixtures("harness")
@pytest.mark.parametrize(
    ("lang", "title"), [("uk", "Цю редакцію тримають читачі"), ("en", "Readers keep this newsroom going")]
)
def test_a_link_to_the_giving_page_can_be_shared(lang: str, title: str) -> None:
    page = Visitor().navigate(f"/donate?lang={lang}&return_to=/account").text
    assert f'<meta property="og:title" content="{title}">' in page
    assert f'<meta property="og:url" content="{API}/donate?lang={lang}">' in page, "nothing of this reader's way"
    assert page.count('<meta property="og:') == 5
    assert '<meta name="description" content="' in page
    assert "og:" not in Visitor().navigate("/sign-in").text
    assert "og:image" not in page, "the newsroom's file names none"


def test_the_newsrooms_picture_is_named_where_there_is_one() -> None:
    import dataclasses

    from chalicelib.giving.views.pages import DonationPage
    from chalicelib.http import pages
    from tests.pages import samples

    newsroom: Newsroom = dataclasses.replace(samples.newsroom(), share_image="https://news.example/a.jpg")
    chrome = pages.Layout.of(newsroom, lang="uk", public_url=API, livemode=True)
    html = pages.render(DonationPage(samples.form("uk"), samples.ATTEMPT), chrome)
    assert '<meta property="og:image" content="https://news.example/a.jpg">' in html
