"""A sign-in code as people type and paste it, brought to the one form that is compared.

One text has one reading, so one text costs one guess and can be right for one code only. What is typed is read in
this order, and the first that gives eight letters of the alphabet in `ids` is taken: by shape, by place on the
keyboard (`kernel/typed_letters.py` has both), and out of a whole pasted line, if exactly one code stands in it, in
the letters of the mail itself.
"""

import re

from chalicelib.kernel import typed_letters
from chalicelib.kernel.ids import CODE_LENGTH

LONGEST_CODE = 200  # characters that anybody may type or paste for one
_IN_A_LINE = (
    re.compile(r"(?<![\w-])[0-9A-Z]{4}-[0-9A-Z]{4}(?![\w-])"),
    re.compile(r"(?<![\w-])[0-9A-Z]{8}(?![\w-])"),
)


def plain_code(typed: str) -> str | None:
    """The typed code in the one form that is compared; None if the text cannot be a code."""
    text = typed_letters.plain(typed)
    letters = typed_letters.only_letters(text)
    if len(letters) == CODE_LENGTH:
        return typed_letters.by_shape(letters) or typed_letters.by_place(letters)
    for pattern in _IN_A_LINE:
        found = {typed_letters.in_alphabet(code.replace("-", "")) for code in pattern.findall(text)} - {None}
        if found:
            return found.pop() if len(found) == 1 else None
    return None
