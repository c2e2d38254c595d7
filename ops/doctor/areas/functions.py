"""The Lambda functions: whole, with the settings of the stage file, and with enough room on a busy evening."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ops.access_keys import PASS_KEYS, SEAL_KEYS
from ops.doctor.findings import Finding, listing, note, ok, problem, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject
from ops.stages import SECRET_NAMES

NEW_ACCOUNT = 10  # functions at once that a new AWS account may run
_PLENTY = 100
# Settings in the environment, by the template's parameter that each comes from.
FROM_PARAMETERS = {
    "SPILNO_SITE_ID": "SiteId",
    "SPILNO_PUBLIC_URL": "PublicUrl",
    "SPILNO_SITE_ORIGINS": "SiteOrigins",
    "SPILNO_PAYMENT_METHODS": "PaymentMethods",
    "SPILNO_PORTAL": "PortalConfiguration",
    "SPILNO_PRODUCT": "Product",
}
# Not a parameter's own value: the stack's table, or the restored one that TableInUse names.
_TABLE = "SPILNO_TABLE"
# All but the keys that open articles, and nothing else.
_NEVER_THERE = frozenset(SECRET_NAMES) - {PASS_KEYS, SEAL_KEYS}


@dataclass(frozen=True)
class Deployed:
    """One function as it runs. `pass_keys` and `seal_keys` are digests, never the keys."""

    name: str
    state: str
    settings: Mapping[str, str]
    secrets: tuple[str, ...]
    pass_keys: str
    seal_keys: str = ""


@dataclass(frozen=True)
class Facts:
    """The functions; `expected`: the stage file's values by setting.

    `pass_keys` and `seal_keys`: digests of the operator's copies.
    """

    stage: str
    functions: tuple[Deployed, ...]
    expected: Mapping[str, str]
    pass_keys: str
    seal_keys: str = ""


def gather(subject: Subject) -> Facts:
    """Read the configuration of every function of the stack."""
    client = subject.aws("lambda")
    found = []
    for name in subject.resources("AWS::Lambda::Function").values():
        told = client.get_function_configuration(FunctionName=name)
        variables = told.get("Environment", {}).get("Variables", {})
        settings = {key: value for key, value in variables.items() if key in FROM_PARAMETERS or key == _TABLE}
        secrets = tuple(sorted(_NEVER_THERE & set(variables)))
        state = told.get("State", "Active") if told.get("LastUpdateStatus") != "Failed" else "not updated"
        keys = [digest(variables.get(one, "")) for one in (PASS_KEYS, SEAL_KEYS)]
        found.append(Deployed(name, state, settings, secrets, *keys))
    expected = {
        setting: subject.parameters[name] for setting, name in FROM_PARAMETERS.items() if name in subject.parameters
    }
    expected[_TABLE] = subject.table_name
    kept = [digest(subject.secrets.get(one, "")) for one in (PASS_KEYS, SEAL_KEYS)]
    return Facts(subject.stage, tuple(found), expected, *kept)


def digest(secret: str) -> str:
    """A digest by which two secrets are compared without holding either."""
    return hashlib.sha256(secret.strip().encode()).hexdigest() if secret.strip() else ""


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Judge the functions' states, settings and secrets. All have the same settings, so each mistake is said once."""
    deploy = f"python -m ops deploy --stage {facts.stage} puts it into effect."
    if not facts.functions:
        yield problem("functions_missing", "The stack has no functions.", deploy)
        return
    found = [*_states(facts, deploy), *_settings(facts, deploy), *_secrets(facts, deploy)]
    yield from found or [ok("functions", f"{len(facts.functions)} functions run with the stage file's settings.")]


def _states(facts: Facts, deploy: str) -> Iterable[Finding]:
    # AWS puts a function to sleep that nobody called for weeks; the first call wakes it.
    if broken := [f"{one.name} ({one.state})" for one in facts.functions if one.state not in ("Active", "Inactive")]:
        yield problem("functions_state", f"Not running: {listing(broken)}.", deploy)


def _settings(facts: Facts, deploy: str) -> Iterable[Finding]:
    other = sorted(
        {
            setting
            for one in facts.functions
            for setting, wanted in facts.expected.items()
            if one.settings.get(setting, "").rstrip("/") != wanted.rstrip("/")
        }
    )
    if other:
        says = f"The functions run with another {listing(other)} than stages/{facts.stage}.toml says."
        yield problem("functions_settings", says, deploy)


def _secrets(facts: Facts, deploy: str) -> Iterable[Finding]:
    if open_ones := sorted({name for one in facts.functions for name in one.secrets}):
        says = (
            f"Readable in the functions' environment: {listing(open_ones)}. Only the parameter store may hold them."
        )
        yield warning("functions_secrets", says, f"{deploy} Then roll them.")
    kept = {one.pass_keys for one in facts.functions}
    if "" in kept:
        yield problem("pass_keys_missing", "A function has no pass keys: it does not start.", deploy)
    elif len(kept) > 1 or kept != {facts.pass_keys}:
        says = "The functions' pass keys are others than those in the parameter store."
        yield warning("pass_keys_differ", says, f"After a rotation that is expected until: {deploy}")
    if {one.seal_keys for one in facts.functions} != {facts.seal_keys}:
        says = "The functions' seal keys are others than those in the parameter store."
        yield warning("seal_keys_differ", says, f"After a rotation that is expected until: {deploy}")


@dataclass(frozen=True)
class Room:
    """How many functions may run at once in this account and region, less what is set aside for others."""

    unreserved: int
    region: str


def gather_room(subject: Subject) -> Room:
    """Read the account's limits."""
    told = subject.aws("lambda").get_account_settings()["AccountLimit"]
    return Room(told["UnreservedConcurrentExecutions"], subject.region or "")


def check_room(facts: Room, _now: int) -> Iterable[Finding]:
    """Judge how many may run at once. Ten are enough for a quiet day, not for an appeal that goes viral."""
    mend = (
        "Ask for 1,000 (free, a day or two): Service Quotas, AWS Lambda, Concurrent executions, "
        f"https://{facts.region}.console.aws.amazon.com/servicequotas/home/services/lambda/quotas"
    )
    if facts.unreserved <= NEW_ACCOUNT:
        says = f"AWS lets only {facts.unreserved} functions run at once here: a busy evening will see refusals."
        yield warning("concurrency", says, mend)
    elif facts.unreserved < _PLENTY:
        yield note("concurrency_some", f"AWS lets {facts.unreserved} functions run at once here.", mend)
    else:
        yield ok("concurrency", f"{facts.unreserved} functions may run at once.")


_LOCAL = "the local stack runs no Lambda"
PROBES = (
    Probe("aws", "the functions", gather, check, not_local=_LOCAL),
    Probe("aws", "room for busy hours", gather_room, check_room, not_local=_LOCAL),
)
