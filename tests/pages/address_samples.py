"""The pages of devices, in every state, for `samples.py`."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.account.views.pages import DeviceLine, DevicesPage
from chalicelib.http.pages import Page


def address_pages(*, now: datetime, until: datetime) -> Mapping[str, Page]:
    """A name and a page for each state."""
    devices = (
        DeviceLine("3f1c9a", "phone", now, until, current=True),
        DeviceLine("77b0d2", "computer", now, now, current=False),
        DeviceLine("0c44e1", "", now, until, current=False),
    )
    return {
        "devices": DevicesPage(devices),
        "devices-done": DevicesPage(devices[:1], done=True),
    }
