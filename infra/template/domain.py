"""A domain of the API's own, such as support.news.example, if its name and certificate are given.

Costs nothing beside the certificate, which is free at AWS. What it needs in DNS is the output ApiDomainTarget.
"""

from infra.template import http_api
from infra.template.cfn import Resources, attribute, if_, ref, resource, tags


def domain(stage: str) -> Resources:
    """The domain, and its way to the one stage of the API that is in use.

    The domain itself stays the same with either API, and so does what DNS leads to.
    """
    name = {
        "DomainName": ref("ApiDomainName"),
        "RegionalCertificateArn": ref("ApiCertificateArn"),
        "EndpointConfiguration": {"Types": ["REGIONAL"]},
        "SecurityPolicy": "TLS_1_2",
        "Tags": tags(stage),
    }
    before = {"DomainName": ref("ApiDomain"), "RestApiId": ref("RestAPI"), "Stage": ref("RestAPI.Stage")}
    either = {
        "DomainName": ref("ApiDomain"),
        "ApiId": if_("ByRestApi", ref("RestAPI"), ref(http_api.API)),
        "Stage": if_("ByRestApi", ref("RestAPI.Stage"), ref(http_api.STAGE)),
    }
    return {
        "ApiDomain": resource("AWS::ApiGateway::DomainName", name, Condition="OwnApiDomain"),
        # A name has one mapping without a path, whichever kind made it. CloudFormation makes what is new before it
        # deletes what is old, so the one goes in one deployment (Api = "moving") and the other comes in the next.
        # From then on nothing is away any more: an ApiMapping leads to either kind of API, and changes in place.
        "ApiDomainMapping": resource("AWS::ApiGateway::BasePathMapping", before, Condition="DomainAsBefore"),
        "ApiMapping": resource("AWS::ApiGatewayV2::ApiMapping", either, Condition="DomainByEither"),
    }


TARGET = attribute("ApiDomain", "RegionalDomainName")
