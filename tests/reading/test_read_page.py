"""`GET /read/{id}` over HTTP: what of an article its page shows, and what the website is told."""

from testkit.calls import SITE
from testkit.harness import Harness
from testkit.visitor import Visitor


def test_the_route_shows_it_so_with_the_newsrooms_own_list(harness: Harness) -> None:
    body = {
        "title": "Міст",
        "url": f"{SITE}/mist",
        "access": "open",
        "teaser_html": "<p>Т</p>",
        "body_html": '<p>Усе<img src="/a.jpg"><iframe src="//www.youtube.com/embed/dQw4w9WgXcQ"></iframe><!-- x',
    }
    assert Visitor(origin=None).put("/v1/articles/mist", body, **harness.cms_key()).status == 200
    reply = Visitor().navigate("/read/mist")
    assert f'<p>Усе<img src="{SITE}/a.jpg" alt=""><iframe class="frame-16-9"' in reply.text
    policy = reply.headers["content-security-policy"]
    assert "; frame-src https://www.youtube.com https://www.youtube-nocookie.com " in policy
    assert "; media-src 'self' https: http:;" in policy
    assert "script-src" not in policy
    # What the website asks for is the newsroom's own, to the letter.
    assert Visitor().get("/v1/articles/mist").json["html"] == body["body_html"]
