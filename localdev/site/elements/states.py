"""Readers of every kind, for `/elements`: below `/elements/api/<state>` each call answers as the API answers them.

The elements there are the real ones and know nothing of it: what a reader is to the newsroom decides what they show,
and no page can have ten readers at once. What is the same for every reader is asked of the real API.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from flask import Blueprint, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from chalicelib.i18n.texts import Texts
from localdev.site.address import api_address
from localdev.site.content import Article, articles

PREFIX = "/elements/api"
HINTED = "hinted"  # any state would do: the hint is the browser's
TEXT = {"uk": "demo-open", "en": "demo-open-en"}  # open to all: nothing gated stands on this site
_SECONDS = 5
_UNTIL, _RESETS = "2027-11-30T22:00:00Z", "2026-12-31T22:00:00Z"

# By state: what differs from a stranger before an article for supporters.
READERS: Mapping[str, Mapping[str, Any]] = {
    "sign_in": {"decision": {"open": False, "reason": "sign_in"}},
    "support": {"decision": {"open": False, "reason": "support"}, "signed_in": True},
    "coming": {
        "decision": {"open": False, "reason": "support"},
        "signed_in": True,
        "gives": {"id": "sub_elements", "amount": 300, "currency": "eur", "interval": "month", "pending": True},
    },
    "higher_tier": {
        "decision": {"open": False, "reason": "higher_tier"},
        "requires": "tier:patron",
        "tier": "member",
        "until": _UNTIL,
        "signed_in": True,
        "gives": {"id": "sub_elements", "amount": 300, "currency": "eur", "interval": "month", "pending": False},
    },
    "payment_failed": {"decision": {"open": False, "reason": "payment_failed"}, "signed_in": True},
    "metered": {"decision": {"open": True, "reason": "metered", "left": 1, "limit": 3, "resets_at": _RESETS}},
    "meter_used": {"decision": {"open": False, "reason": "meter_used", "limit": 3, "resets_at": _RESETS}},
    "gift": {"decision": {"open": True, "reason": "gift"}},
    "supporter": {
        "decision": {"open": True, "reason": "supporter"},
        "tier": "member",
        "until": _UNTIL,
        "signed_in": True,
    },
    "paid": {"decision": {"open": True, "reason": "supporter"}, "tier": "member", "until": _UNTIL},
    "hosted": {},
    "error": {},
}
# What `/v1/session` says of who asks by the masthead's link.
SESSIONS: Mapping[str, Mapping[str, Any]] = {
    "hinted": {"payment_failed": False, "supports": True},
    "payment_failed": {"payment_failed": True, "supports": True},
}

blueprint = Blueprint("states", __name__, url_prefix=f"{PREFIX}/<state>")


@blueprint.get("/v1/newsroom")
def _newsroom(state: str) -> BaseResponse:
    """The newsroom's own; where the API's cookies cannot work it says so."""
    if state == "down":
        return _refused("table_down", 503)
    body = newsroom()
    return jsonify({**body, "cookie_origins": []} if state == "hosted" else body)


@blueprint.get("/v1/articles/<article_id>/seal")
def _seal(state: str, article_id: str) -> BaseResponse:  # noqa: ARG001 - every article is this reader's
    """Metered, so that the wall asks about the reader, whether or not this browser ever gave."""
    requires = READERS.get(state, {}).get("requires", "members")
    return jsonify({"access": "metered", "requires": requires, "opens_at": None, "closes_at": None})


@blueprint.get("/v1/articles/<article_id>")
def _article(state: str, article_id: str) -> BaseResponse:
    if state == "hosted":
        return redirect("data:,")  # fails in the browser, as a call that the API does not allow to this origin
    reader = READERS.get(state)
    return jsonify(answer(reader, article_id, _lang())) if reader else _refused("table_down", 503)


@blueprint.post("/v1/checkouts")
def _checkouts(state: str) -> BaseResponse:
    """Pressed here, the button meets a payment system that does not answer, or leads to the real page."""
    if state == "refused":
        return _refused("stripe_down", 503)
    return jsonify({"id": "cs_test_elements", "url": f"{api_address()}/donate?lang={_lang()}"})


@blueprint.post("/v1/me/gift-links")
def _give(state: str) -> tuple[BaseResponse, int]:  # noqa: ARG001 - a link that nobody made, and that opens nothing
    url = f"{api_address()}/read/{TEXT[_lang()]}?gift=g1.elements"
    return jsonify({"id": "elements", "url": url, "expires_at": _RESETS}), 201


@blueprint.post("/v1/sign-in")
def _sign_in(state: str) -> tuple[BaseResponse, int]:  # noqa: ARG001 - no mail is sent for anybody
    return jsonify({}), 202


@blueprint.post("/v1/sign-in/confirm")
def _confirm(state: str) -> BaseResponse:  # noqa: ARG001 - no code is right
    return _refused("wrong_code", 400)


@blueprint.get("/v1/session")
def _session(state: str) -> BaseResponse:
    known = SESSIONS.get(state)
    return jsonify({"signed_in": True, "tier": "member", "until": _UNTIL, **known} if known else {"signed_in": False})


@blueprint.delete("/v1/session")
def _sign_out(state: str) -> BaseResponse:  # noqa: ARG001 - everybody comes back as who they were
    return jsonify({"signed_in": False})


@blueprint.get("/<path:path>")
def _elsewhere(state: str, path: str) -> BaseResponse:  # noqa: ARG001 - links lead to the real pages
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    return redirect(f"{api_address()}/{path}{query}")


def leave_hint(answer: Response) -> None:
    """As a supporter's browser has it from the API: for the states on this site's port, and on this page only."""
    name = f"spilno-ask-{urlsplit(request.host_url).port}"
    answer.set_cookie(name, "1", path=request.path, samesite="Lax")


def newsroom() -> dict[str, Any]:
    """What the API says to everybody; nothing while it does not answer."""
    try:
        told = requests.get(f"{api_address()}/v1/newsroom", timeout=_SECONDS)
        body: dict[str, Any] = told.json() if told.ok else {}
    except requests.RequestException:
        return {}
    return body


def answer(reader: Mapping[str, Any], article_id: str, lang: str) -> dict[str, Any]:
    """The API's answer on an article, for this reader."""
    text = demo_text(lang)
    stranger = {"requires": "members", "tier": None, "until": None, "signed_in": False, "gives": None}
    html = text.body_html if reader["decision"]["open"] else text.teaser_html
    return {"id": article_id, "title": text.title, "url": text.url, "html": html, **stranger, **reader}


def demo_text(lang: str) -> Article:
    """The article whose text stands in the walls."""
    return next(one for one in articles() if one.id == TEXT[lang])


def _lang() -> str:
    return request.accept_languages.best_match(list(TEXT)) or "uk"


def _refused(code: str, status: int) -> Response:
    """A refusal in the words of the API's own."""
    title = Texts(_lang()).say(f"code.{code}")
    refused = jsonify({"type": "about:blank", "title": title, "status": status, "code": code})
    refused.status_code, refused.content_type = status, "application/problem+json"
    return refused
