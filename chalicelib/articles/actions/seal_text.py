"""Seal a text: the file that any host may carry, and that opens with its key alone.

    {"spl":1,"article":"mist","version":"k1.…","needs":"members","alg":"A256GCM","zip":"deflate","iv":"…"}
    base64 of the stored, compressed text, encrypted, with its tag

The first line is authenticated with the text, so nobody can give one text another's name. What is encrypted is what
is stored, as it is stored: the version names exactly these bytes, and one key never encrypts two texts. So the file
of a version is the same for ever, whoever makes it, and none is kept.

Only this module imports AES, and only when a file is asked for: a CDN asks once a version and place.
"""

import hmac
import json
from base64 import b64encode, urlsafe_b64encode

from chalicelib.articles.rules import sealed_text
from chalicelib.articles.rules.sealed_text import Roots

_IV = 12  # bytes, as AES-GCM wants them
_TAG = 16


def sealed_file(article: str, version: str, needs: str, body: bytes, roots: Roots) -> str | None:
    """The file of a version; None where no root is of the version's name.

    :param body: the text as it is stored.
    """
    key = sealed_text.key_bytes(article, version, needs, roots)
    if key is None:
        return None
    from Cryptodome.Cipher import AES

    # A function of the text as well: a second net under "one key, one text".
    iv = hmac.digest(key, b"spl1-iv\n" + body, "sha256")[:_IV]
    header = {
        "spl": 1,
        "article": article,
        "version": version,
        "needs": needs,
        "alg": "A256GCM",
        "zip": "deflate",
        "iv": urlsafe_b64encode(iv).decode(),
    }
    line = json.dumps(header, separators=(",", ":"))
    cipher = AES.new(key, AES.MODE_GCM, nonce=iv, mac_len=_TAG)
    cipher.update(line.encode())
    sealed, tag = cipher.encrypt_and_digest(body)
    return f"{line}\n{b64encode(sealed + tag).decode()}"
