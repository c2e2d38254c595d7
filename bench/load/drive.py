"""Starts a stack where none runs, lets locust drive it, waits until all is applied, and looks at the books."""

import csv
import json
import os
import secrets
import subprocess
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import requests
from click.testing import CliRunner

from bench.load import books
from bench.load.books import Paying, Payment
from bench.processes import ROOT
from chalicelib.newsroom import file as newsroom_file
from chalicelib.newsroom.rules import Interval
from chalicelib.settings import LOCAL_STRIPE_KEY, LOCAL_WEBHOOK_SECRET
from localdev import ports
from testkit.stack import Stack, answers

LOCUST = ROOT / ".venv-bench" / "bin" / "locust"
_NEWSROOM = ROOT / "chalicelib" / "newsroom.toml"
_SETTLED_WITHIN = 120  # seconds
_PAGE = 100


@dataclass(frozen=True)
class Place:
    """A running stack: its addresses, the environment in which ops works on it, and its proxy's secret."""

    app: str
    site: str
    stripe: str
    mail: str
    environment: Mapping[str, str]
    proxy_secret: str


@dataclass(frozen=True)
class Kind:
    """Requests of one kind: how many, how many failed, and milliseconds from asking to the whole answer."""

    name: str
    requests: int
    failures: int
    p50: float
    p99: float


@dataclass(frozen=True)
class Outcome:
    """What was driven, what failed, how much was paid, and what is wrong in the books."""

    kinds: Sequence[Kind]
    errors: Sequence[str]
    payments: int
    readers: int
    wrong: Sequence[str]

    @property
    def good(self) -> bool:
        """Whether nothing failed, something was paid, and nothing is wrong."""
        return not self.errors and not self.wrong and self.payments > 0


@contextmanager
def place(directory: Path) -> Iterator[Place]:
    """The stack that runs under this environment, if it knows a proxy; else one of our own, ended with the block.

    Limits count by client address. To be many readers, the load presents itself as the newsroom's own proxy, which
    CloudFront would be; a stack without `SPILNO_PROXY_SECRET` would rightly take it for one client and
    refuse its 61st checkout.
    """
    here, secret = ports.ports(), os.environ.get("SPILNO_PROXY_SECRET", "")
    if secret and answers(f"{here.url('app')}/v1/health"):
        app, site, stripe, mail = (here.url(name) for name in ("app", "site", "stripe", "mail"))
        yield Place(app, site, stripe, mail, dict(os.environ), secret)
        return
    secret = secrets.token_urlsafe(32)
    stack = Stack(directory / "data", {"SPILNO_PROXY_SECRET": secret})
    stack.start()
    try:
        stack.wait_until_ready()
        yield Place(stack.app, stack.site, stack.stripe, stack.mail, stack.environment, secret)
    finally:
        stack.stop()


def drive(at: Place, directory: Path, *, users: int, seconds: int) -> Outcome:
    """All of it."""
    paid_file, told_file = directory / "paid.jsonl", directory / "locust"
    _control(at, "deliveries", {"mode": "duplicate"})
    try:
        done = _locust(at, paid_file, told_file, users=users, seconds=seconds)
    finally:
        _control(at, "deliveries", {"mode": "normal"})
    kinds, errors = _told(told_file.with_suffix(".json"), done)
    paid = [json.loads(line) for line in paid_file.read_text("utf-8").splitlines()] if paid_file.exists() else []
    payments = list(_payments(at))
    wrong = _settled(at, payments)
    return Outcome(kinds, errors, len(payments), len(paid), [*wrong, *books.access(_paying(at, paid))])


def _locust(
    at: Place, paid_file: Path, told_file: Path, *, users: int, seconds: int
) -> subprocess.CompletedProcess[str]:
    environ = {
        "PATH": os.environ["PATH"],
        "LOAD_STRIPE": at.stripe,
        "LOAD_MAIL": at.mail,
        "LOAD_SITE": at.site,
        "LOAD_PROXY_SECRET": at.proxy_secret,
        "LOAD_PAID": str(paid_file),
        "LOAD_STRIPE_KEY": LOCAL_STRIPE_KEY,
        "LOAD_WEBHOOK_SECRET": LOCAL_WEBHOOK_SECRET,
    }
    command = [str(LOCUST), "--locustfile", str(ROOT / "bench" / "load" / "readers.py"), "--host", at.app]
    command += ["--headless", "--users", str(users), "--spawn-rate", str(users), "--run-time", f"{seconds}s"]
    # A gift that has begun is ended, so that what was paid is also written down.
    command += ["--stop-timeout", "30s", "--exit-code-on-error", "0", "--only-summary", "--loglevel", "ERROR"]
    command += ["--json-file", str(told_file), "--csv", str(told_file)]
    return subprocess.run(  # noqa: S603 - our own driver
        command, check=False, capture_output=True, text=True, env=environ, cwd=paid_file.parent
    )


def _told(file: Path, done: subprocess.CompletedProcess[str]) -> tuple[list[Kind], list[str]]:
    if not file.exists():
        return [], [f"locust ended with {done.returncode}: {done.stderr[-1000:]}"]
    rows = json.loads(file.read_text(encoding="utf-8"))
    asked = [row for row in rows if row["method"] != "CHECK" and not row["name"].startswith("(")]
    kinds = [_kind(row) for row in asked]
    failed = [row for row in rows if row["num_failures"]]
    errors = [f"{row['name']}: {row['num_failures']} of {row['num_requests']}" for row in failed]
    return sorted(kinds, key=lambda kind: -kind.requests), [
        *errors,
        *_reasons(file.with_name(f"{file.stem}_failures.csv")),
    ]


def _reasons(file: Path) -> list[str]:
    """Why, once for each kind of failure."""
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as rows:
        return [f"{row['Name']}: {row['Error']}, {row['Occurrences']} times" for row in csv.DictReader(rows)]


def _kind(row: Mapping[str, Any]) -> Kind:
    spread = sorted((float(time_), int(count)) for time_, count in row["response_times"].items())
    many = sum(count for _, count in spread)
    return Kind(
        row["name"], row["num_requests"], row["num_failures"], _at(spread, many, 0.5), _at(spread, many, 0.99)
    )


def _at(spread: Sequence[tuple[float, int]], many: int, share: float) -> float:
    passed = 0
    for milliseconds, count in spread:
        passed += count
        if passed >= many * share:
            return milliseconds
    return 0.0


def _settled(at: Place, payments: Sequence[Payment]) -> list[str]:
    """What is wrong in the books once nothing waits any more; empty when all is well."""
    until = time.monotonic() + _SETTLED_WITHIN
    while True:
        _ops(at, "sweep")
        waiting = _ops(at, "inbox", "--json").splitlines()
        ledger = [json.loads(line) for line in _ops(at, "ledger", "--json").splitlines()]
        stripes = requests.get(f"{at.stripe}/_control/books", timeout=30).json()
        wrong = books.sums(json.loads(_ops(at, "totals", "--json")), stripes) + books.entries(ledger, payments)
        if waiting:
            wrong.append(f"{len(waiting)} events still wait or are parked")
        if not wrong or time.monotonic() > until:
            return wrong
        time.sleep(1)


def _payments(at: Place) -> Iterator[Payment]:
    """Every payment that the stand-in has collected."""
    query: dict[str, Any] = {"limit": _PAGE, "type": "charge", "expand[]": "data.source"}
    while True:
        answer = requests.get(
            f"{at.stripe}/v1/balance_transactions",
            params=query,
            headers={"Authorization": f"Bearer {LOCAL_STRIPE_KEY}"},
            timeout=30,
        ).json()
        for one in answer["data"]:
            charge = one["source"]
            yield Payment(charge["payment_intent"], charge["amount"], charge["currency"])
        if not answer["has_more"]:
            return
        query["starting_after"] = answer["data"][-1]["id"]


def _paying(at: Place, paid: Sequence[Mapping[str, Any]]) -> Iterator[Paying]:
    newsroom = newsroom_file.read(tomllib.loads(_NEWSROOM.read_text(encoding="utf-8")))
    for one in paid:
        earned = newsroom.currencies["eur"].earned(one["amount"], cast("Interval", one["interval"]))
        told = json.loads(_ops(at, "supporter", one["email"], "--json"))
        yield Paying(one["email"], earned.tier if earned else None, told["tier"])


def _ops(at: Place, *arguments: str) -> str:
    """An operator's command on that stack, in this process: hundreds of them would else take minutes.

    :raises RuntimeError: it failed; with what it said.
    """
    from ops.__main__ import main

    done = CliRunner().invoke(main, list(arguments), env=dict(at.environment))
    if done.exit_code:
        raise RuntimeError(f"ops {arguments[0]}: {done.output}{done.exception}")
    return done.stdout


def _control(at: Place, name: str, body: Mapping[str, Any]) -> None:
    requests.post(f"{at.stripe}/_control/{name}", json=body, timeout=30).raise_for_status()
