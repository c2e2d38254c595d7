"""Stripe's webhook endpoint: its address, version, types, and the secret that its deliveries are signed with.

An endpoint's version and secret are set at its creation: neither can be changed, and Stripe shows the secret once.
Which endpoints the stored secrets belong to is written beside them, in the parameter's description, in the same call.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.rails.stripe.enabled_events import ENABLED_EVENTS
from chalicelib.rails.stripe.port import API_VERSION
from ops.setup.connections import Connections
from ops.setup.secret_store import SecretStore

PATH = "/v1/stripe/webhook"
SECRET = "STRIPE_WEBHOOK_SECRET"  # noqa: S105 - its name
MARK = "spilno"
_ENDPOINT = re.compile(r"we_[A-Za-z0-9]+")
_KEPT = 2  # the endpoint's own secret, and that of the one before, whose last deliveries may be on the way
_SHOWN = 8

Endpoint = Mapping[str, Any]


def mend_webhook(connections: Connections, store: SecretStore) -> None:
    """Create the endpoint, or correct it; others of ours are disabled, so that no event comes in two shapes."""
    journal = connections.journal
    journal.heading("Stripe's webhook endpoint")
    url = connections.stage.public_url + PATH
    ours = _ours(connections, url)
    chosen = _choose(ours, store)
    if chosen and not _has_secret(store, chosen) and not _paste(connections, store, chosen):
        chosen = None
    if chosen is None:
        _create(connections, store, url)
    else:
        _mend(connections, chosen, url)
    for old in ours:
        if old["status"] == "enabled" and (chosen is None or old["id"] != chosen["id"]):
            _disable(connections, old)


def _ours(connections: Connections, url: str) -> list[Endpoint]:
    """Endpoints with our mark or our address, newest first; those of Connect applications are left out."""
    pages = connections.stripe.webhook_endpoints.list({"limit": 100}).auto_paging_iter()
    found = [one.to_dict() for one in pages]
    return [
        one
        for one in found
        if not one.get("application")
        and (one["url"] == url or one["metadata"].get(MARK) == connections.stage.site_id)
    ]


def _choose(ours: Sequence[Endpoint], store: SecretStore) -> Endpoint | None:
    """The endpoint to keep: of the pinned version; one whose secret is known and that is enabled before others."""
    fitting = [one for one in ours if one["api_version"] == API_VERSION]
    known = _known(store)
    return max(fitting, key=lambda one: (one["id"] in known, one["status"] == "enabled"), default=None)


def _known(store: SecretStore) -> list[str]:
    """The endpoints that the stored secrets belong to, in the same order."""
    return _ENDPOINT.findall(store.described.get(SECRET, "")) if store.values.get(SECRET) else []


def _has_secret(store: SecretStore, endpoint: Endpoint) -> bool:
    """Whether its secret is stored. One that a person rolled and stored by hand names no endpoint, and counts."""
    by_hand = bool(store.values.get(SECRET)) and not _ENDPOINT.search(store.described.get(SECRET, ""))
    return by_hand or endpoint["id"] in _known(store)


def _secrets(store: SecretStore) -> list[str]:
    return [part.strip() for part in store.values.get(SECRET, "").split(",") if part.strip()]


def _paste(connections: Connections, store: SecretStore, endpoint: Endpoint) -> bool:
    """Ask for a secret that is not in the store; False when nobody has it."""
    connections.journal.say(
        f"The endpoint {endpoint['id']} is there, but its signing secret is not in the parameter store.\n"
        "Stripe's API shows a secret only once. The dashboard shows it: Developers, Webhooks, the endpoint.\n"
        "Paste it, or leave it empty: then a new endpoint takes over, and this one is disabled."
    )
    pasted = connections.ask.secret("Signing secret, unseen (empty: a new endpoint)", check=_a_secret)
    if not pasted:
        return False
    _store(store, endpoint["id"], pasted, f"store the endpoint's signing secret ({SECRET}), encrypted")
    return True


def _a_secret(answer: str) -> str:
    import click

    if not answer.startswith("whsec_") or "," in answer:
        raise click.BadParameter("A signing secret begins with whsec_.")
    return answer


def _store(store: SecretStore, endpoint: str, secret: str, sentence: str) -> None:
    kept = [one for one in _secrets(store) if one != secret][: _KEPT - 1]
    names = [one for one in _known(store) if one != endpoint][: len(kept)]
    about = f"Spilno: signing secrets of Stripe's webhook endpoints {' '.join([endpoint, *names])}"
    store.put(SECRET, ",".join([secret, *kept]), sentence, about=about)


def _create(connections: Connections, store: SecretStore, url: str) -> None:
    v1, journal = connections.stripe, connections.journal
    made = journal.change(
        f"create the endpoint {url}, version {API_VERSION}, {len(ENABLED_EVENTS)} types of events",
        lambda: v1.webhook_endpoints.create(
            {
                "url": url,
                "api_version": API_VERSION,
                "enabled_events": sorted(ENABLED_EVENTS),
                "description": "Spilno, made by ops setup",
                "metadata": {MARK: connections.stage.site_id},
            }
        ),
    )
    sentence = f"store the endpoint's signing secret ({SECRET}), encrypted"
    if made is None:
        journal.change(sentence, lambda: None)
        return
    try:
        _store(store, made.id, made.secret, sentence)
    except BaseException:
        # Its secret would be lost, also by Ctrl-C: no endpoint is better than one whose deliveries nobody can verify.
        v1.webhook_endpoints.delete(made.id)
        raise
    journal.say("The functions know the new secret within five minutes; what Stripe sends before, it sends again.")


def _mend(connections: Connections, endpoint: Endpoint, url: str) -> None:
    changes: dict[str, Any] = {}
    words = []
    if endpoint["url"] != url:
        changes["url"] = url
        words.append(f"its address ({endpoint['url']} before)")
    missing = sorted(ENABLED_EVENTS.keys() - set(endpoint["enabled_events"]))
    superfluous = sorted(set(endpoint["enabled_events"]) - ENABLED_EVENTS.keys())
    if missing or superfluous:
        changes["enabled_events"] = sorted(ENABLED_EVENTS)
        words += [f"{word} {_few(types)}" for word, types in (("add", missing), ("drop", superfluous)) if types]
    if endpoint["metadata"].get(MARK) != connections.stage.site_id:
        changes["metadata"] = {MARK: connections.stage.site_id}
        words.append("our mark")
    if endpoint["status"] != "enabled":
        changes["disabled"] = False
        words.append("enable it again: Stripe disables one that fails for days")
    if not changes:
        connections.journal.right(
            f"the endpoint {endpoint['id']} has the right address, version ({API_VERSION}) "
            f"and {len(ENABLED_EVENTS)} types"
        )
        return
    connections.journal.change(
        f"mend the endpoint {endpoint['id']}: {'; '.join(words)}",
        lambda: connections.stripe.webhook_endpoints.update(endpoint["id"], changes),
    )


def _disable(connections: Connections, old: Endpoint) -> None:
    why = f"version {old['api_version'] or 'of the account'}"
    why = why if old["api_version"] != API_VERSION else "another one does the same"
    if connections.ask.yes(f"Disable the endpoint {old['id']} ({why})? Two would tell everything twice."):
        connections.journal.change(
            f"disable the endpoint {old['id']} ({why})",
            lambda: connections.stripe.webhook_endpoints.update(old["id"], {"disabled": True}),
        )
    else:
        connections.journal.remains(f"The endpoint {old['id']} ({why}) is still enabled: disable it at Stripe.")


def _few(types: Sequence[str]) -> str:
    more = f" and {len(types) - _SHOWN} more" if len(types) > _SHOWN else ""
    return ", ".join(types[:_SHOWN]) + more
