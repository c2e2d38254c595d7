"""Builds `widget.js` and the parts out of this folder's sources.

What comes out is committed, in `chalicelib/static/elements/`: nothing is built where the API runs, and a test holds
that what is committed is what this makes. tdewolff/minify does the shortening.
"""

import json
import re
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

from chalicelib.http.elements import BUILT, PARTS, hash_of

SOURCES = Path(__file__).resolve().parent
LANGUAGES = ("uk", "en")
# The sources of each, in the order in which they are joined, and its style sheets.
LOADER = ("loader/*.js",)
JOINED: Mapping[str, tuple[str, ...]] = {
    "wall": ("shared/*.js", "wall/*.js"),
    "donate": ("shared/*.js", "donate/*.js"),
    "sign-in": ("shared/here.js", "shared/problem.js", "shared/sheet.js", "sign-in/*.js"),
    "meter": ("shared/here.js", "shared/pages.js", "meter/*.js"),
    "give": ("shared/problem.js", "give/*.js"),
    "embeds": ("embeds/*.js",),
    "account": ("shared/here.js", "shared/pages.js", "shared/sheet.js", "account/*.js"),
}
STYLES: Mapping[str, tuple[str, ...]] = {
    "loader": ("loader/*.css",),
    "wall": ("shared/*.css", "wall/*.css"),
    "donate": ("shared/*.css", "donate/*.css"),
    "sign-in": ("shared/*.css", "sign-in/*.css"),
    "meter": (),
    "give": (),
    "embeds": (),
    "account": ("shared/base.css",),
}
# What the loader hands to a part: version 1 of what is between them. Loaders live on in caches and in open pages, and
# meet parts of later releases. So a name here is only ever added, and means for ever what it meant: docs/elements.md.
KIT = ("HOME", "call", "fault", "h", "hint", "own", "part", "settled")

Change = Callable[[str, str], str]


def built(change: Change = lambda _path, source: source) -> dict[str, str]:
    """Every script by its name; `change` is given each source, its path and its text, and answers the text to use."""

    def joined(patterns: tuple[str, ...]) -> str:
        paths = [path for pattern in patterns for path in sorted(SOURCES.glob(pattern))]
        return "\n".join(change(str(path.relative_to(SOURCES)), path.read_text("utf-8")) for path in paths)

    def style(name: str) -> str:
        return f"const STYLE = {json.dumps(_short(joined(STYLES[name]), 'text/css'))};\n"

    parts = {name: _part(style(name) + _texts(name, joined) + joined(JOINED[name])) for name in PARTS}
    kit = f"const KIT = {{ version: 1, {', '.join(KIT)} }};\n"
    hashed = f'const RELEASE = "{hash_of(parts.values())}";\n'
    loader = f"(() => {{\n{style('loader')}{hashed}{joined(LOADER)}\n{kit}}})();\n"
    return {"widget": _short(loader) + "\n", **parts}


def _part(source: str) -> str:
    """A module whose one export takes the loader's kit, of which it takes apart what it uses, and gives the part."""
    used = [name for name in KIT if re.search(rf"(?<![.\w$]){name}(?![\w$])", source)]
    return _short(f"export default ({{ {', '.join(used)} }}) => {{\n{source}\nreturn made;\n}};\n") + "\n"


def _texts(part: str, joined: Callable[[tuple[str, ...]], str]) -> str:
    """The sentences of one part in every language: those under a heading that names it."""
    languages = []
    for language in LANGUAGES:
        headings = re.split(
            r"^ *// == (.+)\n", joined((f"texts/{language}.js",)).rpartition("})")[0], flags=re.MULTILINE
        )
        sentences = "".join(
            lines for names, lines in zip(headings[1::2], headings[2::2], strict=True) if part in names.split(", ")
        )
        languages.append(f"{language}: {{\n{sentences}}}")
    return f"const TEXTS = {{ {', '.join(languages)} }};\n"


def _short(source: str, media_type: str = "text/javascript") -> str:
    if not can_shorten():
        return source
    import minify

    return str(minify.string(media_type, source))


def can_shorten() -> bool:
    """Whether the library is there: it has no wheel for Apple's own processors. Without it all comes out as long."""
    return find_spec("minify") is not None


def write() -> list[Path]:
    """Write all of them to where the API takes them from; answers the files."""
    if not can_shorten():
        raise SystemExit("The elements cannot be built here: tdewolff-minify has no wheel for this machine.")
    BUILT.mkdir(exist_ok=True)
    paths = []
    for name, script in built().items():
        path = BUILT / f"{name}.js"
        path.write_text(script, encoding="utf-8")
        paths.append(path)
    return paths
