"""The parameter store: whether every secret is there, encrypted, of the right shape, and this stage's alone."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from botocore.exceptions import ClientError

from chalicelib.settings import SettingsWrong, check_secrets
from ops import stages
from ops.access_keys import PASS_KEYS, SEAL_KEYS, complaints, parts, shared
from ops.doctor.findings import Finding, listing, note, ok, problem, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject
from ops.rotating.plan import name_of
from ops.stages import SECRET_NAMES

_LEAST_EMAIL_KEY = 32
# A newsroom without a proxy or CDN before the API does not need the first; without the second nothing is sealed.
_MAY_LACK = frozenset({"SPILNO_PROXY_SECRET", SEAL_KEYS})


@dataclass(frozen=True)
class Facts:
    """What is wrong with the secrets, without their values: missing, not encrypted, and a sentence for each other.

    `seals`: there is a seal key. `several`: the settings that hold more than one key that opens articles. `shared`:
    those of which another stage, whose name stands first, has a key as well.
    """

    stage: str
    missing: tuple[str, ...]
    plain: tuple[str, ...]
    wrong: tuple[str, ...]
    seals: bool = True
    several: tuple[str, ...] = ()
    shared: tuple[tuple[str, str], ...] = ()


def gather(subject: Subject) -> Facts:
    """Read the store once; the values are judged here and not handed on."""
    values = subject.secrets
    missing = tuple(name for name in SECRET_NAMES if not values.get(name) and name not in _MAY_LACK)
    plain = tuple(name for name, kind in subject.secret_types.items() if kind != "SecureString")
    several = tuple(name for name in (PASS_KEYS, SEAL_KEYS) if len(parts(values.get(name, ""))) > 1)
    wrong = tuple(judged(values, subject.stage))
    return Facts(
        subject.stage, missing, plain, wrong, bool(values.get(SEAL_KEYS)), several, tuple(_shared(subject, values))
    )


def _shared(subject: Subject, values: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """What other stages of this account have as well, as far as these credentials may read theirs."""
    for name in stages.DEPLOYED:
        if name == subject.stage or not stages.exists(name):
            continue
        try:
            other = stages.read(name)
        except stages.StageWrong:
            continue  # a mistake in it is for its own run to tell
        if other.account != subject.account or other.region != subject.region:
            continue
        paths = {other.secret_path(one): one for one in (PASS_KEYS, SEAL_KEYS)}
        try:
            found = subject.aws("ssm").get_parameters(Names=list(paths), WithDecryption=True)["Parameters"]
        except ClientError:
            continue  # an operator of one stage may not read another's
        theirs = {paths[one["Name"]]: str(one["Value"]) for one in found}
        yield from ((name, setting) for setting in shared(values, theirs))


def judged(values: Mapping[str, str], stage: str) -> Iterable[str]:
    """The sentences on what is wrong with the values that are there; they never quote one."""
    for name, value in values.items():
        if value != value.strip():
            yield f"{name} begins or ends with a blank or a line break"
        if name not in (PASS_KEYS, SEAL_KEYS):
            yield from _complaint(lambda name=name, value=value: check_secrets({name: value}, stage))  # type: ignore[misc] # mypy cannot infer a default's type
    parts = [part.strip() for part in values.get("STRIPE_WEBHOOK_SECRET", "").split(",") if part.strip()]
    if any(not part.startswith("whsec_") for part in parts):
        yield "STRIPE_WEBHOOK_SECRET holds something that is no signing secret (whsec_…)"
    if 0 < len(values.get("SPILNO_EMAIL_KEY", "").strip()) < _LEAST_EMAIL_KEY:
        yield f"SPILNO_EMAIL_KEY is shorter than {_LEAST_EMAIL_KEY} characters"
    yield from complaints(values, stage)
    yield from _twice(values)


def _twice(values: Mapping[str, str]) -> Iterable[str]:
    """Secrets of different use that are one: what the environment shows would open more than articles."""
    first: dict[str, str] = {}
    for name in SECRET_NAMES:
        keys = name in (PASS_KEYS, SEAL_KEYS)
        for part in parts(values.get(name, "")):
            other = first.setdefault(part.partition(":")[2] if keys else part, name)
            # Of those two the settings' own check tells.
            if other != name and {other, name} != {PASS_KEYS, SEAL_KEYS}:
                yield f"{other} and {name} hold the same value"


def _complaint(asked: Callable[[], object]) -> Iterable[str]:
    try:
        asked()
    except SettingsWrong as error:
        yield str(error).rstrip(".")


def check(facts: Facts, _now: int) -> Iterable[Finding]:
    """Report secrets that are missing, in the clear or wrong: nothing works without them."""
    setup = f"python -m ops setup --stage {facts.stage} writes it."
    found = []
    if facts.missing:
        says = f"The parameter store has no {listing(facts.missing, 5)} for stage {facts.stage}."
        found.append(problem("secrets_missing", says, setup))
    found += [problem("secrets_wrong", f"{sentence}.", setup) for sentence in facts.wrong]
    if facts.plain:
        says = f"Stored readable, not as SecureString: {listing(facts.plain)}."
        found.append(warning("secrets_plain", says, f"{setup} Then roll the value, as others could read it."))
    found += _of_keys(facts)
    yield from found or [ok("secrets", "Every secret is in the parameter store, encrypted.")]


def _of_keys(facts: Facts) -> Iterable[Finding]:
    """Judge the keys that open articles beyond what stops a start."""
    for stage, name in facts.shared:
        says = (
            f"{name} holds a key that stage {stage} has as well: who gets hold of it there opens the articles here."
        )
        yield problem("keys_shared", says, f"{_rotate(name, facts.stage)} --leaked puts another in its place.")
    for name in facts.several:
        says = f"{name} holds several keys: a rotation is not finished."
        yield note("keys_several", says, f"{_rotate(name, facts.stage)} --finish drops the older ones.")
    if not facts.seals:
        says = f"There is no {SEAL_KEYS}: no article is sealed."
        yield note("seal_keys_none", says, f"python -m ops deploy --stage {facts.stage} makes one.")


def _rotate(name: str, stage: str) -> str:
    return f"python -m ops rotate {name_of(name)} --stage {stage}"


PROBES = (
    Probe("aws", "the secrets", gather, check, not_local="the local stack's secrets are public ones of its own"),
)
