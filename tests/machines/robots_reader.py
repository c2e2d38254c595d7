"""Reads robots.txt as Google's parser does (github.com/google/robotstxt): groups, the longest rule, unknown lines."""

from collections.abc import Iterator

_RULES = ("allow", "disallow")


def may_fetch(text: str, name: str, path: str) -> bool:
    """Whether the robot of this name may fetch a path: by the groups of its name, else by those of everybody."""
    groups = list(_groups(text))
    own = [rules for names, rules in groups if name.lower() in names]
    rules = [rule for found in own or [rules for names, rules in groups if "*" in names] for rule in found]
    fitting = [(len(value), kind) for kind, value in rules if value and path.startswith(value)]
    return max(fitting, default=(0, "allow"), key=lambda one: (one[0], one[1] == "allow"))[1] == "allow"


def _groups(text: str) -> Iterator[tuple[set[str], list[tuple[str, str]]]]:
    """Names in a row are one group until a rule comes; empty lines and unknown ones end nothing."""
    names: set[str] = set()
    rules: list[tuple[str, str]] = []
    for line in text.splitlines():
        key, _, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if key == "user-agent":
            if rules:
                yield names, rules
                names, rules = set(), []
            names.add(value.lower())
        elif key in _RULES and names:
            rules.append((key, value))
    if names:
        yield names, rules
