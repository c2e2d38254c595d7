"""What each function needs of AWS, derived from the code: which of the gateways' calls it can come to.

A transaction needs the actions of its parts, so `transact_write_items` needs whatever changes are made at all.
"""

import ast
from functools import cache

import botocore.session
from botocore import xform_name

from chalicelib.http.routes import ROUTES
from chalicelib.settings import SECRETS
from tests.template.reach import Node, Sources, ours

GATEWAYS = "chalicelib.aws."
# Where API Gateway, the schedules and SNS come in. The views are named by the table of routes.
ENTRIES = {
    "APIHandler": [
        Node("chalicelib.http.endpoint", "handle"),
        Node("chalicelib.http.endpoint", "preflight"),
        *(Node(f"chalicelib.{view[0]}", view[2]) for view in (route.view.partition(":") for route in ROUTES)),
    ],
    "Sweep": [Node("chalicelib.jobs", "sweep")],
    "ReconcileUndelivered": [Node("chalicelib.jobs", "reconcile")],
    "ReconcileEvents": [Node("chalicelib.jobs", "reconcile")],
    "ReconcileMoney": [Node("chalicelib.jobs", "reconcile")],
    "CountSupporters": [Node("chalicelib.jobs", "count_supporters")],
    "DailyMails": [Node("chalicelib.jobs", "daily_mails")],
    "Erase": [Node("chalicelib.jobs", "erase")],
    "MailFeedback": [Node("chalicelib.jobs", "mail_feedback")],
}

# `upkeep/reconcile.py` chooses by the ring's name, which this analysis does not read: what the other rings run.
_UNDELIVERED = Node("chalicelib.rails.stripe.reconcile.events", "undelivered")
_EVENTS = Node("chalicelib.rails.stripe.reconcile.events", "all_events")
_MONEY = Node("chalicelib.closing.actions.close_days", "close_days")
_RECURRING = Node("chalicelib.rails.stripe.reconcile.recurring", "recurring")
_METHODS = Node("chalicelib.rails.stripe.reconcile.methods", "methods")
OTHER_RINGS = {
    "ReconcileUndelivered": {_EVENTS, _MONEY, _RECURRING, _METHODS},
    "ReconcileEvents": {_UNDELIVERED, _MONEY, _RECURRING, _METHODS},
    "ReconcileMoney": {_UNDELIVERED, _EVENTS},
}

# What a call of the SDK needs. One that is not listed here fails the test: look it up in AWS's service authorization
# reference, and add it.
ACTIONS = {
    "get_item": {"dynamodb:GetItem"},
    "query": {"dynamodb:Query"},
    "scan": {"dynamodb:Scan"},
    "put_item": {"dynamodb:PutItem"},
    "update_item": {"dynamodb:UpdateItem"},
    "delete_item": {"dynamodb:DeleteItem"},
    "get_parameters": {"ssm:GetParameters"},
    "put_object": {"s3:PutObject"},
    "get_object": {"s3:GetObject"},
    "list_objects_v2": {"s3:ListBucket"},
    "send_email": {"ses:SendEmail", "ses:SendRawEmail"},
}
# The changes of the table's port, by the call that makes one alone. Within a transaction it needs the same.
CHANGES = {"Put": "put_item", "Update": "update_item", "Delete": "delete_item"}
CHECK = {"Check": {"dynamodb:ConditionCheckItem"}}


class Needs(dict[str, set[str]]):
    """Actions by where they act: `table`, `index`, `other`."""


@cache
def needs(function: str) -> Needs:
    """What one function may come to call."""
    return of_nodes(ours().reached(ENTRIES[function], OTHER_RINGS.get(function, ())), ours())


@cache
def secrets(function: str) -> set[str]:
    """The secrets that the code which one function may come to names; at most one too many, as below."""
    # Properties are followed by their names alone, and the name `client` leads from everywhere to a call's.
    elsewhere = ("chalicelib.settings",) if function == "APIHandler" else ("chalicelib.settings", "chalicelib.http.")
    reached = ours().reached(ENTRIES[function], OTHER_RINGS.get(function, ()))
    bodies = [body for node in reached if not node.module.startswith(elsewhere) for body in ours().bodies[node]]
    return set().union(*map(_secrets_in, bodies))


@cache
def _secrets_in(tree: ast.AST) -> set[str]:
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value in SECRETS}


def of_nodes(reached: set[Node], sources: Sources) -> Needs:
    """What the code at these nodes may call."""
    called = {
        operation
        for node in reached
        if node.module.startswith(GATEWAYS)
        for body in sources.bodies[node]
        for operation in _operations(body)
    }
    made = {
        name
        for node in reached
        if not node.module.startswith(GATEWAYS)
        for body in sources.bodies[node]
        for name in _made(body)
    }
    methods = {node.name for node in reached if node.module == f"{GATEWAYS}dynamodb"}
    found = Needs(table=set(), index=set(), other=set())
    for operation in called - {*CHANGES.values(), "query", "transact_write_items"}:
        for action in ACTIONS[operation]:
            found["table" if action.startswith("dynamodb:") else "other"].add(action)
    for name in made & set(CHANGES):
        found["table"] |= ACTIONS[CHANGES[name]]
    for name in made & set(CHECK):
        found["table"] |= CHECK[name]
    if "DynamoTable.query" in methods:
        found["table"] |= ACTIONS["query"]
    if "DynamoTable.query_index" in methods:
        found["index"] |= ACTIONS["query"]
    return found


@cache
def _operations(tree: ast.AST) -> set[str]:
    """Names of the SDK's calls, written as attributes or as text."""
    written = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    written |= {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return written & _known_operations()


@cache
def _made(tree: ast.AST) -> set[str]:
    """The kinds of changes that are constructed, as `Put(…)` or as `table.Put(…)`."""
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {ast.unparse(function).rpartition(".")[2] for function in calls} & {*CHANGES, *CHECK}


def services() -> set[str]:
    """The services that our gateways make clients for."""
    found = set()
    sources = ours()
    for node, bodies in sources.bodies.items():
        for part in (part for body in bodies for part in ast.walk(body)):
            if (
                isinstance(part, ast.Call)
                and ast.unparse(part.func) == "clients.client"
                and isinstance(part.args[0], ast.Constant)
            ):
                assert node.module.startswith(GATEWAYS), f"{node} makes a client of its own."
                found.add(ast.literal_eval(part.args[0]))
    return found


@cache
def _known_operations() -> frozenset[str]:
    session = botocore.session.get_session()
    names = (name for service in services() for name in session.get_service_model(service).operation_names)
    return frozenset(map(xform_name, names))
