"""From the REST API to the HTTP API and back, on one stack: whoever is signed in stays so, by whichever way.

The stack begins as the release before deployed it: `before-http-api.template.json.xz` is that release's own template,
with the code of today.
"""

import json
import lzma
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import requests

from testkit.visitor import Visitor
from testkit.waiting import until
from tests.deployed.cloud import Cloud
from tests.deployed.conftest import package
from tests.deployed.deployment import (
    CAPABILITIES,
    Change,
    Deployment,
    deploy,
    import_gateway_responses,
    uploaded,
    wait,
)
from tests.deployed.newsroom import code_in
from tests.deployed.visitor import through_the_proxy, visitor

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]

OWN = "support.news.example"
CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
DOMAIN = {"ApiDomainName": OWN, "ApiCertificateArn": CERTIFICATE}
_BEFORE = Path(__file__).with_name("before-http-api.template.json.xz")


def of_the_release_before(template: dict[str, Any]) -> None:
    """Put that release's template in the place of this one's."""
    template.clear()
    template.update(json.loads(lzma.decompress(_BEFORE.read_bytes())))


def signed_in(cloud: Cloud, reader: Visitor) -> Visitor:
    """Somebody new, by the code that was mailed."""
    assert reader.post("/v1/sign-in", {"email": reader.email, "locale": "uk"}).status == 202
    until(lambda: bool(cloud.mails(reader.email)), "the code")
    assert reader.post("/v1/sign-in/confirm", {"code": code_in(cloud.mails(reader.email)[-1])}).status == 200
    return reader


def is_signed_in(reader: Visitor, api: str, host: str = "") -> bool:
    """What the session says by this way in."""
    reader.transport = through_the_proxy(api, host)
    return bool(reader.get("/v1/session").json["signed_in"])


def answers(api: str, host: str = "") -> bool:
    """Whether anybody of ours does, there."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(f"{api}/v1/health", headers={"Host": host} if host else {}, timeout=30)
    return answer.status_code == 200 and "version" in answer.text


def update(deployed: Deployment, change: Change | None = None, *, ends: str = "UPDATE_COMPLETE", **new: str) -> Any:
    """What `ops deploy` does with a stack that is there, and the stack afterwards.

    What the template does not know is left out, and what is not said takes its default.

    :param new: parameters that are said, beside those that every stage here gets.
    """
    formation = deployed.cloud.client("cloudformation")
    (stack,) = formation.describe_stacks(StackName=deployed.stack)["Stacks"]
    address, template = uploaded(deployed.cloud, package(deployed.stage), change)
    kept = {one["ParameterKey"] for one in stack["Parameters"]} & set(template["Parameters"]) - {"Api"} - set(new)
    formation.update_stack(
        StackName=deployed.stack,
        TemplateURL=address,
        Parameters=[
            *({"ParameterKey": name, "UsePreviousValue": True} for name in sorted(kept)),
            *({"ParameterKey": name, "ParameterValue": value} for name, value in new.items()),
        ],
        Capabilities=CAPABILITIES,
    )
    wait(formation, deployed.stack, ends)
    now = Deployment(deployed.cloud, deployed.stage)
    import_gateway_responses(now, template)
    return now


def test_there_and_back(clouds: Callable[[], AbstractContextManager[Cloud]]) -> None:
    with clouds() as cloud:
        before = deploy(cloud, package("dev"), "dev", change=of_the_release_before)
        old, told = before.rest_api, before.outputs
        reader = signed_in(cloud, visitor(old))
        assert "HttpApi" not in before.resources

        both = update(before)  # the stage file says nothing of Api
        assert both.rest_api == old, "whoever proxies to it need not hurry"
        assert both.outputs["RestApiUrl"] == told["ApiUrl"] != both.outputs["ApiUrl"]
        assert is_signed_in(reader, old)
        assert is_signed_in(reader, both.api)

        moved = update(both, Api="http")
        assert moved.api == both.api
        assert is_signed_in(reader, moved.api)
        assert not {"RestAPI", "APIHandlerInvokePermission"} & set(moved.resources)
        assert not answers(old)
        assert "RestApiUrl" not in moved.outputs

        again = update(moved, Api="both")
        assert is_signed_in(reader, again.rest_api)
        assert is_signed_in(reader, again.api)

        back = update(again, of_the_release_before)
        assert back.rest_api == again.rest_api, "whoever proxies to it by now need not hurry either"
        assert is_signed_in(reader, back.rest_api)
        assert set(back.outputs) == set(told)
        assert not answers(again.api)


def test_a_domain_of_the_apis_own(clouds: Callable[[], AbstractContextManager[Cloud]]) -> None:
    """It stays where it was, moves by way of nowhere, and from then on from one API to the other in place."""
    with clouds() as cloud:
        before = deploy(cloud, package("dev"), "dev", parameters=DOMAIN, change=of_the_release_before)
        reader = signed_in(cloud, visitor(before.rest_api))
        assert leads_to(before) == before.resources["RestAPI"]
        assert is_signed_in(reader, cloud.endpoint, OWN)
        target = before.outputs["ApiDomainTarget"]

        both = update(before)
        assert leads_to(both) == before.resources["RestAPI"]
        assert is_signed_in(reader, cloud.endpoint, OWN)

        # In one step: AWS refuses a second mapping, and all is as it was. Why there is `moving`.
        unmoved = update(both, Api="http", ends="UPDATE_ROLLBACK_COMPLETE")
        assert leads_to(unmoved) == before.resources["RestAPI"]
        assert is_signed_in(reader, cloud.endpoint, OWN)

        between = update(unmoved, Api="moving")
        assert leads_to(between) is None
        assert is_signed_in(reader, between.api)
        moved = update(between, Api="http")
        assert leads_to(moved) == moved.resources["HttpApi"]
        assert is_signed_in(reader, cloud.endpoint, OWN)
        assert moved.outputs["ApiDomainTarget"] == target, "what DNS leads to stays"

        back = update(update(moved, Api="moving"), Api="both")
        assert leads_to(back) == back.resources["RestAPI"]
        assert is_signed_in(reader, cloud.endpoint, OWN)


def leads_to(deployed: Deployment) -> str | None:
    """The API that the domain leads to, as API Gateway tells."""
    mappings = deployed.cloud.client("apigatewayv2").get_api_mappings(DomainName=OWN)["Items"]
    return mappings[0]["ApiId"] if mappings else None
