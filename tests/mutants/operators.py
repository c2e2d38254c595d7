"""The changes that are tried: each is a small mistake that somebody could make in a rule."""

import ast
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

Function = ast.FunctionDef | ast.AsyncFunctionDef

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_FUNCTIONS = {"min": "max", "max": "min", "any": "all", "all": "any"}
_WORD = re.compile(r"[a-z][a-z0-9_.]*")  # a value of a Literal, a key, a code: not a sentence

# What does nothing at run time, or only words a failure.
_NOT_LOOKED_INTO: dict[type[ast.AST], frozenset[str]] = {
    ast.FunctionDef: frozenset({"decorator_list", "args", "returns", "type_params"}),
    ast.AsyncFunctionDef: frozenset({"decorator_list", "args", "returns", "type_params"}),
    ast.Lambda: frozenset({"args"}),
    ast.AnnAssign: frozenset({"annotation"}),
    ast.FormattedValue: frozenset({"format_spec"}),
}
_LEAVES = (ast.Raise, ast.Assert)
_OF_TYPES = {"cast": 0, "isinstance": 1}  # the argument of a call that is a type


class Place(NamedTuple):
    """Where a node stands in its tree."""

    parent: ast.AST
    field: str
    position: int | None

    def put(self, node: ast.AST) -> None:
        """Put another node there."""
        if self.position is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.position] = node


class Change(NamedTuple):
    """A node, what is put in its place, and the innermost statement that it stands in."""

    operator: str
    place: Place
    old: ast.AST
    new: ast.AST
    statement: ast.stmt


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, Function]]:
    """Every function at the top of a module or of a class, with its qualified name; inner ones belong to theirs."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from functions(node, f"{prefix}{node.name}.")
        elif isinstance(node, Function):
            yield prefix + node.name, node


def changes(function: Function) -> Iterator[Change]:
    """Every change of a function's body, in the order of its source."""
    early = {node for top in function.body[:-1] for node in ast.walk(top) if isinstance(node, ast.Return)}
    tells = isinstance(function.returns, ast.Name) and function.returns.id == "bool"
    for place, node, statement in _places(function, function):
        for operator, new in _replacements(place, node):
            yield Change(operator, place, node, new, statement)
        if isinstance(node, ast.Return) and node.value is not None:
            for operator, new in _returns(node.value, tells=tells, early=node in early):
                yield Change(operator, place, node, new, statement)


def _places(parent: ast.AST, statement: ast.stmt) -> Iterator[tuple[Place, ast.AST, ast.stmt]]:
    skipped = _NOT_LOOKED_INTO.get(type(parent), frozenset())
    for field, value in ast.iter_fields(parent):
        if field in skipped:
            continue
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or _is_said_only(parent, field, index, node):
                continue
            inner = node if isinstance(node, ast.stmt) else statement
            yield Place(parent, field, index), node, inner
            if not isinstance(node, _LEAVES):
                yield from _places(node, inner)


def _is_said_only(parent: ast.AST, field: str, index: int | None, node: ast.AST) -> bool:
    """Whether it is a docstring, text of an f-string, or a type."""
    match parent:
        case ast.Expr() | ast.JoinedStr():
            return isinstance(node, ast.Constant)
        case ast.Call(func=ast.Name(id=name)) if name in _OF_TYPES:
            return field == "args" and index == _OF_TYPES[name]
    return False


def _replacements(place: Place, node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.stmt):
        yield from _removed(node)
    elif isinstance(node, ast.Constant):
        yield from _constants(node.value)
    elif isinstance(node, ast.expr):
        yield from _expressions(node)
    if isinstance(node, ast.expr) and not isinstance(node, ast.Constant):
        yield from _conditions(place)


def _removed(node: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom() | ast.Await()) | ast.Raise() | ast.AugAssign():
            yield "statement removed", ast.Pass()
        case ast.Delete() | ast.Continue() | ast.Break() | ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield "statement removed", ast.Pass()


def _constants(value: Any) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(value, bool):
        yield "truth", ast.Constant(not value)
    elif isinstance(value, int):
        yield "number up", ast.Constant(value + 1)
        yield "number down", ast.Constant(value - 1)
    elif isinstance(value, str) and _WORD.fullmatch(value):
        yield "word", ast.Constant(f"{value}_x")


def _expressions(node: ast.expr) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Compare(left=left, ops=ops, comparators=others):
            for index, op in enumerate(ops):
                swapped = [*ops[:index], _COMPARISONS[type(op)](), *ops[index + 1 :]]
                yield "comparison", ast.Compare(left, swapped, others)
        case ast.BoolOp(op=joined, values=values):
            yield "and, or", ast.BoolOp(ast.Or() if isinstance(joined, ast.And) else ast.And(), values)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield "not removed" if isinstance(node.op, ast.Not) else "sign removed", operand
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _ARITHMETIC:
            yield "arithmetic", ast.BinOp(left, _ARITHMETIC[type(operator)](), right)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
            yield from _calls(name, args, keywords)


def _calls(name: str, args: list[ast.expr], keywords: list[ast.keyword]) -> Iterator[tuple[str, ast.AST]]:
    if name in _FUNCTIONS:
        yield "function swapped", ast.Call(ast.Name(_FUNCTIONS[name], ast.Load()), args, keywords)
    if name == "replace":
        for one in keywords:
            left = [other for other in keywords if other is not one]
            yield "argument left out", ast.Call(ast.Name(name, ast.Load()), args, left)


def _conditions(place: Place) -> Iterator[tuple[str, ast.AST]]:
    match place.parent, place.field:
        case (ast.If() | ast.IfExp(), "test"):
            yield "condition true", ast.Constant(value=True)
            yield "condition false", ast.Constant(value=False)
        case (ast.While(), "test"):
            yield "condition false", ast.Constant(value=False)
        case (ast.comprehension(), "ifs"):
            yield "condition true", ast.Constant(value=True)


def _returns(value: ast.expr, *, tells: bool, early: bool) -> Iterator[tuple[str, ast.AST]]:
    if not isinstance(value, ast.Constant):
        yield "nothing returned", ast.Return(ast.Constant(value=None))
        if tells:
            yield "opposite returned", ast.Return(ast.UnaryOp(ast.Not(), value))
    if early:
        yield "return removed", ast.Pass()
