"""What a forger can send to the webhook, made from one genuine message, and verifiers that would let some of it in.

A forgery is a body and a header that Stripe never sent together. The same forgeries try the real verifier, which must
refuse every one, and the weak ones below, each of which must let something in: a list of forgeries that an
unguarded door also withstands would prove nothing.
"""

import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chalicelib.kernel.moments import RealTime
from chalicelib.rails.stripe.signature import TOLERANCE
from testkit.clock import NOW
from testkit.webhooks import signature

Verifier = Callable[[bytes, str, Sequence[str], RealTime], bool]
SECRET, NEXT_SECRET, OTHER_SECRET = "whsec_of_this_test", "whsec_the_next_one", "whsec_of_somebody_else"
SECRETS = (SECRET, NEXT_SECRET)  # as while one is being rotated
FLIPS = tuple(1 << bit for bit in range(8))


class Forgery(NamedTuple):
    """Something to refuse. `kind` says what was done, `at` where."""

    kind: str
    at: object
    body: bytes
    header: str


def altered_bodies(body: bytes, header: str, *, flips: Sequence[int] = FLIPS) -> Iterator[Forgery]:
    """Each byte replaced several ways, left out, doubled, swapped with the next; every shorter body, some longer."""
    for at, byte in enumerate(body):
        for other in {0, 0xFF, *b" 0", *(byte ^ flip for flip in flips)} - {byte}:
            yield Forgery("byte replaced", at, body[:at] + bytes([other]) + body[at + 1 :], header)
        yield Forgery("byte left out", at, body[:at] + body[at + 1 :], header)
        for more in (b" ", b"\x00", b"\xff", body[at : at + 1]):
            yield Forgery("byte put in", at, body[:at] + more + body[at:], header)
        yield Forgery("truncated", at, body[:at], header)
        swapped = body[:at] + body[at : at + 2][::-1] + body[at + 2 :]
        if swapped != body:
            yield Forgery("bytes swapped", at, swapped, header)
    for more in (b"\n", b" ", b"\x00", b"\xff", b"{}", body):
        yield Forgery("longer", len(body), body + more, header)
    yield Forgery("longer", 0, b"\xef\xbb\xbf" + body, header)


def is_genuine(header: str, wanted: str) -> bool:
    """Whether a header still says the same: both its parts stand there whole, and it tells no second time.

    Room around a part, and parts of other names beside them, change nothing of what was signed.
    """
    parts = [part.strip() for part in header.split(",")]
    return set(parts) >= set(wanted.split(",")) and sum(part.startswith("t=") for part in parts) == 1


def altered_headers(body: bytes, header: str) -> Iterator[Forgery]:
    """Every character of the header replaced, left out, followed by others; every shorter header."""
    odd = ("\x00", " ", "\t", ",", "=", "0", "9", "f", "\x7f", "é", "\u0661", "\uff11", "\ud800", "\U0001f600")
    for at, character in enumerate(header):
        others = {*odd, *(chr(ord(character) ^ flip) for flip in FLIPS), character.upper()} - {character}
        changed = [("replaced", header[:at] + other + header[at + 1 :]) for other in sorted(others)]
        changed += [("put in", header[:at] + other + header[at:]) for other in (*odd, character)]
        changed += [("left out", header[:at] + header[at + 1 :]), ("cut", header[:at])]
        for kind, text in changed:
            if not is_genuine(text, header):
                yield Forgery(f"header character {kind}", at, body, text)


def _stamped(body: bytes, stamp: str, secret: str = SECRET, scheme: str = "v1") -> str:
    """A header whose time is written oddly, signed over just these characters: only the time is wrong."""
    digest = hmac.digest(secret.encode(), stamp.encode("utf-8", "surrogatepass") + b"." + body, "sha256").hex()
    return f"t={stamp},{scheme}={digest}"


_STAMPS = {
    "stale": [str(NOW - TOLERANCE - 1), str(NOW - 86_400), "0", "1"],
    "future": [str(NOW + TOLERANCE + 1), str(NOW + 86_400), str(2**31 - 1), str(2**40)],
    "negative": [f"-{NOW}", "-1", "-0"],
    "huge": ["9" * 13, "9" * 40, "9" * 5000, f"{NOW}" + "0" * 4400],
    "no digits": ["", "now", "NaN", "inf", "1e9", f"{NOW}.0", f"+{NOW}", f"{NOW}_0", hex(NOW), f"{NOW}s", f" {NOW}"],
    "digits of other scripts": [
        "".join(chr(zero + int(digit)) for digit in str(NOW)) for zero in (0x0660, 0x0966, 0xFF10, 0x1D7CE)
    ],
    "superscripts": ["¹⁷⁹⁰⁰⁰⁰⁰⁰⁰", "①"],
    "half a character": [f"{NOW}\ud800"],
}


def _other(digits: str) -> str:
    """As many digits, each another one."""
    return "".join("0" if digit != "0" else "1" for digit in digits)


def resigned(body: bytes) -> Iterator[Forgery]:
    """Headers that somebody wrote who knows how it is done, but not everything that counts."""
    good = signature(body, secret=SECRET)
    stamp, digest = good.split(",")[0], good.partition("v1=")[2]
    for kind, stamps in _STAMPS.items():
        for odd in stamps:
            yield Forgery(f"time: {kind}", odd[:20], body, _stamped(body, odd))
    for secret in (OTHER_SECRET, SECRET[:-1], SECRET + " ", SECRET.upper(), "whsec_", f"{SECRET},{NEXT_SECRET}"):
        yield Forgery("another secret", secret, body, signature(body, secret=secret))
    yield Forgery("an empty secret", "", body, signature(body, secret=""))
    for scheme in ("v0", "v2", "V1", "v", "v11", "", "v1 "):
        yield Forgery("another scheme", scheme, body, f"{stamp},{scheme}={digest}")
    for length in range(len(digest)):
        yield Forgery("beginning of the digest", length, body, f"{stamp},v1={digest[:length]}")
        yield Forgery(
            "end of the digest wrong", length, body, f"{stamp},v1={digest[:length]}{_other(digest[length:])}"
        )
    wrong = signature(body, secret=OTHER_SECRET).partition("v1=")[2]
    yield Forgery("several wrong ones", 500, body, stamp + f",v1={wrong}" * 500)
    yield Forgery("the digest in pieces", 0, body, f"{stamp},v1={digest[:32]},v1={digest[32:]}")
    yield Forgery("the digest and more", 0, body, f"{stamp},v1={digest}00")
    yield Forgery("upper case", 0, body, f"{stamp},v1={digest.upper()}")
    moved = f"t={NOW + 1},v1={digest}"  # within the tolerance, but not the time that was signed
    yield Forgery("the time moved", 1, body, moved)
    yield Forgery("two times", 0, body, f"t={NOW + 1},{good}")
    yield Forgery("two times", 1, body, f"{good},t={NOW + 1}")
    yield Forgery("two times", 2, body, f"{good},{good}")
    for odd in (f"0{NOW}", f"+{NOW}", f" {NOW}", f"{NOW // 10}_{NOW % 10}", *_STAMPS["digits of other scripts"]):
        yield Forgery("the time rewritten", odd, body, f"t={odd},v1={digest}")
    unsigned_time = hmac.digest(SECRET.encode(), body, "sha256").hex()
    yield Forgery("the time not signed", 0, body, f"{stamp},v1={unsigned_time}")
    for odd in ("", ",", "=", "t", "t=", "v1", "v1=", "null", "[]", "{}", stamp, f"v1={digest}", digest, "підпис"):
        yield Forgery("half a header", odd[:20], body, odd)
    yield Forgery("half a header", "semicolon", body, good.replace(",", ";"))
    yield Forgery("very long", 1, body, "t" * 100_000)
    yield Forgery("very long", 2, body, f"{stamp},v1=" + "0" * 100_000)
    yield Forgery("very long", 3, body, "," * 100_000)
    yield Forgery("very long", 4, body, "é" * 50_000)
    yield Forgery("another body", 0, b'{"id":"evt_other"}', good)
    yield Forgery("another body", 1, b"", good)


def forgeries(body: bytes) -> Iterator[Forgery]:
    """All of them."""
    good = signature(body, secret=SECRET)
    yield from altered_bodies(body, good)
    yield from altered_headers(body, good)
    yield from resigned(body)


def genuine(body: bytes) -> dict[str, str]:
    """Headers that must be let in: Stripe writes them, or somebody on the way only moved room about."""
    good, rotated = signature(body, secret=SECRET), signature(body, secret=NEXT_SECRET)
    stamp, digest = good.split(",")
    wrong = "v1=" + "0" * 64
    return {
        "as Stripe writes it": good,
        "by the next secret": rotated,
        "by both, as while Stripe rolls": f"{good},{rotated.split(',')[1]}",
        "the right one last of several": f"{stamp},{wrong},{wrong},{digest}",
        "the right one first": f"{stamp},{digest},{wrong}",
        "the test scheme beside it": f"{stamp},{digest},v0={'0' * 64}",
        "the digest first": f"{digest},{stamp}",
        "room around the parts": f" {stamp} , {digest} ",
        "an empty part": f"{stamp},,{digest},",
        "nearly too old": signature(body, at=NOW - TOLERANCE, secret=SECRET),
        "nearly too new": signature(body, at=NOW + TOLERANCE, secret=SECRET),
        "a name we do not know": f"{stamp},{digest},ключ=значення",
    }


@dataclass(frozen=True)
class Weak:
    """A verifier that somebody might write. Each field is one thing to get wrong; with none it is a sound one."""

    past: bool = True  # looks whether it is stale
    future: bool = True  # looks whether it comes from the future
    compared: int | None = None  # how many characters of the digest count; None: all
    lazy: bool = False  # compares only as much as was given
    empty_secret: bool = False  # takes an unset secret for one
    time_signed: bool = True  # knows that the time is part of what is signed
    any_scheme: bool = False
    read: Callable[[bytes], bytes] = bytes  # what it does to the body before it looks
    stamp: Callable[[str], str] = str  # what it does to the time before it looks

    def __call__(self, body: bytes, header: str, secrets: Sequence[str], now: int) -> bool:
        """As `stripe_signature.verified`."""
        pairs = [part.strip().partition("=") for part in header.split(",")]
        times = [value for name, _, value in pairs if name == "t"]
        given = [value for name, _, value in pairs if name == "v1" or (self.any_scheme and name != "t")]
        try:
            stamp = self.stamp(times[0])
            age = now - int(stamp)
            signed = (stamp.encode() + b"." if self.time_signed else b"") + self.read(body)
        except (IndexError, ValueError):
            return False
        plain = stamp.isascii() and stamp.isdigit() and len(times) == 1
        if not plain or (self.past and age > TOLERANCE) or (self.future and age < -TOLERANCE):
            return False
        keys = [secret for secret in (*secrets, "") if secret or self.empty_secret]
        expected = [hmac.digest(key.encode(), signed, "sha256").hex()[: self.compared] for key in keys]
        if self.lazy:
            return any(one.startswith(other) for one in expected for other in given)
        return any(one == other[: self.compared] for one in expected for other in given)


def _as_text(body: bytes) -> bytes:
    return body.decode("utf-8", "ignore").encode()


def _rewritten(stamp: str) -> str:
    return str(int(stamp))


# what is wrong with it -> the verifier, and a kind of forgery that it has to let in
WEAK: dict[str, tuple[Weak, str]] = {
    "never looks at the clock": (Weak(past=False, future=False), "time: stale"),
    "accepts old ones": (Weak(past=False), "time: stale"),
    "accepts the future, as Stripe's own package does": (Weak(future=False), "time: future"),
    "compares a prefix": (Weak(compared=8), "end of the digest wrong"),
    "compares only what was given": (Weak(lazy=True), "beginning of the digest"),
    "takes an empty secret": (Weak(empty_secret=True), "an empty secret"),
    "forgets to sign the time": (Weak(time_signed=False), "the time not signed"),
    "takes any scheme": (Weak(any_scheme=True), "another scheme"),
    "strips the body": (Weak(read=bytes.strip), "longer"),
    "reads the body as text first": (Weak(read=_as_text), "byte put in"),
    "stops at a NUL": (Weak(read=lambda body: body.partition(b"\x00")[0]), "longer"),
    "writes the time anew": (Weak(stamp=_rewritten), "the time rewritten"),
}


def let_in(
    verifier: Verifier, tried: Iterator[Forgery], secrets: Sequence[str] = SECRETS
) -> tuple[int, list[Forgery]]:
    """How many were tried, and which got in."""
    count, inside = 0, []
    for forgery in tried:
        count += 1
        if verifier(forgery.body, forgery.header, secrets, RealTime(NOW)):
            inside.append(forgery)
    return count, inside
