"""One call and its answer, free of Chalice: what views take and give."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from chalicelib.kernel.errors import BadInput
from chalicelib.wiring import Wiring

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
HTML = "text/html; charset=utf-8"
NO_STORE = "private, no-store"


def kept_by_all(seconds: int) -> str:
    """The `Cache-Control` of an answer that is the same for everybody: any cache may keep it for so long."""
    return f"public, max-age={seconds}"


# Of what never changes under its address.
KEPT_FOR_EVER = f"{kept_by_all(365 * 86_400)}, immutable"


class Hint:
    """What a call found out about its browser: whether it holds something that may open articles, and how long.

    Views say what they found; `http/hint.py` makes a cookie of it. `seconds` is 0 where nothing was found; `given`:
    for how long a gift link opens an article here, whoever reads.
    """

    __slots__ = ("anew", "given", "searched", "seconds", "until_closed")

    def __init__(self) -> None:
        self.searched = self.until_closed = self.anew = False
        self.seconds = self.given = 0

    def found(self, seconds: int | None, *, anew: bool = False) -> None:
        """Note what was looked up: something that is held so long, None for until the browser closes, 0 for nothing.

        What lasts longest counts. `anew`: the browser has just got it, so that an older hint may end too early.
        """
        self.searched = True
        self.anew = self.anew or anew
        if seconds is None:
            self.until_closed = True
        else:
            self.seconds = max(self.seconds, seconds)

    def gave(self, seconds: int) -> None:
        """Note that a gift link opens an article in this browser for so long; it says nothing of who reads."""
        self.searched, self.given = True, seconds


class Call(NamedTuple):
    """A request. Header names are lower case; `params` come from the path; `seen` is the address API Gateway saw.

    `query` has the last value of each parameter; `doubled` names those that the address has more than once.
    """

    wiring: Wiring
    method: str
    route: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    body: bytes
    seen: str
    hint: Hint
    doubled: Sequence[str] = ()

    @property
    def client(self) -> str:
        """The client's IP address, for limits: as API Gateway saw it, or as the newsroom's own proxy forwards it."""
        from chalicelib.http.proxy import address

        return address(self.seen, self.headers, lambda: self.wiring.secrets.get("SPILNO_PROXY_SECRET"))

    @property
    def media_type(self) -> str:
        """The body's type without parameters, or an empty string.

        A missing type is not taken for JSON: a foreign page can send such a call without a CORS preflight.
        """
        return self.headers.get("content-type", "").partition(";")[0].strip(" \t").lower()

    @property
    def is_form(self) -> bool:
        """True when a page's form posted this: the answer is then a redirect or a page."""
        return self.media_type == FORM

    @property
    def wants_html(self) -> bool:
        """True when a person's browser navigates here, rather than a script calling."""
        return self.is_form or "text/html" in self.headers.get("accept", "")

    @property
    def bearer(self) -> str:
        """The token of `Authorization: Bearer`, or an empty string."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip(" \t") if scheme.lower() == "bearer" else ""

    def form_fields(self) -> dict[str, str]:
        """The fields of an urlencoded body, empty ones left out.

        :raises BadInput: `bad_encoding` for bytes that are not UTF-8, `bad_input` for a field given twice.
        """
        try:
            pairs = parse_qsl(self.body.decode("ascii"), errors="strict", max_num_fields=50)
        except ValueError:
            raise BadInput("The form's fields are not readable as UTF-8.", code="bad_encoding") from None
        fields = dict(pairs)
        if len(fields) != len(pairs):
            raise BadInput("The form names a field twice.")
        return fields


class Cookie(NamedTuple):
    """A cookie to set; an empty value removes it. `max_age` in seconds, None for as long as the browser is open.

    `for_scripts`: pages may read it, those of the whole `domain` if there is one, else of our host alone.
    """

    name: str
    value: str
    max_age: int | None
    for_scripts: bool = False
    domain: str | None = None

    def header(self) -> str:
        """The value of its `Set-Cookie` header.

        `__Host-` demands Secure, Path=/ and no Domain; Lax keeps it away from other sites' requests.
        """
        whose = "" if self.for_scripts else "; HttpOnly"
        domain = "" if self.domain is None else f"; Domain={self.domain}"
        age = "" if self.max_age is None else f"; Max-Age={self.max_age}"
        return f"{self.name}={self.value}; Path=/{domain}; Secure{whose}; SameSite=Lax{age}"


class Answer(NamedTuple):
    """A response. `body` is a JSON value, or text when `media_type` says so."""

    body: Any = None
    status: int = 200
    media_type: str = JSON
    headers: Mapping[str, str] = MappingProxyType({})
    cookies: Sequence[Cookie] = ()
    cache: str = NO_STORE


class WithCookies(Exception):
    """An error whose answer still sets cookies."""

    def __init__(self, error: Exception, cookies: Sequence[Cookie]) -> None:
        super().__init__(type(error).__name__)
        self.error = error
        self.cookies = cookies


def see_other(location: str, cookies: Sequence[Cookie] = ()) -> Answer:
    """A redirect with status 303: the browser asks for `location` with GET."""
    return Answer("", 303, HTML, {"Location": location}, cookies)


def page(html: str, status: int = 200, cookies: Sequence[Cookie] = ()) -> Answer:
    """An answer that is an HTML page."""
    return Answer(html, status, HTML, cookies=cookies)
