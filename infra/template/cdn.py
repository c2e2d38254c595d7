"""CloudFront before the whole website, with the API under a path of the site's own, if SiteDomainName is given.

Why: Safari keeps cookies of another host for a week only, and a blocker takes what comes from elsewhere for tracking.
On the site's own origin there is no CORS and no second name in DNS either. Who already has a distribution takes two
parts of this by hand (docs/same-origin.md), or another server's recipe from there.

The path is that of PublicUrl, which must lie under SiteDomainName: `https://news.example/support` makes `/support/*`.
Of the API CloudFront keeps `CACHED` only, for as long as the API says; errors only where the API says so.

Of our cookies the website's own server sees none: a function takes them away before a cache key is made.

Costs: 1 TB and ten million calls a month are free, then about 0.085 USD a GB and 1.00 USD a million. Each call runs
one of two functions, the API's or the website's: two million calls a month are free, then 0.10 USD a million. The
API's also answers gate checks of who brings a valid pass (edge.py).
"""

from pathlib import Path
from typing import Any

from infra.template import edge, http_api, rest_api
from infra.template.cfn import Resources, attribute, if_, ref, resource, tags, text

DOMAIN = attribute("Distribution", "DomainName")
# The paths whose answers are the same for everybody and say so; a test holds this against the views.
CACHED = (
    *("widget.js", "widget/*", "v1/newsroom", "v1/articles/*/seal", "v1/articles/*/sealed/*"),
    *("v1/machines", "robots.txt", "license.xml"),
)
LONGEST = 365 * 86_400  # seconds; the longest that any of them asks for: what has an address for each content

# AWS's own policies, https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
_CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
_AS_THE_ORIGIN_SAYS = "4cc15a8a-d715-48a4-82b8-cc0b614638fe"  # UseOriginCacheControlHeaders-QueryStrings
_ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
_ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"

_ALL_METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]
# CloudFront keeps these answers for ten seconds, whatever their Cache-Control says, unless it is told not to:
# one reader's 404 would be the next one's, too.
_KEPT_ERRORS = (400, 403, 404, 405, 414, 500, 501, 502, 503, 504)
_HERE = Path(__file__).parent

# `support` of `https://news.example/support`; the slashes behind it are for an address without a path.
PREFIX = {"Fn::Select": [3, {"Fn::Split": ["/", text("${PublicUrl}///")]}]}
CONDITIONS: dict[str, Any] = {
    "PublicUrlIsUnderTheSite": {
        "Fn::And": [
            {"Fn::Not": [{"Fn::Equals": [PREFIX, ""]}]},
            {"Fn::Equals": [ref("PublicUrl"), text("https://${SiteDomainName}/${prefix}", prefix=PREFIX)]},
        ]
    },
}
# CloudFormation cannot say such a sentence itself. CloudFront refuses this name: no certificate covers it.
_ALIAS = if_(
    "PublicUrlIsUnderTheSite", ref("SiteDomainName"), "publicurl-is-not-one-word-below.sitedomainname.invalid"
)


def distribution(stage: str) -> Resources:
    """The distribution, its cache policy, its functions and their store. Nothing exists without SiteDomainName."""
    cached = {
        # CloudFront knows no regions, so the name says which one: another stack may serve the same stage elsewhere.
        "Name": text(f"spilno-{stage}-public-${{AWS::Region}}"),
        "Comment": "What is the same for everybody, for as long as the API says.",
        "MinTTL": 0,
        "DefaultTTL": 0,
        "MaxTTL": LONGEST,
        "ParametersInCacheKeyAndForwardedToOrigin": {
            # The answer names the origin that may read it. Nothing else of the reader reaches the API here.
            "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": ["Origin"]},
            "CookiesConfig": {"CookieBehavior": "none"},
            "QueryStringsConfig": {"QueryStringBehavior": "none"},
            "EnableAcceptEncodingGzip": True,
            "EnableAcceptEncodingBrotli": True,
        },
    }
    return {
        "CachePolicy": _made("AWS::CloudFront::CachePolicy", {"CachePolicyConfig": cached}),
        edge.STORE: _made("AWS::CloudFront::KeyValueStore", edge.store(stage)),
        "StripPrefix": {
            **_function(
                stage,
                "strip-prefix",
                edge.code(PREFIX, _script("strip_prefix.js")),
                "Takes the site's path off before the API sees it, and opens what a pass alone opens.",
                KeyValueStoreAssociations=[{"KeyValueStoreARN": edge.STORE_ARN}],
            ),
            # A store has an ARN before it can be associated. CloudFormation goes on once it knows what is asked of a
            # resource, unless it is told to wait; the linter takes that for the same.
            # https://github.com/aws-solutions-library-samples/secure-media-delivery-at-the-edge-on-aws/pull/37
            "DependsOn": [edge.STORE],
            "Metadata": {"cfn-lint": {"config": {"ignore_checks": ["W3005"]}}},
        },
        "SiteCookies": _function(
            stage, "site-cookies", _script("site_cookies.js"), "Takes our cookies away before the site sees them."
        ),
        "Distribution": {
            **_made("AWS::CloudFront::Distribution", {"DistributionConfig": _config(stage), "Tags": tags(stage)}),
            # The linter reads the parameter's default, which is empty: then this resource does not exist.
            "Metadata": {"cfn-lint": {"config": {"ignore_checks": ["W1030"]}}},
            # Readers come by it at once, and the HTTP API's address says nothing of its stage.
            "DependsOn": [http_api.STAGE, http_api.PERMISSION],
        },
    }


def _script(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _function(stage: str, name: str, code: Any, comment: str, **config: Any) -> dict[str, Any]:
    properties = {
        "Name": text(f"spilno-{stage}-{name}-${{AWS::Region}}"),
        "AutoPublish": True,
        "FunctionCode": code,
        "FunctionConfig": {"Comment": comment, "Runtime": "cloudfront-js-2.0", **config},
    }
    return _made("AWS::CloudFront::Function", properties)


def _made(kind: str, properties: dict[str, Any]) -> dict[str, Any]:
    return resource(kind, properties, Condition="OwnDistribution")


def _config(stage: str) -> dict[str, Any]:
    return {
        "Enabled": True,
        "Comment": f"Spilno ({stage}) and its website",
        "Aliases": [_ALIAS],
        "HttpVersion": "http2and3",
        "IPV6Enabled": True,
        "PriceClass": "PriceClass_100",  # served from Europe and North America; elsewhere only a little slower
        "ViewerCertificate": {
            "AcmCertificateArn": ref("SiteCertificateArn"),
            "SslSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        },
        # No access log: it would hold paths, and a path may hold a sign-in link.
        "Origins": [_site(), _api()],
        "DefaultCacheBehavior": {
            **_behaviour("site", "SiteCookies"),
            "CachePolicyId": _AS_THE_ORIGIN_SAYS,
            "OriginRequestPolicyId": _ALL_VIEWER,
        },
        "CacheBehaviors": behaviours(),
        "CustomErrorResponses": [{"ErrorCode": code, "ErrorCachingMinTTL": 0} for code in _KEPT_ERRORS],
    }


def _site() -> dict[str, Any]:
    return {
        "Id": "site",
        "DomainName": ref("SiteOriginDomain"),
        "CustomOriginConfig": {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]},
    }


def _api() -> dict[str, Any]:
    return {
        "Id": "api",
        "DomainName": if_("ByRestApi", rest_api.DOMAIN, http_api.DOMAIN),
        "OriginPath": if_("ByRestApi", rest_api.PATH, ref("AWS::NoValue")),
        "CustomOriginConfig": {
            "OriginProtocolPolicy": "https-only",
            "OriginSSLProtocols": ["TLSv1.2"],
            "OriginReadTimeout": 30,  # the function answers within 29
        },
        # CloudFront replaces whatever a reader sends under this name.
        "OriginCustomHeaders": [{"HeaderName": "X-Spilno-Proxy", "HeaderValue": ref("ProxySecret")}],
    }


def behaviours() -> list[dict[str, Any]]:
    """The API's behaviours, in the order in which CloudFront tries them."""
    uncached = {
        **_behaviour("api", "StripPrefix"),
        "CachePolicyId": _CACHING_DISABLED,
        # Everything but Host: API Gateway knows itself by its own name only. It also adds CloudFront's headers of the
        # viewer's place, of which the function hands on the country; the other policies that add them send Host.
        "OriginRequestPolicyId": _ALL_VIEWER_EXCEPT_HOST,
    }
    cached = {**_behaviour("api", "StripPrefix"), "CachePolicyId": ref("CachePolicy")}
    under = [{"PathPattern": text(f"/${{prefix}}/{path}", prefix=PREFIX), **cached} for path in CACHED]
    return [
        *under,
        {"PathPattern": text("/${prefix}/*", prefix=PREFIX), **uncached},
        {"PathPattern": text("/${prefix}", prefix=PREFIX), **uncached},
    ]


def _behaviour(target: str, function: str) -> dict[str, Any]:
    runs = {"EventType": "viewer-request", "FunctionARN": attribute(function, "FunctionMetadata.FunctionARN")}
    return {
        "TargetOriginId": target,
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": _ALL_METHODS,
        "CachedMethods": ["GET", "HEAD"],
        "Compress": True,
        "FunctionAssociations": [runs],
    }
