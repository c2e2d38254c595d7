"""One test over many values that are all alike: a case of its own for each would say nothing more."""

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

Test = Callable[..., None]


def for_each(**values: Iterable[Any]) -> Callable[[Test], Test]:
    """`@for_each(currency=EVERY)`: the test runs with each of them, and a failure says with which.

    For values that nobody would run alone. Where a case has a meaning of its own, `pytest.mark.parametrize` names it.
    """
    ((name, many),) = values.items()
    every = list(many)
    assert every, f"There is no {name}."

    def decorate(test: Test) -> Test:
        @wraps(test)
        def run(**fixtures: Any) -> None:
            for one in every:
                try:
                    test(**fixtures, **{name: one})
                except BaseException as error:
                    error.add_note(f"with {name} = {one!r}")
                    raise

        asked = inspect.signature(test)
        others = [parameter for parameter in asked.parameters.values() if parameter.name != name]
        run.__signature__ = asked.replace(parameters=others)  # type: ignore[attr-defined] # what pytest reads
        return run

    return decorate
