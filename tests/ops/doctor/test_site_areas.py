"""The website's part of doctor: each finding from facts alone, and domains by the public suffix list."""

import json
from dataclasses import replace
from typing import Any

import pytest

from ops.doctor.areas import api, caching, origins
from ops.doctor.areas.api import Versions
from ops.doctor.areas.caching import Passed, Seen
from ops.doctor.areas.origins import Origin
from ops.doctor.web import Reply
from testkit.findings import levels

NOW = 1_795_000_000
PROBLEM = {"content-type": "application/problem+json"}


def told(body: dict[str, Any], status: int = 200, **headers: str) -> Reply:
    sent = {"content-type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Reply(status, sent, json.dumps(body))


class TestApi:
    health = told({"ok": True, "version": "0.1.0", "table": "ok"}, strict_transport_security="max-age=31536000")
    fine = api.Facts("prod", "https://news.example/support", health, Reply(404, PROBLEM, "{}"))

    def test_up_and_whole(self) -> None:
        assert levels(api.check(self.fine, NOW)) == {"api": "ok"}
        local = replace(self.fine, stage="local", public_url="http://127.0.0.1:8000")
        assert levels(api.check(replace(local, health=told({"table": "ok"})), NOW)) == {"api": "ok"}

    def test_no_answer(self) -> None:
        silent = replace(self.fine, health=None, unknown=None, silent="it takes too long")
        assert levels(api.check(silent, NOW)) == {"api_silent": "problem"}

    @pytest.mark.parametrize(
        "health",
        [
            Reply(404, {"content-type": "text/html"}, "<h1>Not found</h1>"),
            Reply(200, {"content-type": "text/html"}, "<h1>Nadrichchia</h1>"),
            Reply(301, {"location": "https://www.news.example/"}),
            told({"status": "fine"}),
            told({"table": "ok"}, status=403),
        ],
    )
    def test_somebody_else_answers_there(self, health: Reply) -> None:
        assert levels(api.check(replace(self.fine, health=health), NOW)) == {"api_elsewhere": "problem"}

    @pytest.mark.parametrize("status", [500, 502, 504])
    def test_a_function_that_does_not_start(self, status: int) -> None:
        failing = replace(self.fine, health=Reply(status, PROBLEM, "{}"))
        assert levels(api.check(failing, NOW)) == {"api_failing": "problem"}

    def test_a_prefix_that_is_not_taken_off_has_its_own_mend(self) -> None:
        lost = replace(self.fine, health=Reply(404, PROBLEM, "{}"))
        (finding,) = api.check(lost, NOW)
        assert "/support" in finding.mend

    def test_the_table_is_down(self) -> None:
        down = told({"table": "down"}, 503, strict_transport_security="max-age=31536000")
        assert levels(api.check(replace(self.fine, health=down), NOW)) == {"api_table": "problem"}

    def test_error_pages_of_the_cdn(self) -> None:
        replaced = replace(self.fine, unknown=Reply(200, {"content-type": "text/html"}, "<h1>Oops</h1>"))
        assert levels(api.check(replaced, NOW)) == {"api_errors_replaced": "warning", "api": "ok"}

    def test_the_way_there(self) -> None:
        plain = replace(self.fine, public_url="http://news.example/support")
        assert levels(api.check(plain, NOW)) == {"api_https": "problem", "api": "ok"}
        own = replace(self.fine, public_url="https://x.execute-api.eu-central-1.amazonaws.com/api")
        assert levels(api.check(own, NOW)) == {"api_address": "warning", "api": "ok"}
        for value in ("", "max-age=60", "includeSubDomains"):
            lax = replace(self.fine, health=told({"table": "ok"}, strict_transport_security=value))
            assert levels(api.check(lax, NOW)) == {"api_hsts": "note", "api": "ok"}

    @pytest.mark.parametrize(
        ("running", "packaged", "here", "code", "level"),
        [
            ("a" * 12, "a" * 64, "a" * 64, "version", "ok"),
            ("a" * 12, "", "a" * 64, "version", "ok"),
            ("a" * 12, "b" * 64, "b" * 64, "version_not_deployed", "warning"),
            ("a" * 12, "a" * 64, "b" * 64, "version_differs", "warning"),
            ("a" * 12, "", "b" * 64, "version_differs", "warning"),
            ("", "a" * 64, "a" * 64, "version_unknown", "warning"),
        ],
    )
    def test_versions(self, running: str, packaged: str, here: str, code: str, level: str) -> None:
        assert levels(api.check_versions(Versions("prod", running, packaged, here), NOW)) == {code: level}


class TestCaches:
    private = Seen("/v1/session", Reply(200, {"cache-control": "private, no-store"}))
    newsroom = Seen(
        "/v1/newsroom", told({}, cache_control="public, max-age=60", age="12", x_cache="Hit from cloudfront")
    )
    fine = caching.Facts((private,), (newsroom,))

    def check(self, private: dict[str, str] | None = None, **kept: Any) -> dict[str, str]:
        facts = self.fine
        if private is not None:
            headers = {"cache-control": "private, no-store", **private}
            facts = replace(facts, private=(Seen("/v1/session", Reply(200, headers)),))
        if kept:
            facts = replace(facts, kept=(Seen("/v1/newsroom", Reply(**kept)),))
        return levels(caching.check(facts, NOW))

    def test_a_cache_that_keeps_the_two_files_only(self) -> None:
        assert self.check() == {"caches": "ok"}
        assert self.check(private={"x-cache": "Miss from cloudfront"}) == {"caches": "ok"}
        assert self.check(private={"age": "0", "cf-cache-status": "DYNAMIC"}) == {"caches": "ok"}

    @pytest.mark.parametrize(
        "headers",
        [{"age": "3"}, {"x-cache": "Hit from cloudfront"}, {"cf-cache-status": "HIT"}, {"x-cache": "HIT, MISS"}],
    )
    def test_somebody_elses_session(self, headers: dict[str, str]) -> None:
        assert self.check(private=headers) == {"cache_private": "problem"}

    def test_our_header_replaced(self) -> None:
        assert self.check(private={"cache-control": "public, max-age=60"}) == {"cache_header": "problem"}

    def test_the_public_files(self) -> None:
        json_type = {"content-type": "application/json"}
        long = {**json_type, "cache-control": "public, max-age=60", "age": "4000"}
        assert self.check(status=200, headers=long) == {"cache_too_long": "warning"}
        other = {**json_type, "cache-control": "public, max-age=86400"}
        assert self.check(status=200, headers=other) == {"cache_public_header": "note"}
        assert self.check(status=404, headers=PROBLEM) == {"public_missing": "problem"}
        assert self.check(status=200, headers={"content-type": "text/html"}) == {"public_missing": "problem"}


class TestPassing:
    fine = Passed(
        authorization=told({"code": "unknown_key"}, 401),
        query=told({"code": "bad_needs"}, 400),
        post=told({"code": "missing_field", "status": 400}, 400),
        cookie=told({"signed_in": False}, set_cookie="__Host-spilno-session=; Max-Age=0"),
        proxied=True,
        has_secret=True,
        local=False,
    )

    def test_all_arrives(self) -> None:
        assert levels(caching.check_passed(self.fine, NOW)) == {"passing": "ok"}

    @pytest.mark.parametrize(
        ("name", "reply"),
        [
            ("authorization", told({"code": "unknown_article"}, 404)),
            ("query", told({"open": False})),
            ("post", Reply(403, {"content-type": "text/html"}, "This distribution is not configured to allow POST")),
            ("cookie", told({"signed_in": False})),
        ],
    )
    def test_one_thing_lost(self, name: str, reply: Reply) -> None:
        changed: dict[str, Any] = {name: reply}
        assert levels(caching.check_passed(replace(self.fine, **changed), NOW)) == {"passing": "problem"}

    def test_the_proxys_secret(self) -> None:
        facts = replace(self.fine, proxied=False)
        assert levels(caching.check_passed(facts, NOW)) == {"passing": "ok", "proxy_secret": "problem"}
        assert levels(caching.check_passed(replace(facts, has_secret=False), NOW)) == {"passing": "ok"}
        unseen = replace(facts, proxied=None)
        assert levels(caching.check_passed(unseen, NOW)) == {"passing": "ok", "proxy_unseen": "note"}


class TestOrigins:
    site = "https://news.example"
    allowed = Reply(204, {"access-control-allow-origin": site, "access-control-allow-credentials": "true"})
    fine = origins.Facts("prod", "https://news.example/support", (Origin(site, allowed),), Reply(204))

    def with_site(self, **changes: Any) -> origins.Facts:
        return replace(self.fine, origins=(replace(self.fine.origins[0], **changes),))

    def test_the_same_site_is_allowed_and_a_stranger_is_not(self) -> None:
        assert levels(origins.check(self.fine, NOW)) == {"origins": "ok"}
        for allowed in ("*", origins.STRANGER):
            open_to_all = replace(self.fine, stranger=Reply(204, {"access-control-allow-origin": allowed}))
            assert levels(origins.check(open_to_all, NOW)) == {"cors_everybody": "problem"}

    @pytest.mark.parametrize(
        "reply",
        [
            Reply(403),
            Reply(204, {"access-control-allow-origin": site}),
            Reply(204, {"access-control-allow-origin": "*", "access-control-allow-credentials": "true"}),
        ],
    )
    def test_refused(self, reply: Reply) -> None:
        assert levels(origins.check(self.with_site(preflight=reply), NOW)) == {"cors_refused": "problem"}

    def test_another_site_gets_the_hosted_pages_only(self) -> None:
        other = self.with_site(origin="https://blog.example")
        assert levels(origins.check(other, NOW)) == {"origin_other_site": "note", "origins": "ok"}
        plain = self.with_site(origin="http://news.example")
        assert levels(origins.check(plain, NOW)) == {"origin_other_site": "note", "origins": "ok"}

    def test_neighbours_below_a_public_suffix_only_look_like_one_site(self) -> None:
        facts = replace(self.with_site(origin="https://paper.web.app"), public_url="https://pay.web.app")
        assert levels(origins.check(facts, NOW)) == {"origin_public_suffix": "warning"}

    def test_a_front_page_that_leads_elsewhere(self) -> None:
        www = "https://www.news.example"
        assert levels(origins.check(self.with_site(sends_on_to=www), NOW)) == {"origin_elsewhere": "problem"}
        both = replace(self.fine, origins=(
            Origin(self.site, self.allowed, sends_on_to=www),
            Origin(www, replace(self.allowed, headers={**self.allowed.headers, "access-control-allow-origin": www})),
        ))  # fmt: skip
        assert levels(origins.check(both, NOW)) == {"origins": "ok"}
        assert levels(origins.check(self.with_site(silent="no answer"), NOW)) == {"origin_silent": "warning"}

    def test_none(self) -> None:
        assert levels(origins.check(replace(self.fine, origins=()), NOW)) == {"origins_none": "problem"}
