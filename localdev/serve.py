"""gunicorn for the local stack's servers: one process, threads, 127.0.0.1 only, started from Python."""

from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

from localdev.ports import HOST


class _Server(BaseApplication):  # type: ignore[misc] # gunicorn ships no types
    """gunicorn configured by keyword, without its command line and without its configuration files."""

    def __init__(self, make_app: Callable[[], Any], options: dict[str, Any]) -> None:
        self._make_app, self._options = make_app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self._make_app()


def serve(make_app: Callable[[], Any], port: int, *, threads: int = 8, **options: Any) -> None:
    """Serve until SIGTERM or SIGINT. `make_app` is called in the worker process and answers a WSGI app.

    `options` are gunicorn's own settings. Nothing that a client forwards is believed, and gunicorn's control
    socket, which every gunicorn of one user would share, stays closed.
    """
    defaults: dict[str, Any] = {
        "bind": f"{HOST}:{port}",
        "workers": 1,
        "worker_class": "gthread",
        "threads": threads,
        "graceful_timeout": 5,
        "loglevel": "warning",
        "control_socket_disable": True,
        "forwarded_allow_ips": "",
        "forwarder_headers": "",
        "secure_scheme_headers": {},
    }
    _Server(make_app, {**defaults, **options}).run()
