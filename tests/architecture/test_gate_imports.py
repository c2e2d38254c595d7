"""A gate check stands on the way of every reader: it loads next to nothing, and reads no table."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from chalicelib import settings
from chalicelib.articles.rules import sealed_text
from chalicelib.kernel.moments import RealTime
from chalicelib.reading.rules import passes
from chalicelib.reading.rules.passes import Pass
from testkit.calls import event

ROOT = Path(__file__).parents[2]
FORBIDDEN = frozenset(
    "boto3 botocore stripe pydantic jinja2 babel ssl _ssl tomllib requests publicsuffixlist".split()
)
# Modules beyond Chalice's own and what Chalice loads; ours without the packages' markers.
# Dataclasses alone bring ten of the standard library's. Two of ours match the path, since an HTTP API does not.
MOST_OF_OURS = 22
MOST_OF_THE_LIBRARY = 24
# The key call holds a version, needs and a ticket against each other, which the gate check does not.
MOST_FOR_A_KEY = 27

SCRIPT = """
import json, sys, time
import chalice, chalice.app
before = set(sys.modules)
import app
answers = [app.app(json.loads(event), None) for event in sys.stdin]
print(json.dumps({"loaded": sorted(set(sys.modules) - before), "answers": answers}))
"""


def run(*events: dict[str, Any], **settings_of: str) -> tuple[set[str], list[dict[str, Any]]]:
    """What a fresh process loads to answer these, and the answers. Its table is at an address that refuses."""
    environ = {"PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "PYTHONPATH": str(ROOT)}
    environ |= settings_of
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input="\n".join(json.dumps(one) for one in events),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environ,
        check=True,
    )
    result = json.loads(done.stdout.splitlines()[-1])  # our logger writes to stdout too
    return set(result["loaded"]), result["answers"]


def is_marker(module: str) -> bool:
    """Whether it is a package's `__init__.py`, which holds no more than a sentence."""
    return (ROOT / module.replace(".", "/") / "__init__.py").exists()


def gate_check(needs: str = "members", *, bearer: bool = False) -> dict[str, Any]:
    local = settings.from_environment({})
    soon = int(time.time()) + passes.LIFE - 10  # as late as may be, for a slow machine; less for a clock that steps
    held = Pass("sup_1", "member", ("member",), soon, soon)
    token = passes.issue(held, keys=local.pass_keys, issuer=local.public_url, audience=local.site_id)
    carried = {"Authorization": f"Bearer {token}"} if bearer else {"Cookie": f"__Host-spilno-pass-8000={token}"}
    return event("GET", f"/v1/access?needs={needs}", "", carried, "192.0.2.1")


def key_call(ticket: str | None = None) -> dict[str, Any]:
    """The key of a text that this process has never seen, with a ticket that is good, unless another is given."""
    local, now = settings.from_environment({}), RealTime(int(time.time()))
    version = sealed_text.version("bridge-2026", "members", b"packed", local.seal_keys[0])
    good = sealed_text.ticket("bridge-2026", version, "members", local.seal_keys, now)
    called = gate_check()
    called |= {
        "path": "/v1/articles/bridge-2026/key",
        "multiValueQueryStringParameters": {"v": [version], "needs": ["members"], "t": [ticket or good]},
    }
    return called


@pytest.mark.parametrize("bearer", [False, True])
def test_a_gate_check_loads_next_to_nothing(*, bearer: bool) -> None:
    loaded, (answer,) = run(gate_check(bearer=bearer))
    assert json.loads(answer["body"])["open"], "the table's address refuses: no read can have happened"
    check_loaded(loaded, MOST_OF_OURS)


def test_a_key_by_a_pass_and_a_ticket_loads_next_to_nothing() -> None:
    loaded, (answer,) = run(key_call())
    assert len(json.loads(answer["body"])["key"]) == 43, "the table's address refuses: no read can have happened"
    check_loaded(loaded, MOST_FOR_A_KEY)
    assert "Cryptodome" not in {name.partition(".")[0] for name in loaded}, "only who makes a file encrypts"


def check_loaded(loaded: set[str], most_of_ours: int) -> None:
    """Hold what a process has loaded against what it may."""
    assert not {name for name in loaded if name.partition(".")[0] in FORBIDDEN}
    ours = {name for name in loaded if name.partition(".")[0] in ("app", "chalicelib")}
    assert len(modules := {name for name in ours if not is_marker(name)}) <= most_of_ours, sorted(modules)
    library = {name for name in loaded - ours if name.partition(".")[0] in sys.stdlib_module_names}
    assert len(library) <= MOST_OF_THE_LIBRARY, sorted(library)
    assert loaded == ours | library, "nothing else at all"


ELSEWHERE = {"SPILNO_PUBLIC_URL": "https://support.news.example", "SPILNO_SITE_ORIGINS": "https://www.news.example"}


@pytest.mark.parametrize("carried", [True, False], ids=["its cookie came along", "no cookie came along"])
def test_a_websites_page_on_another_host_is_answered_without_the_list_of_suffixes(*, carried: bool) -> None:
    """A browser that sends our cookie says itself that it is one site. The negative control: none came along."""
    local = settings.from_environment(ELSEWHERE)
    soon = int(time.time()) + passes.LIFE - 10
    held = Pass("sup_1", "member", ("member",), soon, soon)
    token = passes.issue(held, keys=local.pass_keys, issuer=local.public_url, audience=local.site_id)
    by = {"Cookie": f"__Host-spilno-pass-80={token}"} if carried else {"Authorization": f"Bearer {token}"}
    asked = {"Origin": "https://www.news.example", **by}
    loaded, (answer,) = run(event("GET", "/v1/access?needs=members", "", asked, "192.0.2.1"), **ELSEWHERE)
    assert json.loads(answer["body"])["open"]
    assert answer["headers"]["Access-Control-Allow-Credentials"] == "true"
    assert ("publicsuffixlist" in loaded) is not carried
    if carried:
        assert not {name for name in loaded if name.partition(".")[0] in FORBIDDEN}


def test_importing_the_app_alone_loads_none_of_the_heavy_ones() -> None:
    loaded, _ = run()
    assert not {name for name in loaded if name.partition(".")[0] in FORBIDDEN}


def test_what_a_pass_does_not_open_is_noticed_by_the_same_measure() -> None:
    """The negative control: this one goes on to the newsroom's file, the form and (in vain) the table."""
    needs_more = gate_check("tier:patron")
    needs_more["headers"]["Cookie"] += "; __Host-spilno-session-8000=nobody"
    needs_more["multiValueHeaders"]["Cookie"] = [needs_more["headers"]["Cookie"]]
    loaded, (answer,) = run(needs_more)
    assert answer["statusCode"] == 503
    assert {"botocore", "pydantic", "tomllib"} <= loaded
    assert "boto3" not in loaded


def test_a_key_without_a_fresh_ticket_is_noticed_by_the_same_measure() -> None:
    """The negative control of the key: this one asks the table for the article, in vain."""
    loaded, (answer,) = run(key_call(f"{int(time.time()) + 60}.{'A' * 24}"))
    assert answer["statusCode"] == 503
    assert "botocore" in loaded
