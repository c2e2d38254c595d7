"""The operator's settings, from the environment, checked once at start.

What a newsroom itself decides (currencies, tiers, texts) is in its own file, see `newsroom/rules.py`. On a deployed
stage the pass keys and the seal keys are the only secrets in the environment, so that a gate check needs no call:
`aws/secrets.py` reads the others from SSM.
"""

import os
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

STAGES = ("local", "dev", "prod")

# Well-known values of the local stack. Any other stage refuses to start with them.
LOCAL_STRIPE_KEY = "sk_test_spilno_local"
LOCAL_WEBHOOK_SECRET = "whsec_spilno_local"  # noqa: S105 - public on purpose, refused outside `local`
LOCAL_PASS_KEYS = "local:spilno-local-pass-key-not-for-any-other-stage"  # noqa: S105 - the same
LOCAL_SEAL_KEYS = "local:spilno-local-seal-key-public-not-for-others"
LOCAL_EMAIL_KEY = "spilno-local-email-key"
_LOCAL_KEYS = (LOCAL_PASS_KEYS.partition(":")[2], LOCAL_SEAL_KEYS.partition(":")[2])
LOCAL_DEFAULTS = frozenset(
    {LOCAL_STRIPE_KEY, LOCAL_WEBHOOK_SECRET, LOCAL_PASS_KEYS, LOCAL_SEAL_KEYS, LOCAL_EMAIL_KEY}
)

SECRETS = ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "SPILNO_EMAIL_KEY", "SPILNO_PROXY_SECRET")
_RANDOM = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
_PUBLIC_VALUE = "{name} holds the local stack's public value on stage '{stage}'. Set a secret one."

# Importing pathlib would add 1.3 ms to the 20 ms of every cold gate check.
_SHIPPED_NEWSROOM = os.path.join(os.path.dirname(__file__), "newsroom.toml")  # noqa: PTH118, PTH120 - see above


class SettingsWrong(Exception):
    """A setting is missing, wrong or contradicts another. The sentence names it and says what to write instead."""


class Settings(NamedTuple):
    """The checked settings of the environment. `repr` prints no secret."""

    stage: str
    site_id: str
    public_url: str
    site_origins: tuple[str, ...]
    table: str
    aws_endpoint: str | None
    stripe_api_base: str | None
    pass_keys: tuple[tuple[str, bytes], ...]
    mail_set: str
    newsroom_file: str
    secrets: Mapping[str, str]
    # Our own configurations at Stripe (`pmc_…`, `bpc_…`); empty: the account's defaults.
    payment_methods: str = ""
    portal: str = ""
    # The one product of all recurring gifts at Stripe (`prod_…`); empty: each gift makes one of its own.
    product: str = ""
    # The bucket of the deployment; empty: none is set yet.
    bucket: str = ""
    # By name (kid), the first seals and all open; empty: no text is sealed.
    seal_keys: tuple[tuple[str, bytes], ...] = ()

    def __repr__(self) -> str:
        return f"Settings(stage={self.stage!r}, public_url={self.public_url!r}, table={self.table!r})"

    @property
    def local(self) -> bool:
        """True on the local stack, which never touches a real AWS account."""
        return self.stage == "local"

    @property
    def livemode(self) -> bool:
        """True where real money is taken (Stripe's `livemode`)."""
        return self.stage == "prod"

    @property
    def cookie_suffix(self) -> str:
        """The end of our cookies' names: the port on the local stage, so that stacks on one machine do not clash."""
        return f"-{urlsplit(self.public_url).port or 80}" if self.local else ""


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check the environment.

    :raises SettingsWrong: a setting is missing or wrong; with a sentence for the operator.
    """
    env = {name: value.strip() for name, value in (os.environ if environ is None else environ).items()}
    stage = env.get("SPILNO_STAGE") or "local"
    if stage not in STAGES:
        raise SettingsWrong(f"SPILNO_STAGE is '{stage}'. Write one of: {', '.join(STAGES)}.")
    local = stage == "local"
    if local:
        env = _with_local_defaults(env)
    _refuse_mixed_stages(env, stage)
    pass_keys = _pass_keys(_required(env, "SPILNO_PASS_KEYS", "kid:key, separated by commas"))
    return Settings(
        stage=stage,
        site_id=_required(env, "SPILNO_SITE_ID", "a short name for this newsroom, such as 'herald'"),
        public_url=_public_url(env),
        site_origins=tuple(_origin(part) for part in _parts(env.get("SPILNO_SITE_ORIGINS", ""))),
        table=_required(env, "SPILNO_TABLE", "the name of the DynamoDB table"),
        aws_endpoint=env.get("AWS_ENDPOINT_URL") or None,
        stripe_api_base=env.get("STRIPE_API_BASE") or None,
        pass_keys=pass_keys,
        mail_set=env.get("SPILNO_MAIL_SET", ""),
        newsroom_file=env.get("SPILNO_NEWSROOM") or _SHIPPED_NEWSROOM,
        secrets={name: env[name] for name in SECRETS if env.get(name)},
        payment_methods=env.get("SPILNO_PAYMENT_METHODS", ""),
        portal=env.get("SPILNO_PORTAL", ""),
        product=env.get("SPILNO_PRODUCT", ""),
        bucket=env.get("SPILNO_BUCKET", ""),
        seal_keys=_seal_keys(env.get("SPILNO_SEAL_KEYS", ""), pass_keys),
    )


def _with_local_defaults(env: dict[str, str]) -> dict[str, str]:
    """Add the local stack's values where the operator set none. A Stripe key that is set goes to Stripe itself."""
    port = env.get("SPILNO_PORT") or "8000"
    site = env.get("SPILNO_SITE_PORT") or "8080"
    defaults = {
        "SPILNO_SITE_ID": "demo",
        "SPILNO_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SPILNO_SITE_ORIGINS": f"http://127.0.0.1:{site}",
        "SPILNO_TABLE": "spilno-local",
        "SPILNO_BUCKET": "spilno-local",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{env.get('SPILNO_AWS_PORT') or '4566'}",
        "SPILNO_PASS_KEYS": LOCAL_PASS_KEYS,
        "SPILNO_SEAL_KEYS": LOCAL_SEAL_KEYS,
        "SPILNO_EMAIL_KEY": LOCAL_EMAIL_KEY,
        "STRIPE_WEBHOOK_SECRET": LOCAL_WEBHOOK_SECRET,
    }
    if not env.get("STRIPE_SECRET_KEY"):
        defaults["STRIPE_SECRET_KEY"] = LOCAL_STRIPE_KEY
        defaults["STRIPE_API_BASE"] = f"http://127.0.0.1:{env.get('SPILNO_STRIPE_PORT') or '8420'}"
    return {**env, **{name: value for name, value in defaults.items() if not env.get(name)}}


def _refuse_mixed_stages(env: Mapping[str, str], stage: str) -> None:
    check_secrets(env, stage)
    for name in ("SPILNO_PASS_KEYS", "SPILNO_SEAL_KEYS"):
        if stage != "local" and _holds_local_default(env.get(name, "")):
            raise SettingsWrong(_PUBLIC_VALUE.format(name=name, stage=stage))


def check_secrets(values: Mapping[str, str], stage: str) -> None:
    """Check that secrets fit the stage, wherever they come from; missing ones are not checked.

    :raises SettingsWrong: a Stripe key is of the other mode, the webhook secret is empty, or a deployed stage has a
        local default.
    """
    if values.get("STRIPE_SECRET_KEY"):
        check_stripe_key(values["STRIPE_SECRET_KEY"], stage)
    if "STRIPE_WEBHOOK_SECRET" in values and not any(_parts(values["STRIPE_WEBHOOK_SECRET"])):
        raise SettingsWrong("STRIPE_WEBHOOK_SECRET is empty. Set the signing secret of Stripe's webhook endpoint.")
    for name in SECRETS:
        if stage != "local" and _holds_local_default(values.get(name, "")):
            raise SettingsWrong(_PUBLIC_VALUE.format(name=name, stage=stage))


def _holds_local_default(value: str) -> bool:
    """Whether one of the values, separated by commas, is a local default.

    During a rotation there are two, and both are valid.
    """
    return any(part in LOCAL_DEFAULTS or part.endswith(_LOCAL_KEYS) for part in _parts(value))


def check_stripe_key(key: str, stage: str) -> None:
    """Refuse a live key on a test stage, and a test key on prod.

    :raises SettingsWrong: when the key's mode does not fit the stage.
    """
    live = key.startswith(("sk_live_", "rk_live_"))
    if live and stage != "prod":
        raise SettingsWrong(f"STRIPE_SECRET_KEY is a live key on stage '{stage}'. Use a test key (sk_test_…).")
    if not live and stage == "prod":
        raise SettingsWrong("STRIPE_SECRET_KEY is a test key on stage 'prod'. Use a live key (rk_live_…).")


def _required(env: Mapping[str, str], name: str, example: str) -> str:
    value = env.get(name, "")
    if not value:
        raise SettingsWrong(f"{name} is not set. Set it to {example}.")
    return value


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _public_url(env: Mapping[str, str]) -> str:
    url = _required(env, "SPILNO_PUBLIC_URL", "the API's public address, such as https://news.example/support")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise SettingsWrong(f"SPILNO_PUBLIC_URL is '{url}'. Write an address such as https://news.example/support.")
    return url.rstrip("/")


def _origin(value: str) -> str:
    parts = urlsplit(value)
    more = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme not in ("http", "https") or not parts.netloc or more or set(parts.netloc) & set("*@"):
        raise SettingsWrong(f"SPILNO_SITE_ORIGINS holds '{value}'. Write origins such as https://news.example.")
    return f"{parts.scheme}://{parts.netloc}".lower()


def _pass_keys(value: str) -> tuple[tuple[str, bytes], ...]:
    keys: dict[str, bytes] = {}
    for part in _parts(value):
        kid, _, key = part.partition(":")
        if not kid or len(key) < 32:  # noqa: PLR2004 - HS256 wants a key as long as its digest (RFC 7518, 3.2)
            raise SettingsWrong("SPILNO_PASS_KEYS needs kid:key with a key of at least 32 characters.")
        if _guessable(key):
            raise SettingsWrong(f"SPILNO_PASS_KEYS holds a key that is not random. {_RANDOM}")
        # Of two keys under one kid only one would be found, and passes signed with the other would be refused.
        if kid in keys or key.encode() in keys.values():
            raise SettingsWrong("SPILNO_PASS_KEYS holds the same kid or the same key twice. Each stands there once.")
        keys[kid] = key.encode()
    if not keys:
        raise SettingsWrong("SPILNO_PASS_KEYS is empty. Set it to kid:key, separated by commas.")
    return tuple(keys.items())


# The key's own text is the HMAC's key: it goes as it stands into a CDN's functions, which take text.
_SEAL_KEY = re.compile(r"([A-Za-z0-9_-]{1,16}):([A-Za-z0-9_-]{43,})")
_NO_BASE64 = 1  # the rest of a length, by four, that no bytes are written in


def _seal_keys(value: str, pass_keys: tuple[tuple[str, bytes], ...]) -> tuple[tuple[str, bytes], ...]:
    """The keys that texts are sealed with. They open every copy ever made, so none may be one that does more."""
    keys: dict[str, bytes] = {}
    for part in _parts(value):
        shape = _SEAL_KEY.fullmatch(part)
        if shape is None or len(shape[2]) % 4 == _NO_BASE64:
            raise SettingsWrong(
                "SPILNO_SEAL_KEYS needs kid:key, the kid of at most 16 letters, digits, - and _, the key 32 bytes as "
                f"base64url, which are 43 characters. {_RANDOM}"
            )
        kid, key = shape[1], shape[2].encode()
        if _guessable(shape[2]):
            raise SettingsWrong(f"SPILNO_SEAL_KEYS holds a key that is not random. {_RANDOM}")
        if kid in keys or key in keys.values():
            raise SettingsWrong("SPILNO_SEAL_KEYS holds the same kid or the same key twice. Each stands there once.")
        if key in dict(pass_keys).values():
            raise SettingsWrong(f"SPILNO_SEAL_KEYS holds a key of SPILNO_PASS_KEYS. Each has its own. {_RANDOM}")
        keys[kid] = key
    return tuple(keys.items())


_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890")


def _guessable(key: str) -> bool:
    """Whether a key was typed rather than made at random: few letters, neighbours (`abcd`, `qwer`), repeated parts.

    Random keys hardly ever look so: 32 hexadecimal digits have fewer than eight different ones once in ten million.
    """
    few = len(set(key)) < 8  # noqa: PLR2004 - see above
    beside = sum(_neighbours(one, other) for one, other in pairwise(key.lower()))
    again = any(
        sum(one == other for one, other in zip(key, key[part:], strict=False)) * 4 > (len(key) - part) * 3
        for part in range(1, len(key) // 2 + 1)
    )
    return few or again or beside * 3 > len(key) * 2


def _neighbours(one: str, other: str) -> bool:
    return abs(ord(one) - ord(other)) <= 1 or any(one + other in row for row in _ROWS)
