"""Run by a Python of the package's version: `seals.py FOLDER` seals with the Cryptodome that lies in that folder.

Test case 16 of the GCM specification (McGrew and Viega, which NIST's SP 800-38D took over): AES-256, 60 bytes of
text, 20 of additional data. Prints what it found as JSON.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(sys.argv[1])
sys.path.insert(0, str(FOLDER))

from Cryptodome.Cipher import AES  # noqa: E402 - from that folder
from Cryptodome.Util import _raw_api  # noqa: E402 - the same

KEY = bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2)
IV = bytes.fromhex("cafebabefacedbaddecaf888")
HEADER = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
TEXT = bytes.fromhex(
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
)
SEALED = bytes.fromhex(
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
)
TAG = bytes.fromhex("76fc6ece0f4e1768cddf8853bb2d551b")


def cipher() -> Any:
    """A cipher that has seen the header."""
    made = AES.new(KEY, AES.MODE_GCM, nonce=IV)
    made.update(HEADER)
    return made


def refused() -> bool:
    """Whether a text of which one bit was changed is refused."""
    try:
        cipher().decrypt_and_verify(bytes([SEALED[0] ^ 1]) + SEALED[1:], TAG)
    except ValueError:
        return True
    return False


def loaded() -> set[str]:
    """What of the folder this process holds: modules by their files, native ones by the memory that they lie in."""
    names = {getattr(module, "__file__", None) or "" for module in list(sys.modules.values())}
    names |= set(re.findall(r"/\S+\.so$", Path("/proc/self/maps").read_text(encoding="utf-8"), re.MULTILINE))
    inside = {Path(name).resolve() for name in names if name.startswith(str(FOLDER))}
    return {path.relative_to(FOLDER.resolve()).as_posix() for path in inside}


right = cipher().encrypt_and_digest(TEXT) == (SEALED, TAG) and cipher().decrypt_and_verify(SEALED, TAG) == TEXT
print(  # noqa: T201 - this is the answer
    json.dumps({"sealed": right and refused(), "backend": _raw_api.backend, "loaded": sorted(loaded())})
)
