"""What stands at the top of an article's file: YAML between lines `---`, or TOML between lines `+++`.

Every value is read as the text that somebody typed. YAML by itself would make a day of `id: 2026-12-01`, the number
1 of `id: 01`, and `false` of `title: No`.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import yaml

from ops.articles.refusal import FileRefused

LARGEST = 64 * 1024  # letters
_ENDS = {"---": ("---", "..."), "+++": ("+++",)}
_OTHER = re.compile(r"---\w+")  # Eleventy's `---json`, `---js`
_NOTHING = frozenset({"", "~", "null"})
_LOADER: Any = getattr(
    yaml, "CBaseLoader", yaml.BaseLoader
)  # the same in C, where the wheel has it: ten times faster


class Nested:
    """A value that is neither a text nor a list of texts; other tools' business."""


Value = str | tuple[str, ...] | Nested | None
Fields = Mapping[str, Value]


class Source(NamedTuple):
    """A file in its two parts: the fields by their names in lower case, and the text below, from `line` on.

    `fields` None: the file has no front matter.
    """

    fields: Fields | None
    text: str
    line: int


def split(source: str) -> Source:
    """The file in its parts. `source` has line feeds for line ends.

    :raises FileRefused: the front matter has no end, or cannot be read.
    """
    bare = source.lstrip("\n")
    begins = 1 + len(source) - len(bare)
    first, _, below = bare.partition("\n")
    fence = first.rstrip()
    if _OTHER.fullmatch(fence):
        raise FileRefused(
            f"A front matter that begins with {fence} is not read here. Write YAML between lines ---.", begins
        )
    if fence not in _ENDS:
        return Source(None, source, 1)
    lines = below.split("\n")
    length = next((at for at, line in enumerate(lines) if line.rstrip() in _ENDS[fence]), None)
    if length is None:
        raise FileRefused(f"The front matter begins with {fence} and has no end: another line {fence}.", begins)
    matter = "\n".join(lines[:length])
    if len(matter) > LARGEST:
        raise FileRefused(f"The front matter has more than {LARGEST // 1024} KB.", begins)
    pairs = _toml(matter, begins) if fence == "+++" else _yaml(matter, begins)
    return Source(_each_once(pairs, begins), "\n".join(lines[length + 1 :]), begins + length + 2)


def _each_once(pairs: Iterable[tuple[str, Value, int]], begins: int) -> Fields:
    fields: dict[str, Value] = {}
    for name, value, line in pairs:
        if name in fields:
            raise FileRefused(f"The front matter has '{name}' twice.", begins + line)
        fields[name] = value
    return fields


def _yaml(matter: str, begins: int) -> list[tuple[str, Value, int]]:
    loader = _LOADER(matter)
    try:
        root = loader.get_single_node()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or getattr(error, "reason", None) or "it is no YAML"
        raise FileRefused(
            f"The front matter cannot be read: {why}. A text with a colon or a quotation mark stands in quotes.",
            begins + 1 + (mark.line if mark else 0),
        ) from None
    except RecursionError:
        raise FileRefused("The front matter cannot be read: it is nested too deeply.", begins) from None
    finally:
        loader.dispose()
    if root is None:
        return []
    if not isinstance(root, yaml.MappingNode):
        raise FileRefused("The front matter is no list of names and values, such as `title: …`.", begins)
    return [
        (name.value.lower(), _yaml_value(value), name.start_mark.line + 1)
        for name, value in root.value
        if isinstance(name, yaml.ScalarNode)
    ]


def _yaml_value(node: yaml.Node) -> Value:
    if isinstance(node, yaml.ScalarNode):
        return None if node.style is None and node.value.lower() in _NOTHING else str(node.value)
    if isinstance(node, yaml.SequenceNode) and all(isinstance(one, yaml.ScalarNode) for one in node.value):
        return tuple(str(one.value) for one in node.value)
    return Nested()


def _toml(matter: str, begins: int) -> list[tuple[str, Value, int]]:
    try:
        read = tomllib.loads(matter)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FileRefused(
            f"The front matter cannot be read: {error}, counted from the line below +++.", begins
        ) from None
    return [(name.lower(), _toml_value(value), 0) for name, value in read.items()]


def _toml_value(value: object) -> Value:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        texts = [_toml_value(one) for one in value]
        return (
            tuple(one for one in texts if isinstance(one, str))
            if all(isinstance(one, str) for one in texts)
            else Nested()
        )
    return Nested() if isinstance(value, dict) else str(value)
