"""Run by a Python of the package's version, from within the unpacked package, as Lambda would: `on_lambda.py`.

Imports all of our code and walks through what is reached late; prints what it found as JSON.
"""

import importlib
import importlib.machinery
import json
import pkgutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

GATE = json.loads(sys.stdin.readline())
compiled: list[str] = []
original = importlib.machinery.SourceFileLoader.source_to_code


def noted(self: Any, data: Any, path: Any, **options: Any) -> Any:
    """A module whose bytecode is missing or refused comes here."""
    compiled.append(str(path))
    return original(self, data, path, **options)


importlib.machinery.SourceFileLoader.source_to_code = noted  # type: ignore[method-assign] # to be told of each

import app  # noqa: E402 - after the loader is watched

answer = app.app(GATE, None)

import chalicelib  # noqa: E402

ours = [module.name for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib.")]
for name in ours:
    importlib.import_module(name)

from stripe import _object_classes  # noqa: E402

for kind in _object_classes.OBJECT_CLASSES:
    _object_classes.get_object_class("V1", kind)

from chalicelib.rails.stripe.client import StripeApi  # noqa: E402
from chalicelib.rails.stripe.port import StripeUnavailable  # noqa: E402

try:
    StripeApi("sk_test_x", "http://127.0.0.1:9").customer("cus_1")
except StripeUnavailable as error:
    unavailable = type(error).__name__

from Cryptodome.Cipher import AES  # noqa: E402

from chalicelib.i18n.language import Language  # noqa: E402
from chalicelib.i18n.texts import LANGUAGES  # noqa: E402
from chalicelib.version import version  # noqa: E402

sealed = AES.new(bytes(32), AES.MODE_GCM, nonce=bytes(12)).encrypt_and_digest(bytes(16))

moment = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
spoken = {}
for lang in LANGUAGES:
    language = Language(lang, "Europe/Kyiv")
    amounts = [
        language.money(amount, currency) for amount in (500, 123456789) for currency in ("eur", "uah", "usd", "jpy")
    ]
    spoken[lang] = [*amounts, language.day(moment), *(language.name_of(other) for other in LANGUAGES)]

print(  # noqa: T201 - this is the answer
    json.dumps(
        {
            "answer": answer,
            "compiled": [path for path in compiled if path.startswith(str(Path.cwd()))],
            "modules": len(ours),
            "sealed": [part.hex() for part in sealed],
            "spoken": spoken,
            "unavailable": unavailable,
            "version": version(),
            "from_elsewhere": sorted(
                name
                for name, module in sys.modules.items()
                if "site-packages" in (getattr(module, "__file__", None) or "")
            ),
        }
    )
)
