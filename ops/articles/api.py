"""The API's calls about articles, over HTTP with the CMS's key: as a website's own program makes them."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Self
from urllib.parse import quote, urlsplit

import requests
from urllib3.exceptions import HTTPError, InvalidHeader, ReadTimeoutError
from urllib3.util.retry import Retry

AGENT = "spilno-articles/1"
TIMEOUT = (5.0, 30.0)  # seconds to connect and between two bytes; a function of the API ends after 29
WHOLE = 60.0  # seconds for all of an answer
LARGEST = 8 * 1024 * 1024  # bytes of an answer
PAUSES = (1.0, 2.0, 4.0)  # seconds before an article is tried again
LONGEST_PAUSE = 60.0  # that the API may ask for, and is waited for
_OK = 200
_ELSEWHERE, _REFUSED, _TOO_MANY, _FAULT = 300, 400, 429, 500
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_NO_JSON = "…"
_BLOCK = 64 * 1024


class ApiRefused(Exception):
    """The API does not do what was asked; its own sentence, status and code.

    :param unsure: the same was asked before, and may have been done then without a word.
    """

    def __init__(self, sentence: str, status: int, code: str = "", *, unsure: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.code = code
        self.unsure = unsure


class ApiUnanswered(Exception):
    """The API does not answer, or says that it cannot now. Later the same may be done."""


class Reply(NamedTuple):
    """One answer."""

    status: int
    body: Any
    retry_after: float | None = None


class ArticlesApi:
    """The API at one address, with one key. Each thread has one connection of its own, which it keeps.

    :param pauses: before a call is made again that was not answered, or with 429 or 5xx.
    """

    def __init__(
        self,
        base: str,
        key: str,
        *,
        timeout: tuple[float, float] = TIMEOUT,
        pauses: tuple[float, ...] = PAUSES,
        longest_pause: float = LONGEST_PAUSE,
    ) -> None:
        self.base = base
        self._key = key
        self._timeout = timeout
        self._pauses = pauses
        self._longest_pause = longest_pause
        self._own = threading.local()
        self._sessions: list[requests.Session] = []
        self._until = 0.0  # nobody asks before this moment, as one of us was told to wait
        self.stopped = threading.Event()
        self.complete = True  # whether the last list had every article

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for session in self._sessions:
            session.close()

    def articles(self, origin: str | None = None) -> Iterator[Mapping[str, Any]]:
        """Every article that is stored, without its texts; of one origin alone if it is named."""
        after = None
        while True:
            asked = {name: value for name, value in (("after", after), ("origin", origin)) if value}
            body = self._call("GET", "", query=asked)
            if not isinstance(body, dict) or not isinstance(body.get("items"), list):
                raise self._is_another()
            self.complete = body.get("complete") is not False
            yield from body["items"]
            before, after = after, body.get("next")
            if not after or after == before:
                return

    def put(self, article_id: str, body: Mapping[str, Any], *, take_over: bool = False) -> Mapping[str, Any]:
        """Put an article; its answer, with the warnings."""
        found = self._call("PUT", article_id, query={"take_over": "true"} if take_over else {}, body=body)
        if not isinstance(found, dict) or found.get("id") != article_id:
            raise self._is_another()
        return found

    def delete(self, article_id: str, origin: str | None = None) -> bool:
        """Delete an article, of one origin alone if it is named; False if there was none."""
        try:
            if self._call("DELETE", article_id, query={"origin": origin} if origin else {}) is not None:
                raise self._is_another()
        except ApiRefused as error:
            if error.code == "unknown_article":
                return error.unsure
            raise
        return True

    def article(self, article_id: str) -> Mapping[str, Any] | None:
        """An article as it is stored; None if there is none."""
        try:
            found = self._call("GET", article_id)
        except ApiRefused as error:
            if error.code == "unknown_article":
                return None
            raise
        return found if isinstance(found, dict) else None

    def newsroom(self) -> Mapping[str, Any]:
        """What the API says of the newsroom to everybody."""
        found = self._call("GET", path="/v1/newsroom")
        if not isinstance(found, dict):
            raise self._is_another()
        return found

    def _is_another(self) -> ApiRefused:
        """The refusal of an answer that somebody else gives, such as a network's page to sign in."""
        return ApiRefused(f"{self.base} does not answer as Spilno's API does.", _OK)

    def _call(
        self,
        method: str,
        article_id: str = "",
        *,
        path: str = "/v1/articles",
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        url = f"{self.base}{path}" + (f"/{quote(article_id, safe='')}" if article_id else "")
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        unsure = False
        for pause in (*self._pauses, None):
            self._wait()
            reply = self._once(method, url, query or {}, data, last=pause is None)
            if reply is not None and not _passes(reply):
                return self._read(reply, unsure=unsure)
            unsure = unsure or reply is None or reply.status >= _FAULT
            wanted = (reply.retry_after if reply else None) or pause
            if wanted is None or pause is None:
                raise ApiUnanswered(_sentence(reply) if reply else "The API does not answer.")
            if wanted > self._longest_pause:
                raise ApiUnanswered(f"The API asks to wait for {wanted:.0f} seconds. Run this again then.")
            self._until = max(self._until, time.monotonic() + wanted)
        raise AssertionError("the last time raises")

    def _wait(self) -> None:
        while (left := self._until - time.monotonic()) > 0:
            if self.stopped.wait(left):
                raise ApiUnanswered("It was stopped.")

    def _once(
        self, method: str, url: str, query: Mapping[str, str], data: bytes | None, *, last: bool
    ) -> Reply | None:
        try:
            with self._session().request(
                method, url, params=query, data=data, timeout=self._timeout, allow_redirects=False, stream=True
            ) as answer:
                return Reply(answer.status_code, _json(answer), _retry_after(answer))
        except (requests.Timeout, ReadTimeoutError) as error:
            # Who says nothing for so long will not say more when asked again.
            waited = self._timeout[0 if isinstance(error, requests.ConnectTimeout) else 1]
            raise ApiUnanswered(f"The API did not answer within {waited:.0f} seconds.") from None
        except requests.exceptions.SSLError:
            raise ApiUnanswered(f"No safe connection to {self.base}: its certificate is not accepted.") from None
        except (requests.RequestException, HTTPError) as error:
            if last:
                raise ApiUnanswered(f"{self.base} does not answer ({type(error).__name__}).") from None
            return None

    def _read(self, reply: Reply, *, unsure: bool) -> Any:
        if _OK <= reply.status < _ELSEWHERE:
            return reply.body
        raise ApiRefused(_sentence(reply), reply.status, _member(reply, "code"), unsure=unsure)

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._own, "session", None)
        if session is None:
            session = self._own.session = requests.Session()
            session.auth = self._with_key  # by itself requests prefers what the .netrc of this machine says
            session.headers["User-Agent"] = AGENT
            session.trust_env = urlsplit(self.base).hostname not in LOOPBACK  # no proxy leads to this machine
            self._sessions.append(session)
        return session

    def _with_key(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._key}"
        if request.body is not None:
            request.headers["Content-Type"] = "application/json"
        return request


def _passes(reply: Reply) -> bool:
    """Whether the same call may well be done a moment later."""
    return reply.status == _TOO_MANY or reply.status >= _FAULT or _member(reply, "code") == "busy"


def _json(answer: requests.Response) -> Any:
    read, ends = bytearray(), time.monotonic() + WHOLE
    while len(read) <= LARGEST and (chunk := answer.raw.read1(_BLOCK, decode_content=True)):
        read += chunk
        if time.monotonic() > ends:  # a byte now and then would take days
            raise requests.Timeout(request=answer.request)
    try:
        return json.loads(read) if read else None
    except (ValueError, RecursionError):
        return _NO_JSON


def _retry_after(answer: requests.Response) -> float | None:
    said = answer.headers.get("Retry-After")
    try:
        return None if said is None else max(0.0, Retry().parse_retry_after(said))
    except (InvalidHeader, OverflowError):
        return None


def _member(reply: Reply, name: str) -> str:
    found = reply.body.get(name) if isinstance(reply.body, dict) else None
    return found if isinstance(found, str) else ""


def _sentence(reply: Reply) -> str:
    """What the API says of a refusal, or API Gateway before it, or nobody."""
    if _member(reply, "code") == "other_origin" and (whose := _member(reply, "origin")):
        return f"It belongs to the origin '{whose}'. --take-over makes it yours."
    if _member(reply, "code") == "unknown_key":
        return "The API does not accept this key. SPILNO_CMS_KEY holds one that `ops keys create --for cms` made."
    said = _member(reply, "title") or _member(reply, "message")
    if said:
        return f"{said} ({reply.status})"
    elsewhere = " with another address. Is this the API's own?" if _ELSEWHERE <= reply.status < _REFUSED else "."
    return f"The API answered {reply.status}{elsewhere}"
