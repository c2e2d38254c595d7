"""The operator's settings: what contradicts itself stops the start, with a sentence that says what to write."""

import random
import secrets
import string
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pytest

from chalicelib import settings
from chalicelib.aws.secrets import Parameter, Secrets
from chalicelib.settings import SettingsWrong, from_environment

KEY = "3f9c1e7ab2d04856c7e1f0a9b8d2463e"  # 32 characters, drawn
SEAL_KEY = "QmF3yTzR0sV8eKpLw2XnJ4uHc6Gd9AbM1oEiS5rD7fI"  # 43 characters, drawn
DEPLOYED = {
    "SPILNO_STAGE": "dev",
    "SPILNO_SITE_ID": "herald",
    "SPILNO_PUBLIC_URL": "https://news.example/support",
    "SPILNO_SITE_ORIGINS": "https://news.example, https://www.news.example/",
    "SPILNO_TABLE": "spilno-dev",
    "SPILNO_PASS_KEYS": f"a:{KEY}",
}
PROD = DEPLOYED | {"SPILNO_STAGE": "prod"}


def test_nothing_set_means_the_local_stack() -> None:
    made = from_environment({})
    assert made.local
    assert made.site_id == "demo"
    assert made.public_url == "http://127.0.0.1:8000"
    assert made.site_origins == ("http://127.0.0.1:8080",)
    assert made.aws_endpoint == "http://127.0.0.1:4566"
    assert made.stripe_api_base == "http://127.0.0.1:8420"
    assert made.cookie_suffix == "-8000"


def test_the_ports_move_every_local_address() -> None:
    ports = {
        "SPILNO_PORT": "9601",
        "SPILNO_SITE_PORT": "9602",
        "SPILNO_STRIPE_PORT": "9603",
        "SPILNO_AWS_PORT": "9604",
    }
    made = from_environment(ports)
    addresses = (made.public_url, made.site_origins[0], made.stripe_api_base, made.aws_endpoint)
    assert addresses == tuple(f"http://127.0.0.1:{port}" for port in ports.values())


def test_a_real_test_key_brings_stripes_own_address() -> None:
    made = from_environment({"STRIPE_SECRET_KEY": "sk_test_real"})
    assert made.stripe_api_base is None
    assert made.secrets["STRIPE_SECRET_KEY"] == "sk_test_real"


@pytest.mark.parametrize("key", ["", "sk_test_real"])
def test_an_address_of_stripe_that_is_set_always_wins(key: str) -> None:
    made = from_environment({"STRIPE_API_BASE": "http://127.0.0.1:9650", "STRIPE_SECRET_KEY": key})
    assert made.stripe_api_base == "http://127.0.0.1:9650"


def test_a_deployed_stage_reads_as_written() -> None:
    made = from_environment(DEPLOYED)
    assert not made.local
    assert made.site_origins == ("https://news.example", "https://www.news.example")
    assert made.pass_keys == (("a", KEY.encode()),)
    assert made.cookie_suffix == ""
    assert made.aws_endpoint is made.stripe_api_base is None
    assert made.secrets == {}


REFUSED: list[tuple[Mapping[str, str], Mapping[str, str], str]] = [
    (DEPLOYED, {"SPILNO_STAGE": "production"}, "SPILNO_STAGE.*local, dev, prod"),
    ({}, {"STRIPE_SECRET_KEY": "sk_live_x"}, "STRIPE_SECRET_KEY is a live key on stage 'local'"),
    ({}, {"STRIPE_SECRET_KEY": "rk_live_x"}, "live key on stage 'local'"),
    (DEPLOYED, {"STRIPE_SECRET_KEY": "sk_live_x"}, "live key on stage 'dev'.*sk_test_"),
    (PROD, {"STRIPE_SECRET_KEY": "sk_test_x"}, "test key on stage 'prod'.*rk_live_"),
    (PROD, {"STRIPE_SECRET_KEY": "pk_live_x"}, "STRIPE_SECRET_KEY"),
    (PROD, {"STRIPE_SECRET_KEY": settings.LOCAL_STRIPE_KEY}, "STRIPE_SECRET_KEY"),
    (DEPLOYED, {"STRIPE_SECRET_KEY": settings.LOCAL_STRIPE_KEY}, "STRIPE_SECRET_KEY.*local stack's public value"),
    (DEPLOYED, {"SPILNO_PASS_KEYS": settings.LOCAL_PASS_KEYS}, "SPILNO_PASS_KEYS.*local stack's public value"),
    (PROD, {"SPILNO_PASS_KEYS": f"a:{KEY},{settings.LOCAL_PASS_KEYS}"}, "SPILNO_PASS_KEYS.*public value"),
    (PROD, {"SPILNO_PASS_KEYS": "b:" + settings.LOCAL_PASS_KEYS.partition(":")[2]}, "SPILNO_PASS_KEYS.*public value"),
    (DEPLOYED, {"STRIPE_WEBHOOK_SECRET": settings.LOCAL_WEBHOOK_SECRET}, "STRIPE_WEBHOOK_SECRET.*public value"),
    (PROD, {"STRIPE_WEBHOOK_SECRET": f"whsec_x, {settings.LOCAL_WEBHOOK_SECRET}"}, "WEBHOOK_SECRET.*public value"),
    (DEPLOYED, {"SPILNO_EMAIL_KEY": settings.LOCAL_EMAIL_KEY}, "SPILNO_EMAIL_KEY.*public value"),
    (DEPLOYED, {"STRIPE_WEBHOOK_SECRET": ""}, "STRIPE_WEBHOOK_SECRET is empty"),
    (DEPLOYED, {"STRIPE_WEBHOOK_SECRET": " , "}, "STRIPE_WEBHOOK_SECRET is empty"),
    ({}, {"STRIPE_WEBHOOK_SECRET": ","}, "STRIPE_WEBHOOK_SECRET is empty"),
    (DEPLOYED, {"SPILNO_SITE_ID": ""}, "SPILNO_SITE_ID is not set"),
    (DEPLOYED, {"SPILNO_TABLE": ""}, "SPILNO_TABLE is not set"),
    (DEPLOYED, {"SPILNO_PASS_KEYS": ""}, "SPILNO_PASS_KEYS is not set"),
    (DEPLOYED, {"SPILNO_PASS_KEYS": ","}, "SPILNO_PASS_KEYS"),
    (DEPLOYED, {"SPILNO_PASS_KEYS": f"a:{KEY[:-1]}"}, "SPILNO_PASS_KEYS.*32 characters"),
    (DEPLOYED, {"SPILNO_PASS_KEYS": KEY}, "SPILNO_PASS_KEYS.*kid:key"),
    (DEPLOYED, {"SPILNO_PASS_KEYS": f":{KEY}"}, "SPILNO_PASS_KEYS.*kid:key"),
    (DEPLOYED, {"SPILNO_PASS_KEYS": f"a:{KEY},a:{KEY[::-1]}"}, "SPILNO_PASS_KEYS.*same kid"),
    (DEPLOYED, {"SPILNO_PASS_KEYS": f"a:{KEY},b:{KEY}"}, "SPILNO_PASS_KEYS.*same key"),
    *[
        (DEPLOYED, {"SPILNO_PASS_KEYS": f"a:{KEY},b:{typed}"}, "SPILNO_PASS_KEYS.*not random.*token_urlsafe")
        for typed in (
            "a" * 32,
            "ab" * 20,
            "spilno" * 6,
            "0123456789abcdef" * 2,
            "abcdefghijklmnopqrstuvwxyz0123456789",
            "1111222233334444555566667777888899",
            "correct-horse-" * 3,
            "changeme-changeme-changeme-change",
            "passwordpasswordpasswordpassword1",
            "mysecretkeymysecretkeymysecretkey!",
            "qwertyuiopasdfghjklzxcvbnm123456",
        )
    ],
    *[
        (DEPLOYED, {"SPILNO_SEAL_KEYS": wrong}, "SPILNO_SEAL_KEYS needs kid:key.*token_urlsafe")
        for wrong in (
            f"k1:{SEAL_KEY[:-1]}",
            f"k1:{SEAL_KEY}=",
            f"k1:{SEAL_KEY[:-1]}+",
            f"k1:{SEAL_KEY[:-1]}\u0456",
            f"k1:{SEAL_KEY}\n{SEAL_KEY}",
            f"k1:{SEAL_KEY}ab",  # 45 characters are no base64 of any bytes
            SEAL_KEY,
            f":{SEAL_KEY}",
            f"k.1:{SEAL_KEY}",
            f"k1 :{SEAL_KEY}",
            f"{'k' * 17}:{SEAL_KEY}",
            f"k2:{SEAL_KEY[::-1]},{SEAL_KEY}",
        )
    ],
    (DEPLOYED, {"SPILNO_SEAL_KEYS": f"a:{SEAL_KEY},a:{SEAL_KEY[::-1]}"}, "SPILNO_SEAL_KEYS.*same kid"),
    (DEPLOYED, {"SPILNO_SEAL_KEYS": f"a:{SEAL_KEY},b:{SEAL_KEY}"}, "SPILNO_SEAL_KEYS.*same key"),
    (DEPLOYED, {"SPILNO_SEAL_KEYS": f"a:{'sealed-' * 7}x"}, "SPILNO_SEAL_KEYS.*not random.*token_urlsafe"),
    (DEPLOYED, {"SPILNO_SEAL_KEYS": settings.LOCAL_SEAL_KEYS}, "SPILNO_SEAL_KEYS.*local stack's public value"),
    (PROD, {"SPILNO_SEAL_KEYS": f"a:{SEAL_KEY},{settings.LOCAL_SEAL_KEYS}"}, "SPILNO_SEAL_KEYS.*public value"),
    (PROD, {"SPILNO_SEAL_KEYS": "b:" + settings.LOCAL_SEAL_KEYS.partition(":")[2]}, "SPILNO_SEAL_KEYS.*public value"),
    (PROD, {"SPILNO_PASS_KEYS": "b:" + settings.LOCAL_SEAL_KEYS.partition(":")[2]}, "SPILNO_PASS_KEYS.*public value"),
    (
        DEPLOYED,
        {"SPILNO_PASS_KEYS": f"a:{KEY},b:{SEAL_KEY}", "SPILNO_SEAL_KEYS": f"k1:{SEAL_KEY[::-1]},k2:{SEAL_KEY}"},
        "SPILNO_SEAL_KEYS holds a key of SPILNO_PASS_KEYS",
    ),
    (DEPLOYED, {"SPILNO_PUBLIC_URL": ""}, "SPILNO_PUBLIC_URL is not set"),
    (DEPLOYED, {"SPILNO_PUBLIC_URL": "news.example"}, "SPILNO_PUBLIC_URL"),
    (DEPLOYED, {"SPILNO_PUBLIC_URL": "ftp://news.example"}, "SPILNO_PUBLIC_URL"),
    (DEPLOYED, {"SPILNO_PUBLIC_URL": "https://news.example/?x=1"}, "SPILNO_PUBLIC_URL"),
    *[
        (DEPLOYED, {"SPILNO_SITE_ORIGINS": f"https://news.example,{origin}"}, "SPILNO_SITE_ORIGINS")
        for origin in (
            "*",
            "news.example",
            "https://*.news.example",
            "ftp://news.example",
            "https://news.example/path",
            "https://news.example?x=1",
            "https://news.example#x",
            "https://editor@news.example",
            "null",
            "https://",
        )
    ],
]


@pytest.mark.parametrize(("stage", "change", "sentence"), REFUSED)
def test_a_contradiction_stops_the_start(stage: Mapping[str, str], change: Mapping[str, str], sentence: str) -> None:
    from_environment(stage)
    with pytest.raises(SettingsWrong, match=sentence) as wrong:
        from_environment({**stage, **change})
    typed = (KEY, SEAL_KEY, SEAL_KEY[:20], "sk_live_x", "rk_live_x", "sk_test_x", "whsec_x")
    for secret in (*typed, *settings.LOCAL_DEFAULTS):
        assert secret not in str(wrong.value), "the sentence may end in a log"


class FromStore(Secrets):
    """Secrets whose parameter store is a dictionary."""

    def __init__(self, stage: Mapping[str, str], **stored: str) -> None:
        super().__init__(from_environment(stage))
        self._stored = stored

    def _from_ssm(self, names: Sequence[str], *, decrypted: bool) -> dict[str, Parameter]:
        assert decrypted, "nothing is read twice here"
        return {name: Parameter(self._stored[name], "once") for name in names if name in self._stored}


def test_what_the_parameter_store_holds_is_held_against_the_same_rules() -> None:
    assert FromStore(PROD, STRIPE_SECRET_KEY="rk_live_x")["STRIPE_SECRET_KEY"] == "rk_live_x"
    for stage, stored in (
        (PROD, {"STRIPE_SECRET_KEY": "sk_test_x"}),
        (DEPLOYED, {"STRIPE_SECRET_KEY": "sk_live_x"}),
        (DEPLOYED, {"STRIPE_WEBHOOK_SECRET": settings.LOCAL_WEBHOOK_SECRET}),
        (DEPLOYED, {"STRIPE_WEBHOOK_SECRET": ","}),
        (DEPLOYED, {"SPILNO_EMAIL_KEY": settings.LOCAL_EMAIL_KEY}),
    ):
        (name,) = stored
        with pytest.raises(SettingsWrong, match=name):
            _ = FromStore(stage, **stored)[name]


def test_a_wrong_secret_is_refused_at_every_asking() -> None:
    stored = FromStore(DEPLOYED, STRIPE_SECRET_KEY="sk_live_x")
    for _ in range(3):
        with pytest.raises(SettingsWrong, match="live key"):
            _ = stored["STRIPE_SECRET_KEY"]


def test_a_secret_that_is_nowhere_is_named_and_nothing_else_is_blamed() -> None:
    with pytest.raises(SettingsWrong, match="SPILNO_EMAIL_KEY is not set"):
        _ = FromStore(PROD, STRIPE_SECRET_KEY="rk_live_x")["SPILNO_EMAIL_KEY"]
    with pytest.raises(SettingsWrong, match="STRIPE_WEBHOOK_SECRET is not set"):
        _ = FromStore(PROD)["STRIPE_WEBHOOK_SECRET"]


def test_repr_shows_no_secret() -> None:
    secret = {
        "STRIPE_SECRET_KEY": "sk_test_canary",
        "STRIPE_WEBHOOK_SECRET": "whsec_canary",
        "SPILNO_EMAIL_KEY": "email_canary",
        "SPILNO_PROXY_SECRET": "proxy_canary",
        "SPILNO_PASS_KEYS": f"a:canary-{KEY}",
        "SPILNO_SEAL_KEYS": f"a:canary-{SEAL_KEY}",
    }
    made = from_environment(DEPLOYED | secret)
    assert made.secrets["STRIPE_SECRET_KEY"] == "sk_test_canary"
    for shown in (repr(made), str(made), f"{made!r}", f"{[made]}"):
        assert "canary" not in shown
        assert "news.example" in shown


def test_drawn_keys_are_taken_whatever_they_are_made_of() -> None:
    """The negative control: the same check lets pass what people draw, in every usual writing."""
    draw = random.Random(1)  # noqa: S311 - the same ones each time
    for letters in (
        "0123456789abcdef",
        "0123456789",
        string.ascii_letters + string.digits + "-_",
        string.ascii_lowercase,
    ):
        for _ in range(500):
            key = "".join(draw.choice(letters) for _ in range(40))
            assert from_environment({**DEPLOYED, "SPILNO_PASS_KEYS": f"a:{key}"}).pass_keys == (("a", key.encode()),)


def test_seal_keys_are_taken_in_their_order_and_none_at_all_is_no_mistake() -> None:
    """The first seals. The negative control of what is refused: keys as the sentence says to make them."""
    assert from_environment(DEPLOYED).seal_keys == ()
    assert from_environment({**DEPLOYED, "SPILNO_SEAL_KEYS": ""}).seal_keys == ()
    drawn = [secrets.token_urlsafe(32) for _ in range(500)]
    for one, other in pairwise(drawn):
        made = from_environment({**DEPLOYED, "SPILNO_SEAL_KEYS": f"2026-11_b:{one}, a:{other}"})
        assert made.seal_keys == (("2026-11_b", one.encode()), ("a", other.encode()))
