"""Other code in functions that are already imported, so that every `from … import` of them sees it.

Nothing is written to disk and nothing is imported anew: tests that read the sources see them as they are.
"""

import ast
import functools
import gc
import importlib
import sys
from collections import defaultdict
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from tests.mutants import operators
from tests.mutants.mutant import Mutant, mutated

PROBE = "__mutants_reached__"  # the name of the built-in that an instrumented statement calls
Statement = tuple[str, int, int]  # its file, line and column


class NotTried(Exception):
    """A mutant that could not be brought to life: its function exists under no such name, or takes no such code."""


class Live:
    """The functions of some files, as they are in memory."""

    def __init__(self, root: Path, files: list[str]) -> None:
        self._root = root
        self._sources = {file: (root / file).read_text(encoding="utf-8") for file in files}
        self._packages = {Path(file).parts[0].removesuffix(".py") for file in files}
        self._caches: list[functools._lru_cache_wrapper[Any]] = []
        self._imported = 0  # how many modules there were when the caches were looked for
        paths = {}
        for file in files:
            module = importlib.import_module(".".join(Path(file).with_suffix("").parts).removesuffix(".__init__"))
            paths[module.__file__] = file
        self._functions: defaultdict[tuple[str, str, int], list[FunctionType]] = defaultdict(list)
        for found in gc.get_objects():
            if isinstance(found, FunctionType) and (in_file := paths.get(found.__code__.co_filename)):
                code = found.__code__
                self._functions[in_file, code.co_qualname, code.co_firstlineno].append(found)
        # Children share this memory until they write into it: a search or a collection there would copy it all.
        self.forget()
        gc.collect()
        gc.freeze()

    def become(self, mutant: Mutant) -> None:
        """Let the mutant's function have the mutant's code, for the rest of this process.

        :raises NotTried: it cannot have it.
        """
        tree = mutated(mutant.file, self._sources[mutant.file], mutant.id)
        if not self._take_over(mutant.file, tree, mutant.function):
            raise NotTried(mutant.id)
        self.forget()

    def instrument(self) -> set[Statement]:
        """Let every statement of every function say that it is reached; answers these statements."""
        reached: set[Statement] = set()
        for file, source in self._sources.items():
            tree = ast.parse(source)
            for _, function in operators.functions(tree):
                reached |= {(file, *place) for place in _with_probes(file, function)}
            self._take_over(file, ast.fix_missing_locations(tree), None)
        self.forget()
        return reached

    def forget(self) -> None:
        """Empty all caches, as what they hold was worked out by other code."""
        if self._imported != len(sys.modules):  # a search takes longer than many a test
            self._imported = len(sys.modules)
            self._caches = [one for one in gc.get_objects() if self._is_cache(one)]
        for cache in self._caches:
            cache.cache_clear()

    def _is_cache(self, found: object) -> bool:
        if not isinstance(found, functools._lru_cache_wrapper):
            return False
        return str(getattr(found, "__module__", "")).partition(".")[0] in self._packages

    def _take_over(self, file: str, tree: ast.Module, only: str | None) -> int:
        """Give live functions the code of this tree; answers how many took it."""
        taken = 0
        for code in _codes(compile(tree, str(self._root / file), "exec", dont_inherit=True)):
            if only is not None and code.co_qualname != only:
                continue
            for function in self._functions.get((file, code.co_qualname, code.co_firstlineno), ()):
                try:
                    function.__code__ = code
                except ValueError:  # it closes over other names than before
                    continue
                taken += 1
        return taken


def _codes(code: CodeType) -> list[CodeType]:
    inner = [found for constant in code.co_consts if isinstance(constant, CodeType) for found in _codes(constant)]
    return [*inner, code]


def _with_probes(file: str, function: operators.Function) -> list[tuple[int, int]]:
    """Put a call before every statement of a function; answers where these statements begin."""
    places: list[tuple[int, int]] = []
    for node in list(ast.walk(function)):
        for field, value in list(ast.iter_fields(node)):
            if not (isinstance(value, list) and value and isinstance(value[0], ast.stmt)):
                continue
            probed: list[ast.stmt] = []
            for statement in value:
                place = (statement.lineno, statement.col_offset)
                places.append(place)
                key = ast.Tuple([ast.Constant(file), *(ast.Constant(number) for number in place)], ast.Load())
                call = ast.Call(ast.Name(PROBE, ast.Load()), [key], [])
                probed += [ast.copy_location(ast.Expr(call), statement), statement]
            setattr(node, field, probed)
    return places
