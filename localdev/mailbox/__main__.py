"""python -m localdev.mailbox: serve the mailbox on SPILNO_MAIL_PORT."""

from flask import Flask

from localdev.mailbox.box import Box
from localdev.mailbox.collector import Collector
from localdev.mailbox.simulator import Simulator
from localdev.mailbox.web import create_app
from localdev.ports import data_directory, ports
from localdev.serve import serve


def main() -> None:
    """Serve until SIGTERM, and fetch once more then: what was sent last must not be lost."""
    box = Box(data_directory() / "mail.sqlite")
    collector = Collector(ports().url("aws"), box, Simulator().tell)

    def make() -> Flask:
        collector.forever()
        return create_app(box, collector)

    def close(_server: object, _worker: object) -> None:
        collector.collect()

    serve(make, ports().mail, worker_exit=close)


main()
