"""What machines are told, each in the form that its readers know. The same for everybody, kept for an hour."""

from dataclasses import asdict
from typing import Any

from chalicelib.http.call import Answer, Call, kept_by_all
from chalicelib.machines.rules import headers, licence, robots
from chalicelib.machines.views.addresses import below_public_url, license_url, places
from chalicelib.newsroom.rules import Machines
from chalicelib.settings import Settings

_FOR_AN_HOUR = kept_by_all(3600)


def show(call: Call) -> Answer:
    """`GET /v1/machines`: the newsroom's table and what is made of it, for tools that print it into the website."""
    return Answer(for_the_website(call.wiring.newsroom.machines, call.wiring.settings), cache=_FOR_AN_HOUR)


def for_the_website(policy: Machines, settings: Settings) -> dict[str, Any]:
    """What a website says to machines, as `MachineTerms` describes it."""
    licensed = license_url(settings)
    return {
        "policy": asdict(policy),
        "robots_txt": robots.for_the_website(policy, license_url=licensed),
        "headers": headers.headers(policy, license_url=licensed),
        "license_url": licensed,
    }


def robots_txt(call: Call) -> Answer:
    """`GET /robots.txt`: that of our own host. The website has its own, with the lines of `/v1/machines`."""
    settings = call.wiring.settings
    text = robots.for_our_host(
        call.wiring.newsroom.machines, license_url=license_url(settings), below=below_public_url(settings)
    )
    return Answer(text, media_type="text/plain; charset=utf-8", cache=_FOR_AN_HOUR)


def license_xml(call: Call) -> Answer:
    """`GET /license.xml`: the licence that robots.txt and the headers name."""
    newsroom, settings = call.wiring.newsroom, call.wiring.settings
    first = newsroom.languages[0]
    owner = newsroom.legal.name.get(first) or newsroom.name[first]
    text = licence.licence(places(newsroom.machines, settings), owner=owner)
    return Answer(text, media_type=headers.RSL, cache=_FOR_AN_HOUR)
