"""Stripe's lists: newest first, `limit`, `starting_after`, `ending_before`, `created`."""

from collections.abc import Sequence

from localdev.stripe.account import Account
from localdev.stripe.errors import ApiRefusal, Json, missing_object
from localdev.stripe.objects.prices import listed

_SIGNS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_DEFAULT, _MOST = 10, 100

Condition = tuple[str, Sequence[object]]


def equal(path: str, value: object) -> Condition:
    """A condition: the field at this JSON path equals the value."""
    return f"json_extract(body, '$.{path}') = ?", (value,)


def page(account: Account, kind: str, params: Json, url: str, conditions: Sequence[Condition] = ()) -> Json:
    """One page of objects of a kind.

    :raises ApiRefusal: 400 for a limit outside 1 to 100, two cursors, or a cursor that is no such object.
    """
    limit = check_limit(params)
    after, before = params.get("starting_after"), params.get("ending_before")
    if after and before:
        raise _one_cursor()
    for name, cursor in (("starting_after", after), ("ending_before", before)):
        if cursor and account.store.get(cursor, kind) is None:
            raise missing_object(kind, cursor, name, 400)
    found = account.store.page(
        kind, [*conditions, *_created(params.get("created"))], limit=limit + 1, after=after, before=before
    )
    data = found[-limit:] if before else found[:limit]
    return listed(data, url, has_more=len(found) > limit)


def slice_page(found: list[Json], params: Json, url: str, kind: str) -> Json:
    """One page of what is kept as a list in its own order, such as an invoice's lines.

    :raises ApiRefusal: as `page` does.
    """
    limit, names = check_limit(params), [one["id"] for one in found]
    first, last = 0, len(found)
    for name in ("starting_after", "ending_before"):
        if name in params and params[name] not in names:
            raise missing_object(kind, params[name], name, 400)
    if "starting_after" in params and "ending_before" in params:
        raise _one_cursor()
    if "starting_after" in params:
        first = names.index(params["starting_after"]) + 1
    if "ending_before" in params:
        last = names.index(params["ending_before"])
        first = max(0, last - limit)
        return listed(found[first:last], url, has_more=first > 0)
    return listed(found[first : first + limit], url, has_more=last > first + limit)


def _one_cursor() -> ApiRefusal:
    return ApiRefusal("You may only specify one of these parameters: starting_after, ending_before.")


def check_limit(params: Json) -> int:
    """How many one page holds.

    :raises ApiRefusal: 400 outside 1 to 100.
    """
    limit: int = params.get("limit", _DEFAULT)
    if not 1 <= limit <= _MOST:
        raise ApiRefusal(
            f"This value must be greater than or equal to 1 and at most {_MOST}.",
            code="parameter_invalid_integer",
            param="limit",
        )
    return limit


def _created(wanted: object) -> list[Condition]:
    if wanted is None:
        return []
    if isinstance(wanted, dict):
        return [(f"created {_SIGNS[name]} ?", (value,)) for name, value in wanted.items()]
    return [("created = ?", (wanted,))]


def filters(params: Json, **paths: str) -> list[Condition]:
    """A condition for each of these parameters that was sent: `customer="customer"` names the JSON path."""
    return [equal(path, params[name]) for name, path in paths.items() if params.get(name) is not None]
