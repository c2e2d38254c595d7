"""TypeScript's compiler judges what goes between app and stand-in, by the types of Stripe's own Node package.

Those types say which keys are always there, which may be absent, and which words a field may hold.
"""

import copy
import inspect
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from stripe import StripeObject
from stripe._object_classes import get_object_class

from localdev.ports import ROOT
from localdev.stripe import optional_keys
from localdev.stripe.api.endpoint import PARAMS
from localdev.stripe.config import API_VERSION
from testkit.stand_in import Json
from tests.sites import every_call, typescript
from tests.sites.recorder import Call, recording
from tests.sites.scenarios import KEY, Everything
from tests.sites.stripe_node import PACKAGES, node
from tests.sites.typescript import Judged

SCRIPT = ROOT / "localdev" / "stripe" / "optional-keys.mjs"
# Addresses: one shared type in the Node package, a class for each place in the Python package. All keys are there.
_ADDRESS = re.compile(r"(.*\.)?([A-Za-z]*Address|PrincipalPlaceOfBusiness)")


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[Call], list[Json]]]:
    """Everything that was asked and answered, and the thin events beside it."""
    node()
    data = tmp_path_factory.mktemp("stand-in")
    with pytest.MonkeyPatch.context() as patch, recording(data, KEY) as recorder:
        patch.setenv("SPILNO_DATA", str(data))
        patch.setenv("STRIPE_API_BASE", recorder.url)
        patch.delenv("STRIPE_SECRET_KEY", raising=False)
        life = Everything(recorder)
        life.happens()
        every_call.somebody_else_asks(life)
        every_call.app_reads(life)
        yield recorder.calls, recorder.thin_events()


@pytest.fixture(scope="module")
def judged(calls: tuple[list[Call], list[Json]]) -> list[Judged]:
    """One of each shape of answer, event and request."""
    made, thin = calls
    answers = [call.answer for call in made if call.status == 200]
    told = [one for answer in [*answers, *thin] for one in typescript.answered(answer)]
    asked = [typescript.asked(call) for call in made if call.sent and call.status == 200]
    return typescript.distinct([*told, *asked])


def test_the_compiler_finds_nothing(judged: list[Judged], tmp_path: Path) -> None:
    found = typescript.complaints(tmp_path, judged)
    said = [f"{judged[place].type}: {words}" for place, words in found.items()]
    assert not said, "\n".join(said)


def test_everything_that_the_stand_in_can_is_judged(
    calls: tuple[list[Call], list[Json]], judged: list[Judged]
) -> None:
    """A call or a kind of object that no scenario reaches would be judged by nobody."""
    done = {(call.method, call.rule) for call in calls[0] if call.status == 200}
    refused_by_design = {key for key in PARAMS if key[1].endswith("/search")}
    assert sorted(set(PARAMS) - done - refused_by_design) == []
    kinds = {kind for one in judged for kind in _kinds(one.value)}
    assert sorted(set(json.loads(optional_keys.TABLE.read_text("utf-8"))) - kinds) == []
    assert len(judged) > 300


def _kinds(value: Any) -> Iterator[str]:
    """The kinds of objects in an answer, and in these."""
    if isinstance(value, dict) and isinstance(value.get("object"), str):
        yield value["object"]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from _kinds(one)


def _first(judged: list[Judged], kind: str) -> Json:
    return copy.deepcopy(next(one.value for one in judged if one.type == kind))


def test_what_is_wrong_is_found(judged: list[Judged], tmp_path: Path) -> None:
    """The negative controls: each differs in one thing from what passes above, and is complained of for that."""
    subscription, intent = _first(judged, "Stripe.Subscription"), _first(judged, "Stripe.PaymentIntent")
    session, event = _first(judged, "Stripe.Checkout.SessionCreateParams"), _first(judged, "Stripe.InvoicePaidEvent")
    item = subscription["items"]["data"][0]
    line = session["line_items"][0]["price_data"]
    not_null = "Type 'null' is not assignable to type"
    wrong: dict[str, tuple[str, Any]] = {
        "managed_payments": ("Stripe.Subscription", _without(subscription, "managed_payments")),
        "current_trial": (
            "Stripe.Subscription",
            subscription | {"items": subscription["items"] | {"data": [_without(item, "current_trial")]}},
        ),
        f"{not_null} 'number | undefined'": (
            "Stripe.Subscription",
            subscription | {"billing_mode": subscription["billing_mode"] | {"updated_at": None}},
        ),
        "colour": ("Stripe.Subscription", subscription | {"colour": "red"}),
        "'\"done\"'": ("Stripe.PaymentIntent", intent | {"status": "done"}),
        f"{not_null} 'PresentmentDetails | undefined'": (
            "Stripe.PaymentIntent",
            intent | {"presentment_details": None},
        ),
        "amount_due": (
            "Stripe.InvoicePaidEvent",
            event | {"data": {"object": _without(event["data"]["object"], "amount_due")}},
        ),
        "payment_method_types": (
            "Stripe.Checkout.SessionCreateParams",
            session | {"payment_method_types": ["card"]},
        ),
        "'\"once\"'": ("Stripe.Checkout.SessionCreateParams", session | {"mode": "once"}),
        "Type 'string' is not assignable to type 'number'": (
            "Stripe.Checkout.SessionCreateParams",
            session | {"line_items": [{"quantity": 1, "price_data": line | {"unit_amount": "500"}}]},
        ),
        "nickname": ("Part<Stripe.Subscription>", {"nickname": "monthly"}),
    }
    found = typescript.complaints(tmp_path, [Judged(*one) for one in wrong.values()])
    assert {name for place, name in enumerate(wrong) if name not in found.get(place, "")} == set(), found


def _without(value: Json, key: str) -> Json:
    return {name: inner for name, inner in value.items() if name != key}


def test_the_committed_table_is_what_the_package_says(tmp_path: Path) -> None:
    fresh = tmp_path / "optional_keys.json"
    fresh.write_text(optional_keys.TABLE.read_text("utf-8"), encoding="utf-8")
    subprocess.run([node(), str(SCRIPT), str(PACKAGES), str(fresh)], check=True)
    assert fresh.read_text("utf-8") == optional_keys.TABLE.read_text("utf-8")


def test_a_kind_that_stripe_does_not_have_is_no_row(tmp_path: Path) -> None:
    fresh = tmp_path / "optional_keys.json"
    done = subprocess.run(
        [node(), str(SCRIPT), str(PACKAGES), str(fresh), "gift"], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (1, "Stripe has no object called gift.\n")
    assert not fresh.exists()


def test_both_packages_call_the_parts_of_an_object_the_same() -> None:
    """The table is looked up by the names of the Python package's classes, which nothing else holds together."""
    done = subprocess.run([node(), str(SCRIPT), str(PACKAGES), "--all"], check=True, capture_output=True, text=True)
    theirs = json.loads(done.stdout)
    for kind in json.loads(optional_keys.TABLE.read_text("utf-8")):
        found: Any = get_object_class("V2" if kind.startswith("v2.") else "V1", kind)
        ours = dict(_parts(found, ""))
        assert not {name for name, keys in theirs[kind].items() if keys} - set(ours), kind
        assert not {name for name in set(ours) - set(theirs[kind]) if not _ADDRESS.fullmatch(name)}, kind
        for name, keys in theirs[kind].items():
            if not keys:
                continue
            assert set(keys) <= set(inspect.get_annotations(ours[name])), f"{kind} {name}"


def _parts(kind: type, path: str) -> Iterator[tuple[str, type]]:
    yield path, kind
    for name, inner in vars(kind).items():
        if (
            inspect.isclass(inner)
            and issubclass(inner, StripeObject)
            and inner.__qualname__.startswith(kind.__qualname__)
        ):
            yield from _parts(inner, f"{path}.{name}".lstrip("."))


def test_both_packages_have_the_version_that_is_played() -> None:
    node()
    said = (PACKAGES / "stripe" / "esm" / "apiVersion.js").read_text(encoding="utf-8")
    assert f"'{API_VERSION}'" in said
