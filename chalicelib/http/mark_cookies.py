"""The cookies that are marks of what this browser has read: `__Host-spilno-m-k3Xq9`. See `kernel/marks.py`."""

import re
from collections.abc import Iterable, Mapping

from chalicelib.http import cookies
from chalicelib.http.call import Call, Cookie
from chalicelib.kernel.marks import Mark

_MARK = re.compile(r"[mg]-[A-Za-z0-9_-]{5}")
# Of gift links, some of which live for a year. A browser sends all its cookies with every call, each of these is some
# 75 bytes, and API Gateway refuses a call with more than 10 KB of headers, whatever it asks for.
MOST_GIFTS = 40


def read(call: Call) -> Mapping[str, str]:
    """The marks in a call by their names, such as `m-k3Xq9`; whether we wrote them is not checked."""
    before, _, after = cookies.name(call.wiring.settings, "*").partition("*")
    held = {
        name.removeprefix(before).removesuffix(after): value
        for name, value in call.cookies.items()
        if name.startswith(before) and name.endswith(after)
    }
    return {name: value for name, value in held.items() if _MARK.fullmatch(name)}


def any_gift(call: Call) -> bool:
    """Whether this browser says that it was given an article."""
    return any(name.startswith("g-") for name in read(call))


def crowded_out(call: Call, coming: Iterable[Mark]) -> list[Cookie]:
    """The removal of the oldest marks of gift links, where these that come would be too many beside those held.

    Who reads such an article again by its link is counted again.
    """
    new = {mark.name for mark in coming if mark.name.startswith("g-") and mark.value}
    # The one that was set first comes first (RFC 6265, 5.4).
    others = [name for name in read(call) if name.startswith("g-") and name not in new]
    return [forget(call, name) for name in others[: max(0, len(others) + len(new) - MOST_GIFTS)]] if new else []


def write(call: Call, mark: Mark, max_age: int) -> Cookie:
    """The cookie that marks this browser for `max_age` seconds."""
    return cookies.write(call, mark.name, mark.value, max_age)


def forget(call: Call, name: str) -> Cookie:
    """The cookie that removes a mark from the browser."""
    return cookies.forget(call, name)
