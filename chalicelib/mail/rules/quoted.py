"""A stranger's words inside a mail of ours: readable, and no link in any mail program.

Whoever types somebody's address into a form may write a sentence that we then mail to that address in the newsroom's
name. Mail programs make links of what looks like one, in plain text too.
"""

import re

_BREAK = "\N{ZERO WIDTH SPACE}"
# What an address of the web or of a mailbox cannot do without: a mark between two characters that touch it.
_JOINT = re.compile(r"(?<=\S)([.:/@\\])(?=\S)")


def quoted(text: str) -> str:
    """The text with an unseen break after each mark that could make a link of it."""
    return _JOINT.sub(rf"\1{_BREAK}", text)
