"""Are the ports free? All are looked at before anything starts, so that one message names every taken one."""

import errno
import socket
from collections.abc import Iterable

from localdev.ports import HOST, Ports

SETTINGS = {
    "app": ("SPILNO_PORT", "the app"),
    "site": ("SPILNO_SITE_PORT", "the demo news site"),
    "stripe": ("SPILNO_STRIPE_PORT", "the Stripe stand-in"),
    "mail": ("SPILNO_MAIL_PORT", "the mailbox"),
    "aws": ("SPILNO_AWS_PORT", "local AWS"),
}


def complaints(ports: Ports, needed: Iterable[str]) -> list[str]:
    """A sentence for every port that cannot be used, with the setting that changes it."""
    found = []
    seen: dict[int, str] = {}
    for name in needed:
        setting, title = SETTINGS[name]
        port = getattr(ports, name)
        if port in seen:
            found.append(f"Port {port} is given twice: to {seen[port]} and to {title}. Change {setting}.")
        elif reason := _unusable(port):
            found.append(f"Port {port}, for {title}, {reason}. Free it, or set another: {setting}={_free_port()}")
        seen[port] = title
    return found


def _unusable(port: int) -> str | None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of an ended stack do not count
        try:
            probe.bind((HOST, port))
        except OverflowError:
            return "is no port number"
        except OSError as error:
            return "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
    return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port
