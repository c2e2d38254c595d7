"""The page of a supporter's own data, in each of its states."""

from collections.abc import Callable, Mapping
from datetime import datetime

from chalicelib.http.pages import Page
from chalicelib.privacy.views.pages import DataPage


def privacy_pages(erase_on: datetime, sentence: Callable[[int, str], str]) -> Mapping[str, Page]:
    """One of each, by a name for it. `sentence`: a refusal in the page's language, by status and code."""
    return {
        "data": DataPage(erase_on),
        "data-running": DataPage(erase_on, runs=True, problem=sentence(503, "stripe_down")),
        "data-asked": DataPage(asked=True),
    }
