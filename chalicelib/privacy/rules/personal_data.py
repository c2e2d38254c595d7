"""All kinds of rows, and which one a row is of. A new kind is entered in `of_people.py` or in `of_nobody.py`."""

from collections.abc import Mapping
from typing import Any

from chalicelib.privacy.rules.kinds import Kind, KindUnknown
from chalicelib.privacy.rules.of_nobody import OF_NOBODY
from chalicelib.privacy.rules.of_people import OF_PEOPLE

KINDS: tuple[Kind, ...] = (*OF_PEOPLE, *OF_NOBODY)


def kind_of(item: Mapping[str, Any], kinds: tuple[Kind, ...] = KINDS) -> Kind:
    """The kind of a row.

    :raises KindUnknown: none is described, so nobody may say that all about a person is gone.
    """
    found = next((kind for kind in kinds if kind.holds(item)), None)
    if found is None:
        raise KindUnknown(f"{str(item['pk']).partition('#')[0]} {str(item['sk']).partition('#')[0]}")
    return found
