"""Words that must never be heard: made up for one run each, and found however they are written."""

import base64
import json
import re
import secrets
from urllib.parse import quote, unquote_plus

_ESCAPE = re.compile(r"\\+u([0-9a-fA-F]{4})")
_BETWEEN = re.compile(r"(\\+[nrt]|[\s\\\"'_])+")


class SecretsProbe:
    """Makes words, learns others (codes, tokens, cookies that were issued), and listens for all of them."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def new(self, what: str) -> str:
        """A word that stands nowhere else; fits an address, an identifier, a key."""
        word = f"kanarka{secrets.token_hex(8)}"
        self._known[word] = what
        return word

    def same(self, what: str) -> str:
        """One word for all places of this kind."""
        return next((word for word, known in self._known.items() if known == what), None) or self.new(what)

    def learn(self, word: str, what: str) -> None:
        """Something secret that the app itself has made."""
        assert len(word) >= 8, "too short: it would be found by chance"
        self._known[word] = what

    def heard_in(self, text: str, *, but: tuple[str, ...] = ()) -> list[str]:
        """What was given away in this text: plain, escaped, broken apart, percent-encoded, in hex or in base64.

        :param but: what begins so may be there: a form that is shown again holds what was typed into it.
        """
        found = self._heard_in(text)
        return [what for what in found if not what.startswith(but)] if but else found

    def _heard_in(self, text: str) -> list[str]:
        plain = _plain(text)
        found = [what for word, what in self._known.items() if _BETWEEN.sub("", word).casefold() in plain]
        found += [f"{what}, in hex" for word, what in self._known.items() if word.encode().hex() in text.casefold()]
        for word, what in self._known.items():
            found += [f"{what}, in base64" for form in _base64(word) if form in text or _urlsafe(form) in text]
        return found


def _plain(text: str) -> str:
    """Without escapes, line breaks, quotes or percent signs: a word may be cut by any of them."""
    unescaped = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return _BETWEEN.sub("", unquote_plus(unescaped)).casefold()


def _base64(word: str) -> list[str]:
    """What of it is always there, wherever it begins in what is encoded."""
    forms = []
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + word.encode()).decode()
        groups = (before + len(word.encode())) // 3
        forms.append(whole[4 if before else 0 : groups * 4])
    return forms


def _urlsafe(form: str) -> str:
    return form.translate(str.maketrans("+/", "-_"))


def written_otherwise(word: str) -> list[str]:
    """The same word in every form that must be found: for the negative control."""
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in word)
    return [
        word,
        word.upper(),
        json.dumps({"text": f'"{word}'}),
        json.dumps(json.dumps({"text": escaped})),
        f"{word[:9]}\\n{word[9:]}",
        f"{word[:9]}\n{word[9:]}",
        f"{word[:9]}_{word[9:]}",
        "".join(f"%{ord(letter):02X}" for letter in word),
        quote(f"<{word}>"),
        word.encode().hex(),
        *(base64.b64encode(f"{'x' * before}{word} and more".encode()).decode() for before in range(3)),
        base64.urlsafe_b64encode(f"?>{word}".encode()).decode(),
    ]
