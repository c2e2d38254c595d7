"""Reads robots.txt as Google's parser does (github.com/google/robotstxt): groups, wildcards, the longest rule.

Python's own reader ends a group at an empty line, and knows no wildcards: it would not see what shuts out a website.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

_RULES = ("allow", "disallow")
_LARGEST = 500 * 1024  # characters; robots read no more either
Rule = tuple[str, str]


def may_fetch(text: str, name: str, path: str) -> bool:
    """Whether the robot of this name may fetch a path: by all groups of its name, else by those of everybody."""
    groups = list(_groups(text[:_LARGEST]))
    own = [rules for names, rules in groups if name.lower() in names]
    everybodys = [rules for names, rules in groups if "*" in names]
    fitting = [
        (len(value), kind == "allow")
        for rules in own or everybodys
        for kind, value in rules
        if value and _fits(value, unquote(path))
    ]
    return max(fitting, default=(0, True))[1]


def _groups(text: str) -> Iterator[tuple[set[str], list[Rule]]]:
    """Names in a row are one group until a rule comes: empty lines, and lines that nobody knows, end nothing."""
    names: set[str] = set()
    rules: list[Rule] = []
    for line in text.removeprefix("\ufeff").splitlines():
        key, _, value = (part.strip() for part in line.partition("#")[0].partition(":"))
        if key.lower() == "user-agent":
            if rules:
                yield names, rules
                names, rules = set(), []
            names.add(value.lower())
        elif key.lower() in _RULES and names:
            rules.append((key.lower(), value))
    yield names, rules


def _fits(rule: str, path: str) -> bool:
    """`*` stands for anything, `$` at the end for the end. Stars in a row are one, so that no rule takes long."""
    ends = rule.endswith("$")
    parts = re.split(r"\*+", unquote(rule.removesuffix("$")))
    if not path.startswith(parts[0]):
        return False
    at = len(parts[0])
    for part in parts[1:]:
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return not ends or (path.endswith(parts[-1]) if len(parts) > 1 else at == len(path))
