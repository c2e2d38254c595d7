"""python -m localdev.trouble: both proxies in one process, until SIGTERM."""

import signal
import threading

import click

from localdev.trouble.aws import TroubledAws
from localdev.trouble.proxy import Proxy
from localdev.trouble.road import TroubledRoad


@click.command()
@click.option("--aws-port", type=int, required=True)
@click.option("--aws", required=True, help="local AWS itself, http://127.0.0.1:…")
@click.option("--road-port", type=int, required=True)
@click.option("--app", required=True, help="the app itself")
@click.option("--seed", type=int, default=0, show_default=True)
def main(aws_port: int, aws: str, road_port: int, app: str, seed: int) -> None:
    """Stand between the app and local AWS, and between Stripe and the app. Calm until told (POST /_trouble)."""
    proxies = [Proxy(aws_port, aws, TroubledAws(seed)), Proxy(road_port, app, TroubledRoad(seed + 1))]
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    for proxy in proxies:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
    ending.wait()


main()
