"""What a person reads when everything is up: where to look and what to try first."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from localdev import parts
from localdev.ports import ROOT, Ports


def welcome(ports: Ports, data: Path, environ: Mapping[str, str]) -> Iterator[str]:
    """The lines, made when they are needed."""
    stand_in = parts.needs_stand_in(environ)
    yield ""
    yield "Spilno is up · Спільно працює"
    yield ""
    yield f"  {ports.url('site')}/   the demo news site, «Вісті Надріччя»"
    yield f"  {ports.url('site')}/elements   every state of the elements, light, dark and narrow, for designers"
    yield f"  {ports.url('site')}/letter   the newsroom's letter, with a link that gives an article to its readers"
    yield f"  {ports.url('mail')}/   the mailbox: sign-in links and codes arrive here"
    if stand_in:
        yield f"  {ports.url('stripe')}/   the Stripe stand-in: payments, renewals, its clock"
    yield f"  {ports.url('app')}/donate   the app: its own donation page; /openapi.json lists every call"
    yield ""
    yield "Try it: open an article «Для спільноти», give monthly, sign in with the code from the mailbox,"
    yield "read on. The card 4242 4242 4242 4242 pays, 4000 0000 0000 0002 is declined."
    if not stand_in:
        yield "Payments go to Stripe's own test mode, with your key; its events are fetched every few seconds."
    yield "For the operator: .venv/bin/python -m ops --help"
    yield ""
    yield f"Data and logs: {_short(data)}/. Ctrl-C ends everything and keeps the data."
    yield ""


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(ROOT))
    except ValueError:
        return str(path)
