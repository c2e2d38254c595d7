"""What differs between newsrooms: the template's parameters, what they demand of each other, and the conditions.

`ops deploy` fills them from `stages/<stage>.toml` and the parameter store. They cost nothing.
"""

from typing import Any

from infra.template.cfn import all_of, any_of, empty, given, is_, not_, ref

# The days that CloudWatch Logs knows, of which anybody would want one.
LOG_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096)
_SEAL_KEY = "[A-Za-z0-9_-]{1,16}:[A-Za-z0-9_-]{43,}"
_SEAL_KEYS = f"|{_SEAL_KEY}( *, *{_SEAL_KEY})*"
_DOMAIN = r"|([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}"

CONDITIONS: dict[str, Any] = {
    "OwnTable": empty("TableInUse"),
    "AlarmsByMail": given("AlarmEmail"),
    "OwnApiDomain": given("ApiDomainName"),
    "OwnDistribution": given("SiteDomainName"),
    # By which API readers come. AWS WAF stands before no HTTP API.
    "ByRestApi": any_of(is_("Api", "rest"), given("Firewall")),
    "RestApiIsThere": any_of(not_(is_("Api", "http")), given("Firewall")),
    # Beside a firewall, or with the REST API alone, it would be a way around. Open while CloudFront moves there.
    "HttpApiIsClosed": all_of("ByRestApi", not_(is_("Api", "moving"))),
    # The mapping of before can lead to a REST API only. Between it and the new one the name leads nowhere
    # (docs/moving-to-the-http-api.md).
    "DomainAsBefore": all_of("OwnApiDomain", any_of(is_("Api", "both"), is_("Api", "rest"))),
    "DomainByEither": all_of("OwnApiDomain", is_("Api", "http")),
}


def parameters(stage: str) -> dict[str, Any]:
    """The parameters by name. A secret one is never shown again by CloudFormation."""
    # A test stage may also live on plain http, on a developer's machine; cookies and money may not.
    scheme = "https" if stage == "prod" else "https?"
    return {
        "SiteId": {
            "Type": "String",
            "Description": "A short name for this newsroom, such as herald. It marks what is ours at Stripe.",
            "AllowedPattern": "[A-Za-z0-9._~-]{1,64}",
        },
        "PublicUrl": {
            "Type": "String",
            "Description": "The API's public address, such as https://news.example/support. No slash at its end.",
            "AllowedPattern": f"{scheme}://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)*",
        },
        "SiteOrigins": {
            "Type": "String",
            "Default": "",
            "Description": "The websites that may call the API, such as https://news.example, separated by commas.",
        },
        "PassKeys": {
            "Type": "String",
            "NoEcho": True,
            "MinLength": 34,
            "Description": "kid:key, separated by commas; the first signs. They open articles and nothing else.",
        },
        "SealKeys": {
            "Type": "String",
            "NoEcho": True,
            "Default": "",
            "Description": "kid:key, separated by commas; the first seals, all open. Empty: no text is sealed.",
            "AllowedPattern": _SEAL_KEYS,
            "ConstraintDescription": "kid:key, each key at least 43 letters of base64url, separated by commas.",
        },
        "ProxySecret": {
            "Type": "String",
            "NoEcho": True,
            "Default": "",
            "Description": "What our CloudFront shows to the API, so that it is believed about readers' addresses.",
        },
        "MailIdentity": {
            "Type": "String",
            "Description": "The sender's domain (or address) as it is verified at SES, such as news.example.",
            "AllowedPattern": r"([^@\s*]+@)?[A-Za-z0-9.-]+\.[A-Za-z]{2,}",
        },
        "AlarmEmail": {
            "Type": "String",
            "Default": "",
            "Description": "Who hears of alarms. AWS sends a mail there first, whose link must be clicked.",
        },
        "TableInUse": {
            "Type": "String",
            "Default": "",
            "Description": "Empty: this stack's own table. After a restore: the restored table's name.",
            "AllowedPattern": "|[A-Za-z0-9_.-]{3,255}",
        },
        "LogDays": {
            "Type": "Number",
            "Default": 30,
            "AllowedValues": list(LOG_DAYS),
            "Description": "For how many days logs are kept.",
        },
        "Bucket": {
            "Type": "String",
            "Description": "The bucket that packages are uploaded to; who was erased is kept there, by keyed hashes.",
            "AllowedPattern": "[a-z0-9.-]{3,63}",
        },
        "PaymentMethods": _made_by_setup("payment-method", "pmc"),
        "PortalConfiguration": _made_by_setup("portal", "bpc"),
        "Product": {
            "Type": "String",
            "Default": "",
            "Description": "Stripe's product of all recurring gifts, made by ops setup. Empty: one for each gift.",
            "AllowedPattern": "|prod_[A-Za-z0-9]{1,100}",
        },
        "Api": {
            "Type": "String",
            "Default": "both",
            "AllowedValues": ["both", "http", "rest", "moving"],
            "Description": "http: the HTTP API alone. both: beside it the REST API of before, until you have moved.",
        },
        "ApiDomainName": _domain("A domain of the API's own, such as support.news.example. Empty: none."),
        "ApiCertificateArn": _certificate("The certificate for ApiDomainName, in this stack's region."),
        "SiteDomainName": _domain("The website's domain, if this stack shall put CloudFront before it. Empty: no."),
        "SiteOriginDomain": _domain("Where CloudFront finds the website itself; it must not be SiteDomainName."),
        "SiteCertificateArn": _certificate(
            "The certificate for SiteDomainName, in us-east-1: CloudFront asks there."
        ),
        "Firewall": {
            "Type": "String",
            "Default": "",
            "AllowedValues": ["", "on"],
            "Description": "on: AWS WAF, by the REST API: 25 calls a second for an address; 7 USD a month and more.",
        },
    }


def _made_by_setup(kind: str, prefix: str) -> dict[str, Any]:
    description = f"Our own {kind} configuration at Stripe, made by ops setup. Empty: the account's default."
    return {"Type": "String", "Default": "", "Description": description, "AllowedPattern": f"|{prefix}_[A-Za-z0-9_]+"}


def _domain(description: str) -> dict[str, Any]:
    return {"Type": "String", "Default": "", "Description": description, "AllowedPattern": _DOMAIN}


def _certificate(description: str) -> dict[str, Any]:
    pattern = "|arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[A-Za-z0-9-]+"
    return {"Type": "String", "Default": "", "Description": description, "AllowedPattern": pattern}


# Checked by CloudFormation before it touches anything.
RULES: dict[str, Any] = {
    "ApiDomainIsWhole": {
        "RuleCondition": given("ApiDomainName"),
        "Assertions": [
            {"Assert": given("ApiCertificateArn"), "AssertDescription": "ApiDomainName needs ApiCertificateArn."},
        ],
    },
    "DistributionIsWhole": {
        "RuleCondition": given("SiteDomainName"),
        "Assertions": [
            {"Assert": given("SiteOriginDomain"), "AssertDescription": "SiteDomainName needs SiteOriginDomain."},
            {"Assert": given("SiteCertificateArn"), "AssertDescription": "SiteDomainName needs SiteCertificateArn."},
            {"Assert": given("ProxySecret"), "AssertDescription": "SiteDomainName needs ProxySecret."},
            {
                "Assert": {"Fn::Not": [{"Fn::Equals": [ref("SiteOriginDomain"), ref("SiteDomainName")]}]},
                "AssertDescription": "SiteOriginDomain is SiteDomainName: CloudFront would ask itself for ever.",
            },
        ],
    },
}
