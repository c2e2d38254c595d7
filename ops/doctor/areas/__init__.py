"""All checks, area by area, in the order in which a person would look."""

from ops.doctor.areas import (
    account,
    alarms,
    api,
    books,
    caching,
    certificate,
    clock,
    deliveries,
    dns,
    edge,
    erasures,
    firewall,
    functions,
    inbox,
    logs,
    machines,
    mail,
    newsroom,
    origins,
    portal,
    product,
    rest_api,
    schedules,
    secrets,
    stack,
    stripe_key,
    stripe_mails,
    table,
    ways_out,
    webhook,
)
from ops.doctor.probe import AnyProbe

_MODULES = (
    *(clock, newsroom, stack, secrets, functions, table, schedules, alarms, firewall, rest_api, logs),
    *(api, certificate, caching, edge, origins, ways_out, machines),
    *(stripe_key, account, webhook, deliveries, portal, product, stripe_mails),
    *(inbox, books, erasures, mail, dns),
)
PROBES: tuple[AnyProbe, ...] = tuple(probe for module in _MODULES for probe in module.PROBES)
AREAS = tuple(dict.fromkeys(probe.area for probe in PROBES))
