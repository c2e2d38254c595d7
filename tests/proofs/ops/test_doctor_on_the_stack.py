"""Doctor at the whole local stack: all is well there, and what a CDN before it does wrong is seen from outside."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from localdev.ports import ROOT
from ops.doctor.areas import PROBES, caching, ways_out
from ops.doctor.examine import examine
from ops.doctor.subject import Subject
from testkit.stack import Stack
from tests.ops.doctor.proxy import running_proxy

pytestmark = pytest.mark.stack


def doctor(stack: Stack, *words: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "ops", "doctor", *words]
    done = subprocess.run(command, cwd=ROOT, env=stack.environment, capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def test_all_is_well_on_the_local_stack(stack: Stack) -> None:
    code, printed = doctor(stack, "--json", "--seconds", "60")
    told: dict[str, Any] = json.loads(printed)
    # Other tests of this run leave gifts, disputes and mails behind: only what doctor found of the stack counts here.
    serious = [one for one in told["findings"] if one["level"] in ("problem", "warning") and one["area"] != "books"]
    assert [one for one in serious if one["code"] not in ("events_late", "deliveries_failing")] == []
    assert {one["level"] for one in told["findings"] if one["code"] == "books_upgraded"} <= {"ok"}
    fine = {one["code"] for one in told["findings"] if one["level"] == "ok"}
    assert {"robots", "gated_pages"} <= fine, "the demo's site tells machines what its newsroom says"
    assert told["not_checked"] == []
    assert {one["area"] for one in told["not_here"]} == {"aws", "site", "mail", "dns"}
    assert code == (told["worst"] == "problem")


def test_one_area_alone_as_a_person_reads_it(stack: Stack) -> None:
    code, printed = doctor(stack, "--only", "clock", "--only", "newsroom")
    assert (code, printed.splitlines()[-1]) == (0, "All is well: 2 checks made.")


def test_the_demo_site_leaks_nothing(stack: Stack) -> None:
    code, printed = doctor(stack, "--leaks", "--requests", "25")
    assert code == 0, printed
    assert "No gated text was found, and no key of a sealed one." in printed


CAUGHT = {
    "": set[str](),
    "cache": {"cache_private"},
    "headers": {"cache_header", "cache_public_header"},
    "authorization": {"passing"},
    "query": {"passing"},
    "post": {"passing"},
    "cookies": {"passing"},
    "prefix": {"api_elsewhere"},
    # Our refusals carry Cache-Control; the page in their place has none.
    "errors": {"api_errors_replaced", "cache_header", "passing"},
    "cors": {"cors_everybody"},
}
# All checks ask at once. Which call a cache answers with another's answer depends on which of them came first.
MAY_COME_ALONG = {"cache": {"passing"}}


@pytest.mark.parametrize("fault", CAUGHT)
def test_a_cdn_before_the_api(stack: Stack, fault: str) -> None:
    """Each fault of a proxy is seen by what it breaks, and a good one has none."""
    with running_proxy(stack.app, fault) as public_url:
        subject = Subject("local", "demo", public_url, (stack.site,), "t", Path("newsroom.toml"))
        # The demo site's foot leads past the proxy, to the app: whether it leads to the ways out is asked above.
        probes = [
            probe
            for probe in PROBES
            if probe.area == "site" and not probe.not_local and probe.gather is not ways_out.gather
        ]
        # Local cookie names end in the port of the app's own public address.
        probes = [
            replace(one, gather=_with_port(stack)) if one.gather is caching.gather_passed else one for one in probes
        ]
        done = examine(probes, subject, now=subject.now(), seconds=60)
    found = {one.code for checked in done for one in checked.findings if one.level != "ok"}
    # What stands behind a lost prefix cannot be seen: said as not checked.
    assert bool([one for one in done if one.obstacle]) == (fault == "prefix")
    assert found - {"cors_refused"} - MAY_COME_ALONG.get(fault, set()) == CAUGHT[fault]


def _with_port(stack: Stack) -> Any:
    return lambda subject: caching.gather_passed(subject, cookie_suffix=f"-{stack.ports.app}")
