"""Each guard of the core is needed: without it, or with half of it, some case of the table comes out otherwise."""

import re

import pytest

from tests.edge import table
from tests.edge.hosts import CORE, differing, in_njs, in_node

# Every line that is one guard. A line is taken away as a whole, mechanically, so that a new guard is tried unasked.
GUARDS = re.findall(r"^ +must\(.*\);\n", CORE, re.MULTILINE)
# Halves of guards, and what is signed: (as it stands, as somebody might write it).
ALTERED = (
    ("must(told.issuer && claims.iss === told.issuer)", "must(claims.iss === told.issuer)"),
    ("must(told.audience && claims.aud === told.audience)", "must(claims.aud === told.audience)"),
    ("|| header[1] === '0'", ""),
    ("must(exp > host.now)", "must(exp >= host.now)"),
    ("must(exp <= host.now + 300)", "must(exp <= host.now + 301)"),
    ("must(until > host.now)", "must(until >= host.now)"),
    ("must(until < SPILNO_YEAR_10000)", "must(until <= SPILNO_YEAR_10000)"),
    ("must(Number(ticket[1]) > host.now)", "must(Number(ticket[1]) >= host.now)"),
    ("must(Number(ticket[1]) <= host.now + 600)", "must(Number(ticket[1]) <= host.now + 601)"),
    ("must(pass.length <= 2048)", "must(pass.length <= 2049)"),
    ("Array.isArray(claims.tiers) && ", ""),
    (" && claims.tiers.length > 0", ""),
    ("needs === 'members' || ", ""),
    ("held.tiers.indexOf(needs.slice(5)) >= 0", "true"),
    ("must(!/[%+]/", "must(!/[+]/"),
    ("must(!/[%+]/", "must(!/[%]/"),
    ("decodeURIComponent(part.slice(at + 1))", "part.slice(at + 1)"),
    ("at && trimmed(part.slice(0, at));", "at && part.slice(0, at);"),
    ("(local ? '-' + local[2] : '')", "''"),
    ("unknown && fits", "fits"),
    ("found.push(trimmed(part.slice(at + 1)))", "found.push(part.slice(at + 1))"),
    ("=== kid)", "!== undefined)"),
    ("trimmed(parts[at])", "parts[at]"),
    ("name > 0 && ", ""),
    ("must(found[0].length >= least)", "must(found[0].length > least - 2)"),
    ("'spl1-ticket\\n'", "'spl1-key\\n'"),
    ("'\\n' + version[0]", "version[0]"),
    ("'\\n' + needs", "needs"),
    ("'\\n' + ticket[1]", "ticket[1]"),
    ("ticket[1] + '\\x01'", "ticket[1]"),
    ("about + '\\x01');\n}", "about);\n}"),
    ("mac.slice(0, 24)", "mac.slice(0, 0)"),
    ("return differs === 0", "return true"),
    ("differs |= one", "differs = one"),
    ("var at = 0; at < one.length", "var at = 1; at < one.length"),
    (".replace(/[ \\t]+$/, '')", ".replace(/[ \\t]+/g, '')"),
    (".replace('.000Z', 'Z')", ""),
    ("/^ *: *([0-9]{1,12}) *[,}]/", "/^ *: *([0-9]{1,12})/"),
)  # fmt: skip
# Only where the host's own expressions let a newline through, as nginx's do.
IN_NJS = (("found && found[0].length === text.length ? found : null", "found"),)


def test_every_guard_is_noticed_when_it_is_taken_away() -> None:
    assert len(GUARDS) > 30
    assert len(GUARDS) == CORE.count("must(") - 1, "A guard that is no line of its own is not tried."
    cases = table.read()
    without = [CORE.replace(guard, "", 1) for guard in GUARDS]
    unnoticed = [
        guard.strip()
        for guard, done in zip(GUARDS, in_node(without, cases), strict=True)
        if not differing(cases, done)
    ]
    assert not unnoticed


def test_every_half_is_noticed() -> None:
    for old, _ in (*ALTERED, *IN_NJS):
        assert CORE.count(old) == 1, old
    cases = table.read()
    done = in_node([CORE.replace(old, new) for old, new in ALTERED], cases)
    unnoticed = [new for (_, new), one in zip(ALTERED, done, strict=True) if not differing(cases, one)]
    assert not unnoticed


@pytest.mark.parametrize(("old", "new"), IN_NJS)
def test_what_only_njs_lets_through_is_noticed_there(old: str, new: str) -> None:
    assert differing(table.read(), in_njs(CORE.replace(old, new), table.read()))
