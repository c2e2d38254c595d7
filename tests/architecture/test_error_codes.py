"""docs/errors.md names every code that the code can answer, and none that is gone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from chalicelib.http.forms import _WORDS
from chalicelib.http.routes import ROUTES
from chalicelib.i18n.texts import sentences

ROOT = Path(__file__).resolve().parents[2]
# What an f-string can become. One that is not listed here fails the test: add it with all it can be.
EXPANDED = {
    "bad_{}": {"bad_return_to", "bad_source", "bad_email", "bad_amount"},
    # `too_many_mails` never leaves: too many mails to one address are silently none.
    "too_many_{}": {
        "too_many_checkouts",
        "too_many_sign_ins",
        "too_many_cancellations",
        "too_many_looks",
        "too_many_portals",
        "too_many_changes",
        "too_many_address_changes",
        "too_many_exports",
        "too_many_deletions",
    },
}
# Keys of the texts' [code] table that are words and no codes.
ONLY_WORDS = {"other", "bad_amount_bounds"}


def documented() -> set[str]:
    """The anchors of docs/errors.md, each beside its own code."""
    return set(re.findall(r'<a id="(\w+)"></a>`\1`', (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")))


def answered() -> set[str]:
    """Every code in our sources, the form table's, and API Gateway's refusals."""
    found = {code for code, _ in _WORDS.values()} | set(_of_gateway())
    for folder in ("chalicelib", "ops"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            found |= set(_of_source(ast.parse(path.read_text(encoding="utf-8")), path))
    return found


def _of_source(tree: ast.Module, path: Path) -> Iterator[str]:
    positions = {
        function.name: [argument.arg for argument in function.args.args].index("code")
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and "code" in [argument.arg for argument in function.args.args]
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            named = isinstance(node.func, ast.Name) and node.func.id in positions
            given = [word.value for word in node.keywords if word.arg == "code"]
            if named and isinstance(node.func, ast.Name):
                given += node.args[positions[node.func.id] :][:1]
            for value in given:
                yield from _codes(value)
        elif isinstance(node, ast.ClassDef) and path.name == "errors.py":
            yield from _assigned(node, "code")


def _assigned(node: ast.ClassDef, name: str) -> Iterator[str]:
    for line in node.body:
        if isinstance(line, ast.Assign) and [ast.unparse(target) for target in line.targets] == [name]:
            yield from _codes(line.value)


def _codes(value: ast.expr) -> Iterator[str]:
    """The codes that an expression can be; a sign-in code or a variable is none."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and re.fullmatch(r"[a-z_]+", value.value):
        yield value.value
    elif isinstance(value, ast.JoinedStr):
        pattern = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in value.values)
        yield from EXPANDED[pattern]


def _of_gateway() -> list[str]:
    # The refusals are JSON within JSON, so their quotes are escaped.
    file = (ROOT / "infra" / "gateway_responses.json").read_text(encoding="utf-8")
    return re.findall(r'\\"code\\": \\"(\w+)', file)


def test_every_code_is_explained() -> None:
    missing = answered() - documented()
    assert not missing, f"Explain these codes in docs/errors.md: {sorted(missing)}"


def test_no_explained_code_is_gone() -> None:
    gone = documented() - answered()
    assert not gone, f"These codes of docs/errors.md are nowhere in the code any more: {sorted(gone)}"


def test_codes_of_the_routes_and_of_the_texts_are_real() -> None:
    told = {code for route in ROUTES for code in route.codes}
    told |= {key.removeprefix("code.") for key in sentences("uk") if key.startswith("code.")} - ONLY_WORDS
    unknown = told - documented()
    assert not unknown, f"Routes or texts name codes that docs/errors.md does not know: {sorted(unknown)}"
