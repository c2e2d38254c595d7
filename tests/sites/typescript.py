"""Answers and requests as TypeScript, for the compiler to judge by the types of Stripe's Node package."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localdev.stripe.fidelity import request_adapter
from localdev.stripe.params import typed_dict
from testkit.stand_in import Json
from tests.sites.recorder import Call
from tests.sites.stripe_node import PACKAGES, node

# Where the Node package calls something otherwise than the API or the Python package does.
_KINDS = {"item": "LineItem", "line_item": "InvoiceLineItem", "invoiceitem": "InvoiceItem"}
_PARAMS = {"InvoiceListLinesParams": "InvoiceListLineItemsParams"}
_HEAD = """\
import type Stripe from './types/stripe.esm.node.js';
// What an event says of before: some keys, at any depth; null for one that was not there.
type Part<T> = T extends Array<infer U> ? Array<U> : T extends object ? {[K in keyof T]?: Part<T[K]> | null} : T;
// A thin event as it is sent; the package adds the methods.
type Sent<T> = Omit<T, 'fetchRelatedObject'>;
"""
_OPTIONS = {
    "compilerOptions": {
        "module": "nodenext",
        "noEmit": True,
        "skipLibCheck": True,
        "strict": True,
        "target": "es2022",
        "types": [],
    },
    "files": ["judged.ts"],
}


@dataclass(frozen=True)
class Judged:
    """A value and the type that it is to have."""

    type: str
    value: Any


def camel(name: str) -> str:
    """`early_fraud_warning` -> `EarlyFraudWarning`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def kind_type(kind: str) -> str:
    """The Node package's type for a kind of object: `Stripe.Checkout.Session` for `checkout.session`."""
    return "Stripe." + (_KINDS.get(kind) or ".".join(camel(part) for part in kind.split(".")))


def params_type(params: str) -> str:
    """The Node package's type for a call's parameters, from their name in the Python package."""
    *spaces, leaf = params.split(".")
    return ".".join(["Stripe", *(camel(space) for space in spaces), _PARAMS.get(leaf, leaf)])


def asked(call: Call) -> Judged:
    """A call's parameters; a form's texts are numbers and booleans first, as the types have them."""
    return Judged(params_type(call.params), request_adapter(typed_dict(call.params)).validate_python(call.sent))


def answered(answer: Json) -> Iterator[Judged]:
    """An answer, whole; an event in parts, as what it says of before is typed by hand."""
    kind = answer.get("object")
    if kind == "list":
        inner = answer["data"][0]["object"] if answer["data"] else None
        if inner == "event":
            for event in answer["data"]:
                yield from answered(event)
            answer = answer | {"data": []}
        yield Judged(f"Stripe.ApiList<{kind_type(inner) if inner else 'never'}>", answer)
    elif kind is None:
        yield Judged("Stripe.V2List<Stripe.V2.Core.EventDestination>", answer)
    elif answer.get("deleted"):
        yield Judged("Stripe.Deleted" + (_KINDS.get(kind) or camel(kind)), answer)
    elif kind == "event":
        data = dict(answer["data"])
        before = data.pop("previous_attributes", None)
        if before is not None:
            yield Judged(f"Part<{kind_type(data['object']['object'])}>", before)
        name = camel(answer["type"].replace(".", "_")).replace("Invoiceitem", _KINDS["invoiceitem"])
        yield Judged(f"Stripe.{name}Event", answer | {"data": data})
    elif kind == "v2.core.event":
        name = camel(answer["type"].replace(".", "_"))
        yield Judged(f"Sent<Stripe.Events.{name}Event>", answer)
    else:
        yield Judged(kind_type(kind), answer)


def distinct(judged: Sequence[Judged]) -> list[Judged]:
    """One of each shape: the same type, keys, kinds of values, and words such as a status."""
    return list({(one.type, _shape(one.value)): one for one in judged}.values())


def _shape(value: Any) -> object:
    if isinstance(value, dict):
        return tuple(sorted((key, _shape(inner)) for key, inner in value.items()))
    if isinstance(value, list):
        return tuple(sorted({repr(_shape(one)) for one in value}))
    if isinstance(value, str):
        return value if re.fullmatch(r"[a-z_.]{1,60}", value) else "text"
    return type(value).__name__


def complaints(folder: Path, judged: Sequence[Judged]) -> dict[int, str]:
    """What the compiler says, by the place of what it says it of."""
    shutil.copytree(PACKAGES / "stripe" / "esm", folder / "types", ignore=shutil.ignore_patterns("*.js", "*.map"))
    _close(folder / "types" / "shared.d.ts")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (folder / "tsconfig.json").write_text(json.dumps(_OPTIONS), encoding="utf-8")
    lines = [f"export const value{place}: {one.type} = {json.dumps(one.value)};" for place, one in enumerate(judged)]
    (folder / "judged.ts").write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    done = subprocess.run(
        [node(), str(PACKAGES / "typescript" / "lib" / "tsc.js"), "-p", str(folder), "--pretty", "false"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return dict(_read(done.stdout + done.stderr, before=_HEAD.count("\n")))


def _close(shared: Path) -> None:
    """A decimal travels as a text, and words that come with later versions are none of this one."""
    text = shared.read_text(encoding="utf-8")
    for old, new in (
        ("export { Decimal } from './Decimal.js';", "export type Decimal = string;"),
        ("export type OtherString = string & Record<never, never>;", "export type OtherString = never;"),
    ):
        assert old in text, f"{shared.name} of this version does not say {old}"
        text = text.replace(old, new)
    shared.write_text(text, encoding="utf-8")


def _read(said: str, *, before: int) -> Iterator[tuple[int, str]]:
    """The compiler's lines; what goes on below a complaint, indented, belongs to it."""
    place = None
    parts: dict[int, list[str]] = {}
    for line in said.splitlines():
        found = re.match(r"judged\.ts\((\d+),\d+\): error (.*)", line)
        if found:
            place = int(found[1]) - before - 1
            parts.setdefault(place, []).append(found[2])
        elif line.startswith(" ") and place is not None:
            parts[place].append(line)
        elif line.strip():
            raise AssertionError(f"The compiler did not come to judge: {line}")
    yield from ((place, "\n".join(lines)) for place, lines in parts.items())
