"""The bodies of a supporter's own pages: devices, and the address."""

from chalicelib.http.forms import Form, Identifier, Language


class DeviceForm(Form):
    """A device to sign out, by a button of the page."""

    device: Identifier
    lang: Language | None = None
