"""The year of a rehearsal: week by week what supporters do, the clock, and the faults; and a check each month."""

import json
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple

import requests

from chalicelib.rails.stripe.enabled_events import ENABLED_EVENTS
from chalicelib.rails.stripe.understand import HANDLED
from chalicelib.wiring import Wiring
from ops.context import connect
from ops.rehearsal import catching_up
from ops.rehearsal.check import Found, check, until_right
from ops.rehearsal.figures import Figures, Steps, told_in_order
from ops.rehearsal.scenarios import WEEKS, Scenario, scenarios
from ops.rehearsal.stack import Stack, work_on
from ops.rehearsal.stand_in import StandIn
from ops.rehearsal.steps import Turns
from ops.rehearsal.trouble import Trouble, Week, weeks

_DAYS = 365 / (12 * WEEKS)
_PATIENCE = 20  # seconds for the schedules to finish, once no faults are caused
_AT_ONCE = 3  # supporters who do something at the same moment
_USUAL = 150  # supporters: with fewer, calls fail more often, so that enough of them fail
_MOST_OFTEN = 8.0


class Step(NamedTuple):
    """A part of the year, and what is done in it."""

    name: str
    work: Callable[[], None]


class Year:
    """One rehearsal on a started stack.

    :param all_types: the webhook endpoint takes every type that has a handler, as one of an earlier release does.
    """

    def __init__(self, stack: Stack, seed: int, supporters: int, months: int, *, all_types: bool = False) -> None:
        self._stack = stack
        self._newsroom = tomllib.loads(stack.newsroom.read_text(encoding="utf-8"))
        presets = {code: rules["presets"] for code, rules in self._newsroom["currencies"].items()}
        self._lives = scenarios(seed, supporters, months, presets)
        self._weeks = weeks(seed, months * WEEKS)
        self._stand_in = StandIn(stack.ports.url("stripe"), stack.data / "stripe.sqlite")
        often = max(1.0, min(_MOST_OFTEN, _USUAL / supporters))
        self._trouble = Trouble(stack, self._stand_in, seed, often=often)
        self._turns = Turns(self._stand_in, stack.ports.url("app"), stack.ports.url("site"))
        self._steps = Steps()
        self.figures = Figures(seed, supporters, months)
        self._types = HANDLED if all_types else frozenset(ENABLED_EVENTS)
        self._stand_in.listen_to(self._types)
        work_on(stack)
        self._wired: Wiring = connect()

    def steps(self) -> list[Step]:
        """The year's steps: week by week, with a check of the books after every fourth."""
        found = []
        for at, week in enumerate(self._weeks):
            found.append(Step(f"week {at + 1}: webhooks {week.travel}", partial(self._play_week, at, week)))
            if (at + 1) % WEEKS == 0:
                found.append(Step(f"month {(at + 1) // WEEKS}: the books", self._end_month))
        return found

    def play(self, step: Step) -> bool:
        """Play one step; False when money is not right, so that going on makes no sense.

        :raises ops.rehearsal.stack.StackFailed: the stack has ended.
        """
        try:
            self._stack.check()
            step.work()
        except requests.RequestException:
            time.sleep(1)  # the supervisor needs a moment to say why
            self._stack.check()
            raise
        return self.figures.passed

    def _play_week(self, at: int, week: Week) -> None:
        self._trouble.begins(week)
        busy = [scenario for scenario in self._lives if any(step.week == at for step in scenario.steps)]
        with self._trouble.killing(week), ThreadPoolExecutor(_AT_ONCE) as crowd:
            playing = [crowd.submit(self._play_life, at, scenario) for scenario in busy]
            try:
                for one in playing:
                    one.result()
            finally:
                crowd.shutdown(wait=False, cancel_futures=True)  # an interrupted run does not wait for the whole week
        with self._trouble.killing(week), self._steps.step("a week going by", str(at + 1)):
            self._stand_in.control("clock/advance", days=_DAYS)
        with self._steps.step("webhooks held back, all at once", str(at + 1)):
            self._trouble.ends(week)

    def _play_life(self, at: int, scenario: Scenario) -> None:
        for step in (step for step in scenario.steps if step.week == at):
            with self._steps.step("a supporter's turn", step.what):
                self._turns.play(scenario, step)

    def _end_month(self) -> None:
        self._trouble.calm()
        self._stand_in.control("clock/advance", hours=2)  # the last charges come to the balance
        with self._steps.step("a sweep of everything"):
            catching_up.sweep(self._wired)
        with self._steps.step("reconcile, all rings"):
            catching_up.reconcile(self._wired)
        with self._steps.step("a sweep of everything"):
            catching_up.sweep(self._wired)
        with self._steps.step("a check of everything"):
            self.figures.found = until_right(self._check, _PATIENCE)
        self.figures.checks += 1
        self.figures.months_found.append(self.figures.found.words)
        (self._stack.data / "found.json").write_text(json.dumps(self.figures.months_found, ensure_ascii=False))

    def _check(self) -> Found:
        mails = self._stack.tell_aws()["mails"]
        return check(self._wired, self._stand_in, self._turns.sessions, mails, self._newsroom)

    def told(self) -> Figures:
        """The figures of the rehearsal."""
        figures, road, aws = self.figures, self._stack.tell_road(), self._stack.tell_aws()
        events, arrivals = self._stand_in.events(), road["arrivals"]
        repeated, late, orders = told_in_order(events, arrivals)
        counts = self._trouble.counts
        figures.money = self._stand_in.look("books")
        figures.gifts = sum(one["payments"] for one in figures.money.values())
        # Of types that the webhook asks for; Stripe makes others, which it sends to nobody.
        figures.events = sum(event["type"] in self._types for _, event in events) + counts["forgotten"]
        figures.never_made = counts["forgotten"]
        told = set(arrivals)
        figures.deliveries = {
            "arrived": len(arrivals),
            "never arrived": sum(event["id"] not in told for _, event in events if event["type"] in self._types),
            "doubled": repeated,
            "out of order": late,
            "answered with an error": road["failed"],
        }
        figures.orders = orders
        figures.faults = {
            "Stripe API errors": counts["armed"] - counts["unmet"],
            "Stripe rate limits": int(self._stand_in.control("rate-limit", per_second=0)["refused"]),
            **{_named(kind): count for kind, count in aws["faults"].items()},
            **{f"deliveries {kind}": count for kind, count in road["faults"].items()},
            "processes killed": counts["killed"],
        }
        figures.unfit, figures.trouble = dict(self._turns.unfit), self._turns.trouble
        figures.slowest, figures.milliseconds = self._steps.slowest, dict(self._steps.by_kind)
        figures.seconds = self._steps.seconds
        return figures


def _named(kind: str) -> str:
    return "mails refused" if kind == "mail_refused" else f"table calls {kind}"
