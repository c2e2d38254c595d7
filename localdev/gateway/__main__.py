"""python -m localdev.gateway: serve the app on SPILNO_PORT."""

import os
from pathlib import Path

import click

from localdev.gateway.server import run
from localdev.ports import ports


@click.command()
@click.option("--app", default="app:app", help="module:attribute of the Chalice app")
@click.option("--port", type=int, default=None, help="default: SPILNO_PORT or 8000")
@click.option("--processes", type=click.IntRange(1, 64), default=4, help="function processes")
@click.option("--requests-log", type=click.Path(path_type=Path), default=None, help="default: standard output")
def main(app: str, port: int | None, processes: int, requests_log: Path | None) -> None:
    """Serve the app on 127.0.0.1 as API Gateway and Lambda would."""
    public_url = os.environ.get("SPILNO_PUBLIC_URL") or ports().url("app")
    run(app, port or ports().app, processes, requests_log, public_url)


main()
