"""What a function of ours can come to, read from the sources: which definitions its code may reach.

Generous where Python is dynamic (a call of `x.send` reaches every method named `send`), so what is not reached here
is not called, and what is reached may be. Annotations reach nothing.
"""

import ast
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
# What is done with values and never with methods: `parts.query or …`, `call.query["lang"]`, `call.query.get("lang")`.
_ON_VALUES = (ast.Attribute, ast.Subscript, ast.BoolOp, ast.Compare, ast.UnaryOp, ast.FormattedValue)


class Node(NamedTuple):
    """A definition: `chalicelib.jobs`, `sweep`; a method is `Class.method`, a module's own statements are ``."""

    module: str
    name: str


class Sources:
    """All definitions of some source files, by node; and what each refers to."""

    def __init__(self, files: dict[str, Path]) -> None:
        self._trees = {module: ast.parse(path.read_text(encoding="utf-8")) for module, path in files.items()}
        self.bodies: dict[Node, list[ast.AST]] = {}
        self._imports: dict[str, dict[str, str]] = {}
        for module, tree in self._trees.items():
            self._imports[module] = dict(_imported(tree))
            for node, bodies in _definitions(module, tree):
                self.bodies.setdefault(node, []).extend(bodies)
        self._methods: dict[str, list[Node]] = {}
        self._dunders: dict[Node, list[Node]] = {}
        self._looked_at: dict[Node, tuple[Node, ...]] = {}
        for node in self.bodies:
            _, _, method = node.name.rpartition(".")
            if "." in node.name:
                self._methods.setdefault(method, []).append(node)
            if ".__" in node.name:
                self._dunders.setdefault(Node(node.module, node.name.partition(".")[0]), []).append(node)

    def reached(self, start: list[Node], without: Collection[Node] = ()) -> set[Node]:
        """Everything that may run when these do; `without` what somebody knows not to run then."""
        missing = [node for node in (*start, *without) if node not in self.bodies]
        assert not missing, f"There is no {missing}."
        found: set[Node] = set()
        waiting = list(start)
        while waiting:
            node = waiting.pop()
            if node in found or node in without or node not in self.bodies:
                continue
            found.add(node)
            if node not in self._looked_at:
                self._looked_at[node] = tuple(self._referred(node))
            waiting += self._looked_at[node]
        return found

    def _referred(self, node: Node) -> Iterator[Node]:
        """What one definition names: other definitions, methods by their name, modules by importing them."""
        yield Node(node.module, "")
        parts = [part for body in self.bodies[node] for part in _without_annotations(body)]
        imported = [pair for part in parts for pair in _imported(part)]
        for _, target in imported:
            yield from self._module_of(target)
        # A local variable hides the module's definition of that name.
        local = {name: "" for body in self.bodies[node] for name in _bound(body)} if node.name else {}
        names = self._imports[node.module] | local | dict(imported)
        on_values = (part for part in parts if isinstance(part, _ON_VALUES))
        operands = {id(child) for part in on_values for child in ast.iter_child_nodes(part)}
        for part in parts:
            if isinstance(part, ast.Name):
                yield from self._named(node.module, part.id, names)
            elif isinstance(part, ast.Attribute):
                methods = self._methods.get(part.attr, ())
                yield from (method for method in methods if id(part) not in operands or not _of_gateway(method))
                yield from self._named(node.module, ast.unparse(part), names)

    def _module_of(self, target: str) -> Iterator[Node]:
        for module in (target, target.rpartition(".")[0]):
            if module in self._trees:
                yield Node(module, "")

    def _named(self, module: str, written: str, imports: dict[str, str]) -> Iterator[Node]:
        first, _, rest = written.partition(".")
        if imports.get(first) == "":
            return
        full = ".".join(filter(None, (imports.get(first, f"{module}.{first}"), rest)))
        where, _, name = full.rpartition(".")
        if where in self._trees:
            yield from self._whole(Node(where, name))

    def _whole(self, node: Node) -> Iterator[Node]:
        """A class brings what Python itself calls of it: its body, and its double-underscore methods."""
        yield node
        yield from self._dunders.get(node, ())


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Local name -> full name, of the import statements in a tree; of a module, of those at its top only."""
    nodes = tree.body if isinstance(tree, ast.Module) else [tree]
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((name.asname or name.name, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((name.asname or name.name, f"{node.module}.{name.name}") for name in node.names)


def _definitions(module: str, tree: ast.Module) -> Iterator[tuple[Node, list[ast.AST]]]:
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef):
            yield Node(module, statement.name), [*statement.body, *statement.decorator_list, statement.args]
        elif isinstance(statement, ast.ClassDef):
            methods = [part for part in statement.body if isinstance(part, ast.FunctionDef)]
            others = [part for part in statement.body if not isinstance(part, ast.FunctionDef)]
            yield Node(module, statement.name), [*others, *statement.bases, *statement.decorator_list]
            for method in methods:
                yield (
                    Node(module, f"{statement.name}.{method.name}"),
                    [method.args, *method.body, *method.decorator_list],
                )
        elif isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            for target in targets:
                yield Node(module, ast.unparse(target)), [statement.value]
        elif _is_for_types(statement):
            continue
        else:
            yield Node(module, ""), [statement]


def _of_gateway(method: Node) -> bool:
    return method.module.startswith(("chalicelib.aws.", "chalicelib.rails.stripe.client"))


def _bound(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _is_for_types(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING"


def _without_annotations(tree: ast.AST) -> Iterator[ast.AST]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.arguments):
            waiting += [*node.defaults, *(default for default in node.kw_defaults if default)]
            continue
        yield node
        for field, value in ast.iter_fields(node):
            if field not in ("annotation", "returns"):
                waiting += [
                    part for part in (value if isinstance(value, list) else [value]) if isinstance(part, ast.AST)
                ]


@cache
def ours() -> Sources:
    """The sources that are packaged."""
    files = {"app": ROOT / "app.py"}
    for path in sorted((ROOT / "chalicelib").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        files[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return Sources(files)
