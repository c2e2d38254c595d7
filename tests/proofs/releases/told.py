"""What a release reads from a table: everything that its readers, operators and gate are told."""

import json
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from chalicelib import wiring
from testkit.harness import Harness
from testkit.visitor import Visitor
from testkit.webhooks import Json
from tests.proofs.releases.scenario import ARTICLES, Lived, ops, replied

COMMANDS = {
    "ledger": ("ledger",),
    "totals": ("totals",),
    "inbox": ("inbox",),
    "undeliverable": ("mail", "undeliverable"),
    "suppressed": ("mail", "suppressed"),
    "keys": ("keys", "list"),
    "rebuild": ("rebuild", "--check"),
}
NEEDS = ("open", "metered", "members", "tier:member", "tier:patron")
_PASS = re.compile(r'"pass": ?"[^"]+"')


def told(harness: Harness, lived: Lived) -> dict[str, Any]:
    """All of it. It visits, which a table notes: hand it a harness of its own."""
    wiring.install(harness.wiring)
    return {
        "commands": {name: _lines(ops(harness, *words, "--json", codes=(0, 1))) for name, words in COMMANDS.items()},
        "supporters": {email: _supporter(harness, email) for email in lived.addresses},
        "states": {email: state_of(harness, email) for email in lived.addresses if harness.knows(email)},
        "checkouts": {whose: _checkout(lived.browsers[whose], name) for whose, name in lived.checkouts.items()},
        "browsers": {whose: _browser(visitor) for whose, visitor in lived.browsers.items()},
    }


def _lines(output: str) -> list[Any]:
    return [json.loads(line) for line in output.splitlines()]


def _supporter(harness: Harness, email: str) -> Any:
    if not harness.knows(email):
        return None
    return _lines(ops(harness, "supporter", email, "--json"))


def state_of(harness: Harness, email: str) -> Json:
    """A supporter's state, in words that no release changes."""
    state = harness.state(email)
    return {
        "id": state.id,
        "version": state.version,
        "epoch": state.epoch,
        "customers": dict(state.customers),
        "grants": [vars(grant) for grant in state.standing.grants],
        "recurring": [
            {
                **vars(gift),
                "periods": [[*vars(one).values()] for one in gift.periods],
                "card": gift.card and vars(gift.card),
                "asked": gift.asked and vars(gift.asked),
            }
            for gift in state.standing.recurring
        ],
        "reversals": [[one.amount, dict(one.refunds), dict(one.disputes)] for one in state.standing.reversals],
        "access": vars(harness.access(email)),
    }


def _checkout(visitor: Visitor, name: str) -> Json:
    return replied(visitor.get(f"/v1/checkouts/{name}"))


def _browser(visitor: Visitor) -> Json:
    decisions = {}
    for needs in NEEDS:
        # Without the pass, which would answer by itself: by the session, and what the table has of its owner.
        visitor.cookies = {name: value for name, value in visitor.cookies.items() if "-pass-" not in name}
        decisions[needs] = visitor.get(f"/v1/access?needs={needs}")
    texts = {name: visitor.get(f"/v1/articles/{name}").text for name in ARTICLES}
    own = {path: replied(visitor.navigate(path)) for path in ("/account", "/account?lang=uk")}
    return {
        "me": visitor.get("/v1/me").text,
        "access": {needs: [reply.status, without_pass(reply.text)] for needs, reply in decisions.items()},
        "articles": {name: without_pass(text) for name, text in texts.items()},
        "account": own,
    }


def as_before(now: Any, was: Any) -> Any:
    """What is told now, as far as it was told then: answers only get more members, those that are JSON text too.

    Members come in the order in which they came then: JSON knows none.
    """
    if isinstance(now, Mapping) and isinstance(was, Mapping):
        return {name: as_before(now[name], was[name]) for name in was if name in now}
    if isinstance(now, list) and isinstance(was, list) and len(now) == len(was):
        return [as_before(one, before) for one, before in zip(now, was, strict=True)]
    if isinstance(now, str) and isinstance(was, str) and now.startswith("{") and was.startswith("{"):
        return json.dumps(as_before(json.loads(now), json.loads(was)), ensure_ascii=False, separators=(",", ":"))
    return now


def shown(page: Mapping[str, Any]) -> tuple[int, Any, set[str]]:
    """What a page says, whatever its words and looks: its status, where it leads, its gifts' ids and all numbers."""
    text = unescape(str(page["text"]))
    main = text[text.find("<main") : text.find("</main>")]
    words = re.sub(r"<[^>]+>", " ", main).replace("\N{NO-BREAK SPACE}", " ")
    numbers = re.findall(r"\d+(?:[.,]\d+)?", re.sub(r"(?<=\d)[ ,](?=\d{3}\b)", "", words))
    return page["status"], page["location"], {*re.findall(r'(?:value="|/)(sub_\w+)', main), *numbers}


def without_pass(text: str) -> str:
    """An answer without the pass in it, which is signed anew each time."""
    return _PASS.sub('"pass":"…"', text)
