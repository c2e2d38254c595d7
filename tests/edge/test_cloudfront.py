"""The gate as a function of CloudFront's, alone and as the template joins it with the prefix function."""

from collections.abc import Callable

import pytest

from integrations.edge.build import HERE
from tests.edge import cloudfront, table
from tests.edge.asking import access, key
from tests.edge.cloudfront import answered
from tests.edge.material import AUDIENCE, ISSUER
from tests.edge.table import Json
from tests.template.conftest import finished
from tests.template.resolve import WHOLE, Stack

ALONE = (HERE / "cloudfront.js").read_text(encoding="utf-8")
PREFIX = "/support"
Run = Callable[[str, list[Json]], list[Json]]


@pytest.fixture(scope="module")
def joined() -> str:
    """The function of a stack whose public address is the table's issuer."""
    told = {**WHOLE, "PublicUrl": ISSUER, "SiteDomainName": "news.example", "SiteId": AUDIENCE}
    return str(Stack(finished("prod"), **told).properties("StripPrefix")["FunctionCode"])


@pytest.fixture(scope="module", params=[cloudfront.in_node, cloudfront.in_njs], ids=["node", "njs"])
def run(request: pytest.FixtureRequest) -> Run:
    """The host that stands for CloudFront."""
    ran: Run = request.param
    return ran


def test_alone_it_fits_into_a_function_of_cloudfront() -> None:
    assert len(ALONE.encode()) < 10_000


@pytest.mark.parametrize("prefix", ["", PREFIX])
def test_alone_it_does_what_the_table_says(run: Run, prefix: str) -> None:
    cases = table.read()
    if prefix:  # which is the issuer's
        cases["cases"] = [case for case in cases["cases"] if "issuer" not in case.get("told", {})]
    done = run(ALONE, cloudfront.work(cases, prefix))
    for case, one in zip(cases["cases"], done, strict=True):
        assert answered(one) == case["answer"], case["name"]
        assert one["unchanged"] == (case["answer"] is None), case["name"]
        assert bool(one["reads"]) == case["looks"], case["name"]


def test_joined_it_does_the_same_and_takes_the_path_off(run: Run, joined: str) -> None:
    cases = table.read()
    # What the function knows by itself cannot be wrong there; and unclean paths get no further.
    cases["cases"] = [case for case in cases["cases"] if not {"issuer", "audience"} & set(case.get("told", {}))]
    for case, one in zip(cases["cases"], run(joined, cloudfront.work(cases, PREFIX)), strict=True):
        answer = answered(one)
        if answer is not None and answer["status"] == 404:
            assert case["answer"] is None
            continue
        assert answer == case["answer"], case["name"]
        if answer is None:
            assert one["answer"] == {"uri": case["asked"]["path"], "network": {"value": "203.0.113.7"}}


def test_each_read_of_the_store_is_paid_for(joined: str) -> None:
    """Nothing for who brings no pass; one for a gate check, two for a key; those who paste it read its names, too."""
    asked = [case for case in table.read()["cases"] if case["name"] in (access("no pass").name, *_OPENING)]
    cases = {"told": table.read()["told"], "cases": asked}
    assert len(asked) == 3
    reads = [one["reads"] for one in cloudfront.in_node(joined, cloudfront.work(cases, PREFIX))]
    assert sorted(reads) == [0, 1, 2]
    alone = [one["reads"] for one in cloudfront.in_node(ALONE, cloudfront.work(cases, PREFIX))]
    assert sorted(alone) == [0, 3, 4]


_OPENING = (access("a member for members").name, key("a member").name)


def test_an_empty_store_and_one_that_is_down_open_nothing(run: Run, joined: str) -> None:
    cases = table.read()
    opening = {**cases, "cases": [case for case in cases["cases"] if case["answer"]]}
    events = [{**one, "store": {}} for one in cloudfront.work(opening, PREFIX)]
    assert not [one for script in (ALONE, joined) for one in run(script, events) if answered(one)]
    broken = ALONE.replace("cf.kvs()", "cf.none()")
    assert not [one for one in run(broken, cloudfront.work(opening)) if answered(one)]


def test_the_path_comes_off_once(joined: str) -> None:
    cases = table.read()
    opening = {**cases, "cases": [case for case in cases["cases"] if case["answer"]]}
    for one in cloudfront.in_node(joined, cloudfront.work(opening, PREFIX + PREFIX)):
        assert answered(one) is None


def test_headers_and_cookies_in_another_form_are_read_too(run: Run) -> None:
    """Test events of CloudFront's console may have the cookies among the headers."""
    (case,) = (case for case in table.read()["cases"] if case["name"] == access("a member for members").name)
    (work,) = cloudfront.work({**table.read(), "cases": [case]})
    request = work["event"]["request"]
    request["headers"]["cookie"] = {"value": case["asked"]["headers"][0][1]}
    in_both = {**work, "event": {"request": {**request}}}
    in_headers = {**work, "event": {"request": {**request, "cookies": {}}}}
    no_cookies = {**work, "event": {"request": {name: told for name, told in request.items() if name != "cookies"}}}
    for one in run(ALONE, [in_both, in_headers, no_cookies]):
        assert answered(one) == case["answer"]
