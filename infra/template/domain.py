"""A domain of the API's own, such as support.news.example, if its name and certificate are given.

Costs nothing beside the certificate, which is free at AWS. What it needs in DNS is the output ApiDomainTarget.
"""

from infra.template.cfn import Resources, attribute, ref, resource, tags


def domain(stage: str) -> Resources:
    """The domain, and its way to the API's one stage."""
    name = {
        "DomainName": ref("ApiDomainName"),
        "RegionalCertificateArn": ref("ApiCertificateArn"),
        "EndpointConfiguration": {"Types": ["REGIONAL"]},
        "SecurityPolicy": "TLS_1_2",
        "Tags": tags(stage),
    }
    mapping = {"DomainName": ref("ApiDomain"), "RestApiId": ref("RestAPI"), "Stage": ref("RestAPI.Stage")}
    return {
        "ApiDomain": resource("AWS::ApiGateway::DomainName", name, Condition="OwnApiDomain"),
        "ApiDomainMapping": resource("AWS::ApiGateway::BasePathMapping", mapping, Condition="OwnApiDomain"),
    }


TARGET = attribute("ApiDomain", "RegionalDomainName")
