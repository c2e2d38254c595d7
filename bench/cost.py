"""What a month costs: amounts times prices, and nothing that one could not work out again with pencil and paper."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bench.month import Activity
from bench.prices import Price, PriceList

# Lambda gives one whole processor at this memory, and shares in proportion below it.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
WHOLE_PROCESSOR_MB = 1769
_KB_IN_GB = 1024 * 1024
_MONTHS_STORED = 13.3  # events are kept for 400 days; what a table has grown to after that
_LOG_LINE_KB = 0.4
# A process decrypts each secret that it uses once, and again only when it changed: four by each new process of the
# API, two an hour (AWS ends a busy one every two hours or so); two by the sweep, whose process lives as long; two by
# each run of what comes every ten minutes or hour, as if each were a new process. docs/decisions/0111.
_HOURS = 24 * 30
_KEY_USES = 4 * 2 * _HOURS + 2 * _HOURS // 2 + 2 * (6 + 3) * _HOURS + 2 * 30


@dataclass(frozen=True)
class Fixed:
    """What is there whatever happens: numbers of things, and megabytes of memory by kind of function.

    Ten metrics (docs/observing.md) and ten figures watched.
    `dev` in the same account has none of them.
    """

    metrics: int = 10
    alarms: int = 10
    dashboards: int = 1
    notices: int = 50
    api_mb: int = 1024
    job_mb: int = 512
    days_logged: int = 30


@dataclass(frozen=True)
class Line:
    """One line of the bill; `amount` in the price's unit."""

    price: Price
    amount: Decimal

    @property
    def gross(self) -> Decimal:
        """Without what is free."""
        return self.amount * self.price.each

    @property
    def net(self) -> Decimal:
        """With it."""
        return max(Decimal(0), self.amount - self.price.free) * self.price.each


def bill(
    activities: Sequence[Activity], prices: PriceList, fixed: Fixed | None = None, *, cdn: bool = True
) -> list[Line]:
    """Every line of a month's bill.

    :param cdn: the API lives on the site's own origin behind CloudFront, which the project advises.
    """
    things = fixed or Fixed()
    ours = [one for one in activities if not (one.cached or one.of_the_site)]
    requests = _sum(ours, lambda one: one.requests)
    starts = requests + sum(one.count for one in ours if one.job)
    seconds = {job: _sum([one for one in ours if one.job is job], lambda one: one.seconds) for job in (False, True)}
    logged = _sum(ours, lambda one: one.lines) * _LOG_LINE_KB / _KB_IN_GB
    stored = _sum(ours, lambda one: one.stored) * _MONTHS_STORED / _KB_IN_GB
    sent = _sum([one for one in activities if not one.of_the_site], lambda one: one.kilobytes) / _KB_IN_GB
    of_the_site = _sum([one for one in activities if one.of_the_site], lambda one: one.requests)
    cached = _sum([one for one in activities if one.cached], lambda one: one.requests)
    amounts: dict[str, float] = {
        "api_request": requests,
        "lambda_request": starts,
        "lambda_gb_second": seconds[False] * things.api_mb / 1024 + seconds[True] * things.job_mb / 1024,
        "read_unit": _sum(ours, lambda one: one.read),
        "write_unit": _sum(ours, lambda one: one.written),
        "table_gb": stored,
        "backup_gb": stored,
        "log_gb": logged,
        "log_kept_gb": logged * things.days_logged / 30,
        "metric": things.metrics,
        "alarm": things.alarms,
        "dashboard": things.dashboards,
        "mail": _sum(ours, lambda one: one.mails),
        "notice": things.notices,
        "key_use": _KEY_USES,
    }
    if cdn:
        # The website's own calls and bytes are its own matter; that each runs a function is ours.
        run = requests + cached + of_the_site
        amounts |= {"cdn_request": requests + cached, "cdn_function": run, "cdn_gb": sent}
    else:
        # Somebody else's proxy keeps the widget; what runs here is sent to it.
        amounts["out_gb"] = _sum(ours, lambda one: one.kilobytes) / _KB_IN_GB
    return [Line(prices[key], Decimal(str(round(amount, 6)))) for key, amount in amounts.items()]


def firewall(activities: Sequence[Activity], prices: PriceList, rules: int = 2) -> list[Line]:
    """What the optional firewall adds: it looks at every call of the API, also at those that it refuses."""
    calls = _sum([one for one in activities if not (one.cached or one.of_the_site)], lambda one: one.requests)
    amounts = {"firewall": 1, "firewall_rule": rules, "firewall_request": calls}
    return [Line(prices[key], Decimal(str(round(amount, 6)))) for key, amount in amounts.items()]


def total(lines: Sequence[Line], *, free_tier: bool) -> Decimal:
    """The sum in US dollars."""
    return sum(((line.net if free_tier else line.gross) for line in lines), Decimal(0))


def stripe_keeps(gifts: float, amount: float, prices: PriceList) -> Decimal:
    """What Stripe keeps of so many gifts of so many euros, in euros."""
    each = Decimal(str(amount)) * prices.stripe_share + prices.stripe_fixed
    return Decimal(str(gifts)) * each


@dataclass(frozen=True)
class Handler:
    """What was measured of one way to write the gate: milliseconds of a whole processor."""

    cold_ms: float
    warm_ms: float


def billed_ms(cpu_ms: float, memory_mb: int) -> int:
    """Milliseconds that Lambda bills for so much work at this memory: whole ones, begun ones count."""
    return max(1, math.ceil(cpu_ms * max(1.0, WHOLE_PROCESSOR_MB / memory_mb)))


def million(
    handler: Handler, prices: PriceList, memory_mb: int, *, cold_share: float = 0.01
) -> Mapping[str, Decimal]:
    """What a million gate checks cost, by part, without what is free; `cold_share` of them start a process.

    The part of a cold start that is the runtime's own is the same for all and left out; a read of the table is not
    there, as the pass decides.
    """
    checks = 1_000_000
    cold = round(checks * cold_share)
    spent = cold * billed_ms(handler.cold_ms, memory_mb) + (checks - cold) * billed_ms(handler.warm_ms, memory_mb)
    gb_seconds = Decimal(spent) / 1000 * memory_mb / 1024
    return {
        "requests to the API": checks * prices["api_request"].each,
        "starts of the function": checks * prices["lambda_request"].each,
        "its time": gb_seconds * prices["lambda_gb_second"].each,
    }


def at_the_edge(prices: PriceList) -> Mapping[str, tuple[Decimal, Decimal]]:
    """What a million calls cost that never reach the API, by host, without what is free: gate checks, and keys.

    CloudFront asks for the request itself, too (`cdn_request`), as for any other: that is paid with or without.
    """
    run, read, worker = (1_000_000 * prices[name].each for name in ("cdn_function", "edge_read", "worker_request"))
    return {
        "CloudFront of our stack: one and two reads of the store": (run + read, run + 2 * read),
        "CloudFront of your own, the function pasted: three and four": (run + 3 * read, run + 4 * read),
        "Cloudflare, a Worker": (worker, worker),
        "nginx of your own": (Decimal(0), Decimal(0)),
    }


def _sum(activities: Sequence[Activity], pick: Callable[[Activity], float]) -> float:
    return sum(one.count * pick(one) for one in activities)
