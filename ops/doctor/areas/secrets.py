"""The parameter store: whether every secret is there, encrypted, of the right shape, and not the local stack's."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from chalicelib.settings import SettingsWrong, check_secrets, from_environment
from ops.doctor.findings import Finding, listing, ok, problem, warning
from ops.doctor.probe import Probe
from ops.doctor.subject import Subject
from ops.stages import SECRET_NAMES

_LEAST_EMAIL_KEY = 32
# A newsroom without a proxy or CDN before the API does not need it.
_MAY_LACK = frozenset({"SPILNO_PROXY_SECRET"})


@dataclass(frozen=True)
class Facts:
    """What is wrong with the secrets, without their values: missing, not encrypted, and a sentence for each other."""

    stage: str
    missing: tuple[str, ...]
    plain: tuple[str, ...]
    wrong: tuple[str, ...]


def gather(subject: Subject) -> Facts:
    """Read the store once; the values are judged here and not handed on."""
    values = subject.secrets
    missing = tuple(name for name in SECRET_NAMES if not values.get(name) and name not in _MAY_LACK)
    plain = tuple(name for name, kind in subject.secret_types.items() if kind != "SecureString")
    return Facts(subject.stage, missing, plain, tuple(judged(values, subject.stage)))


def judged(values: Mapping[str, str], stage: str) -> Iterable[str]:
    """The sentences on what is wrong with the values that are there; they never quote one."""
    for name, value in values.items():
        if value != value.strip():
            yield f"{name} begins or ends with a blank or a line break"
        if name != "SPILNO_PASS_KEYS":
            yield from _complaint(lambda name=name, value=value: check_secrets({name: value}, stage))  # type: ignore[misc] # mypy cannot infer a default's type
    parts = [part.strip() for part in values.get("STRIPE_WEBHOOK_SECRET", "").split(",") if part.strip()]
    if any(not part.startswith("whsec_") for part in parts):
        yield "STRIPE_WEBHOOK_SECRET holds something that is no signing secret (whsec_…)"
    if 0 < len(values.get("SPILNO_EMAIL_KEY", "").strip()) < _LEAST_EMAIL_KEY:
        yield f"SPILNO_EMAIL_KEY is shorter than {_LEAST_EMAIL_KEY} characters"
    if values.get("SPILNO_PASS_KEYS"):
        yield from _complaint(lambda: from_environment(_around(values["SPILNO_PASS_KEYS"], stage)))


def _around(pass_keys: str, stage: str) -> dict[str, str]:
    """Settings that are right but for these pass keys, so that the settings' own check judges the keys."""
    right = {"SPILNO_SITE_ID": "x", "SPILNO_PUBLIC_URL": "https://x.example", "SPILNO_TABLE": "x"}
    return {"SPILNO_STAGE": stage, "SPILNO_PASS_KEYS": pass_keys, **right}


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
    yield from found or [ok("secrets", "Every secret is in the parameter store, encrypted.")]


PROBES = (
    Probe("aws", "the secrets", gather, check, not_local="the local stack's secrets are public ones of its own"),
)
