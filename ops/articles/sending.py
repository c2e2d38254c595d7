"""Many articles over several connections side by side, and what became of each."""

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import NamedTuple, TypeVar

import click

from ops.articles.api import ApiRefused, ApiUnanswered, ArticlesApi

SIDE_BY_SIDE = 4  # a new AWS account runs ten functions at once, and readers need some of them
_ENOUGH = 5  # articles in a row that were not answered: the API is away, and the others need not find that out
INTERRUPTED = 130  # the code with which a command ends then
_KEY_REFUSED = 401  # 403 may be a firewall that dislikes one text
_STOPPED = "It was not sent: {}"
One = TypeVar("One")
Got = TypeVar("Got")


class Failure(NamedTuple):
    """Why one article was not dealt with: a sentence, and the API's code if it answered."""

    why: str
    code: str = ""


class _Line:
    """What the threads share: whether there is any use in going on."""

    def __init__(self, api: ArticlesApi) -> None:
        self._api = api
        self._lock = threading.Lock()
        self._in_a_row = 0
        self._why = ""

    def run(self, work: Callable[[One], Got], one: One) -> Got | Failure:
        if self._why:
            return Failure(_STOPPED.format(self._why))
        try:
            got = work(one)
        except ApiRefused as error:
            self._note(answered=True, why=error.sentence if error.status == _KEY_REFUSED else "")
            return Failure(error.sentence, error.code)
        except ApiUnanswered as error:
            self._note(answered=False)
            return Failure(str(error))
        self._note(answered=True)
        return got

    def _note(self, *, answered: bool, why: str = "") -> None:
        with self._lock:
            self._in_a_row = 0 if answered else self._in_a_row + 1
            if self._in_a_row >= _ENOUGH:
                why = "the API does not answer."
            if why and not self._why:
                self._why = why
                self._api.stopped.set()


def each(
    api: ArticlesApi, many: Sequence[One], work: Callable[[One], Got], label: str
) -> Iterator[tuple[One, Got | Failure]]:
    """Do this for each, several side by side, as they are done. Ends early where the API is away or refuses the key.

    Whoever interrupts waits for those calls that are under way, and for no other.
    """
    line = _Line(api)
    pool = ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="articles")
    try:
        futures: dict[Future[Got | Failure], One] = {pool.submit(line.run, work, one): one for one in many}
        with click.progressbar(
            as_completed(futures), length=len(many), label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as done:
            for future in done:
                yield futures[future], future.result()
    finally:
        api.stopped.set()
        pool.shutdown(cancel_futures=True)
        api.stopped.clear()
