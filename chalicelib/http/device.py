"""Which kind of device a call comes from: one of two words, and all that is ever stored of a browser."""

from chalicelib.http.call import Call
from chalicelib.supporters.rows.devices import DeviceKind


def kind_of(call: Call) -> DeviceKind:
    """Phone or computer, as the browser says itself: by its own short answer, else by its name."""
    mobile = call.headers.get("sec-ch-ua-mobile")
    if mobile in ("?0", "?1"):
        return "phone" if mobile == "?1" else "computer"
    return "phone" if "mobi" in call.headers.get("user-agent", "").lower() else "computer"
