"""Many at once, let go by one barrier."""

import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def at_once(count: int, work: Callable[[int], Result]) -> list[Result | BaseException]:
    """Run `work(0)` … `work(count - 1)` in as many threads, let go by one barrier; what each answered or raised."""
    barrier = threading.Barrier(count)
    results: list[Result | BaseException] = [RuntimeError("did not run")] * count

    def run(number: int) -> None:
        barrier.wait(30)
        try:
            results[number] = work(number)
        except BaseException as error:  # noqa: BLE001 - handed to the test, which looks at every one
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results
