"""What an operator may give, and what is refused before anything is touched."""

import re
from typing import Any

import pytest

from ops import stages
from tests.template.resolve import GIVEN, WHOLE, Stack

GOOD = {
    "SiteId": ["herald", "nadrichchia-2"],
    "PublicUrl": ["https://news.example/support", "https://support.news.example", "https://news.com.ua/a/b"],
    "MailIdentity": ["news.example", "support@news.example", "mail.news.com.ua"],
    "TableInUse": ["", "spilno-prod-restored-2026-11-22"],
    "PaymentMethods": ["", "pmc_1Abc"],
    "PortalConfiguration": ["", "bpc_1Abc"],
    "Product": ["", "prod_1Abc"],
    "ApiDomainName": ["", "support.news.example"],
    "ApiCertificateArn": ["", "arn:aws:acm:eu-central-1:123456789012:certificate/0a-1b"],
}
BAD = {
    "SiteId": ["", "two words", "a/b"],
    "PublicUrl": [
        "",
        "news.example",
        "https://news.example/",
        "https://news.example/support/",
        "https://n.example?a=1",
    ],
    "MailIdentity": ["", "*", "*.example", "a@b@news.example", "news"],
    "TableInUse": ["a b", "x"],
    "PaymentMethods": ["bpc_1"],
    "Product": ["price_1", "prod_"],
    "ApiDomainName": ["https://support.news.example", "support", "Support.news.example", "-a.example"],
    "ApiCertificateArn": ["arn:aws:iam::123456789012:role/x"],
}


def fits(template: dict[str, Any], name: str, value: str) -> bool:
    """Whether CloudFormation takes this value: its pattern is for the whole."""
    return re.fullmatch(template["Parameters"][name]["AllowedPattern"], value) is not None


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in GOOD.items() for value in values])
def test_what_is_right_is_taken(template: dict[str, Any], name: str, value: str) -> None:
    assert fits(template, name, value)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_what_is_wrong_is_refused(template: dict[str, Any], name: str, value: str) -> None:
    assert not fits(template, name, value)


def test_the_values_of_these_tests_are_right_ones(template: dict[str, Any]) -> None:
    for name, value in WHOLE.items():
        if "AllowedPattern" in template["Parameters"][name]:
            assert fits(template, name, value)


def test_prod_is_never_on_plain_http(template: dict[str, Any], stage: str) -> None:
    assert fits(template, "PublicUrl", "http://127.0.0.1:8000") is (stage == "dev")


def test_only_what_a_stack_cannot_do_without_must_be_given(template: dict[str, Any]) -> None:
    needed = {name for name, told in template["Parameters"].items() if "Default" not in told}
    assert needed == set(GIVEN) - {"SiteOrigins"}


def test_secrets_come_from_the_parameter_store(template: dict[str, Any]) -> None:
    secret = {name for name, told in template["Parameters"].items() if told.get("NoEcho")}
    assert secret == set(stages.FROM_THE_STORE)


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ("ApiCertificateArn", "ApiDomainName needs ApiCertificateArn."),
        ("SiteOriginDomain", "SiteDomainName needs SiteOriginDomain."),
        ("SiteCertificateArn", "SiteDomainName needs SiteCertificateArn."),
        ("ProxySecret", "SiteDomainName needs ProxySecret."),
    ],
)
def test_half_of_an_option_is_refused(template: dict[str, Any], missing: str, told: str) -> None:
    assert Stack(template, **{**WHOLE, missing: ""}).refusals() == [told]


def test_a_website_that_would_ask_itself_is_refused(template: dict[str, Any]) -> None:
    (told,) = Stack(template, **{**WHOLE, "SiteOriginDomain": WHOLE["SiteDomainName"]}).refusals()
    assert "ask itself" in told


def test_all_or_nothing_is_taken(stack: Stack, whole: Stack) -> None:
    assert not stack.refusals()
    assert not whole.refusals()
