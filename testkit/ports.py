"""Free ports for what tests start."""

import socket

HOST = "127.0.0.1"


def free_ports(count: int) -> list[int]:
    """So many different TCP ports on 127.0.0.1 that nobody listens on now."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((HOST, 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def free_port() -> int:
    """One of them."""
    return free_ports(1)[0]
