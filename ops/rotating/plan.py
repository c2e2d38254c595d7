"""What a step of a rotation makes of the keys, and what that means, in words for whoever is about to do it."""

from collections.abc import Sequence
from datetime import date
from typing import Literal, NamedTuple

from ops.access_keys import PASS_KEYS, drawn, kid, parts

Step = Literal["begin", "finish", "leaked"]


class NotNow(Exception):
    """The step does not fit what the stage has; the sentence says which does."""


class Plan(NamedTuple):
    """`keys`: the setting as it is to be. `means`: what follows from it, in sentences. `then`: what to do next."""

    keys: str
    means: str
    then: Sequence[str]


def plan(setting: str, step: Step, held: str, running: Sequence[str], stage: str, today: date) -> Plan:
    """The plan for one step.

    :param held: the setting in the parameter store.
    :param running: the setting of each function that is deployed.
    :raises NotNow: with the step that fits.
    """
    keys, again = parts(held), f"python -m ops rotate {name_of(setting)} --stage {stage}"
    if not keys:
        raise NotNow(
            f"There is no {setting} in the parameter store. `python -m ops setup --stage {stage}` makes one."
        )
    if step == "leaked":
        return _leaked(setting, held, stage, today)
    if step == "begin":
        if len(keys) > 1:
            raise NotNow(f"{setting} holds {len(keys)} keys already. Finish that rotation first: `{again} --finish`.")
        return _begun(setting, held, again, stage, today)
    if len(keys) == 1:
        raise NotNow(
            f"{setting} holds one key, so there is nothing to finish. Without --finish, this begins a rotation."
        )
    if any(parts(one)[:1] != keys[:1] for one in running):
        raise NotNow(
            f"The functions do not use the new key {kid(keys[0])} yet: `python -m ops deploy --stage {stage}` first, "
            "then wait as the first step said. To drop the old one at once: --leaked."
        )
    return _finished(setting, keys, stage)


def name_of(setting: str) -> str:
    """As the command calls it: `pass-keys`, `seal-keys`."""
    return "pass-keys" if setting == PASS_KEYS else "seal-keys"


def _begun(setting: str, held: str, again: str, stage: str, today: date) -> Plan:
    new = drawn(today, held)
    if setting == PASS_KEYS:
        means = (
            f"Passes are signed with a new key, {kid(new)}. Those of before hold until they end, in five minutes.\n"
            "A website, a CMS or a CDN that checks passes itself needs the new key before the functions sign with it."
        )
        wait = "wait five minutes"
    else:
        means = (
            f"Articles are sealed with a new key, {kid(new)}, and each gets a new version by it.\n"
            "Copies of before still open: the functions keep both keys. A CDN that hands out keys needs both, too.\n"
            "But a page names the version of when it was made. Until your website and its CDN have made their pages\n"
            "anew, some name the old one: wait for as long as any such page may be kept."
        )
        wait = "wait until no page is kept that is older than the deployment; a day, unless you know"
    return Plan(f"{new},{held.strip()}", means, [_deploy(stage), wait, f"{again} --finish"])


def _finished(setting: str, keys: Sequence[str], stage: str) -> Plan:
    dropped = ", ".join(kid(key) for key in keys[1:])
    if setting == PASS_KEYS:
        means = (
            f"{dropped} goes. Passes signed with it end; their readers' browsers fetch new ones, and nobody notices."
        )
    else:
        means = (
            f"{dropped} goes, and every copy that was sealed with it is DEAD, wherever it lies: in caches, mirrors,\n"
            "archives, on a host of your own. Nobody opens it any more, supporters neither.\n"
            "A page that still names such a copy asks the API for the present one; where that is not reached, the\n"
            "article stays closed."
        )
    return Plan(keys[0], means, [_deploy(stage)])


def _leaked(setting: str, held: str, stage: str, today: date) -> Plan:
    new, dropped = drawn(today, held), ", ".join(kid(key) for key in parts(held))
    first = f"One new key, {kid(new)}, in the place of all ({dropped}).\n"
    deploy = f"at once: {_deploy(stage)}"
    if setting == PASS_KEYS:
        means = (
            f"{first}Until it is deployed, whoever has the leaked one makes passes and reads what supporters read.\n"
            "It shows them nobody's data and takes no money. Readers notice nothing: browsers fetch new passes."
        )
        return Plan(new, means, [deploy, "give the new key to whatever else checks passes"])
    means = (
        f"{first}Whoever has the leaked one opens EVERY copy that was ever made with it; nothing takes that back.\n"
        "What helps is that no more copies are handed out: from the deployment on the API gives none, but a CDN\n"
        "keeps those that it has for a year, unless you clear it.\n"
        "For everybody else the copies of before are DEAD at once; pages ask the API for the present ones."
    )
    clear = "clear /v1/articles/*/sealed/* below the public address at your CDN (CloudFront: an invalidation)"
    edge = "give the new key to a gate at the edge (docs/edge.md): until then it goes on with the leaked one"
    return Plan(new, means, [deploy, edge, clear, "delete the copies on other hosts, and put new ones there"])


def _deploy(stage: str) -> str:
    return f"python -m ops deploy --stage {stage}"
