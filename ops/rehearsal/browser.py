"""A supporter's browser: gives through the real HTTP API, with an origin and cookies as a browser has them."""

import secrets
import time
from http.cookies import SimpleCookie
from typing import Any

import requests

_TRIES, _PAUSE = 12, 0.3  # a reader whose page fails presses again
_SECONDS = 40


class GaveUp(Exception):
    """The app failed too often; the message has its last answer."""


class Browser:
    """A supporter's browser; `app` and `site` are addresses.

    The `Cookie` header is written by hand: the cookies are Secure, and this is plain HTTP.
    """

    def __init__(self, app: str, site: str) -> None:
        self._app, self._site = app, site
        self._cookies: dict[str, str] = {}
        self._http = requests.Session()
        self._http.trust_env = False

    def checkout(self, **wish: Any) -> str:
        """Press the button, again after a failure, anew after a 409; answers the checkout's id (`cs_…`).

        :raises GaveUp: the app refuses, or fails too often.
        """
        body = {name: value for name, value in wish.items() if value is not None}
        press = secrets.token_hex(16)
        for attempt in range(_TRIES):
            answer = self._ask("POST", "/v1/checkouts", json={**body, "attempt": press})
            if answer is not None and answer.status_code == requests.codes.created:
                return str(answer.json()["id"])
            if answer is not None and answer.status_code == requests.codes.conflict:
                # Started, but the cookie that proves it ours was lost with the answer. The widget does the same.
                press = secrets.token_hex(16)
                continue
            if answer is not None and answer.status_code < requests.codes.server_error:
                raise GaveUp(f"checkout: {answer.status_code} {answer.text[:300]}")
            time.sleep(_PAUSE * (attempt + 1))
        raise GaveUp("checkout: no answer, again and again")

    def come_back(self, checkout: str) -> bool:
        """Return from checkout, trying again if the page fails; answers whether it ever came."""
        for _ in range(2):
            answer = self._ask("GET", f"/v1/checkouts/return?session_id={checkout}")
            if answer is not None and answer.status_code < requests.codes.server_error:
                return True
        return False

    def _ask(self, method: str, path: str, **more: Any) -> requests.Response | None:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Origin": self._site, **({"Cookie": cookies} if cookies else {})}
        try:
            answer = self._http.request(
                method, self._app + path, headers=headers, timeout=_SECONDS, allow_redirects=False, **more
            )
        except requests.RequestException:
            return None
        for line in answer.raw.headers.getlist("Set-Cookie"):
            self._cookies.update({name: one.value for name, one in SimpleCookie(line).items()})
        self._http.cookies.clear()
        return answer
