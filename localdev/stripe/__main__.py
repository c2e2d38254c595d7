"""`python -m localdev.stripe`: serve until INT or TERM. One process (one owner of the data), many threads."""

import logging
from typing import Any

from gunicorn.app.base import BaseApplication

from localdev.ports import HOST, ports
from localdev.stripe import server, set_up
from localdev.stripe.config import from_environment


class _StandIn(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """The Flask app is made in the worker, so that the SQLite connection and the threads live where requests do."""

    def load_config(self) -> None:
        settings = {
            "bind": f"{HOST}:{ports().stripe}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": 24,
            "timeout": 0,  # moving the clock by years may take a while
            "graceful_timeout": 1,
            "keepalive": 5,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "proc_name": "spilno-stripe",
            "control_socket_disable": True,
            "post_worker_init": _start,
            "worker_exit": _stop,
        }
        for name, value in settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        app = server.create(from_environment())
        set_up.ensure(app.config["ACCOUNT"])
        return app


def _start(worker: Any) -> None:
    server.start(worker.wsgi)


def _stop(_arbiter: Any, worker: Any) -> None:
    if worker.wsgi is not None:
        server.stop(worker.wsgi)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="stripe: %(message)s")
    _StandIn().run()
