"""Which of AWS's services a line of the model is billed under, by the names that Cost Explorer and the bill use."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from bench.cost import Line
from bench.prices import PriceList

SERVICES: Mapping[str, tuple[str, ...]] = {
    "Amazon API Gateway": ("api_request",),
    "AWS Lambda": ("lambda_request", "lambda_gb_second"),
    "Amazon DynamoDB": ("read_unit", "write_unit", "table_gb", "backup_gb"),
    "AmazonCloudWatch": ("log_gb", "log_kept_gb", "metric", "alarm", "dashboard"),
    "Amazon Simple Email Service": ("mail",),
    "Amazon Simple Notification Service": ("notice",),
    "AWS Key Management Service": ("key_use",),
    "Amazon CloudFront": ("cdn_request", "cdn_function", "cdn_gb"),
    "AWS Data Transfer": ("out_gb",),
    "AWS WAF": ("firewall", "firewall_rule", "firewall_request"),
}


def by_service(lines: Sequence[Line], prices: PriceList) -> Mapping[str, Decimal]:
    """What each service costs in US dollars, after what is free."""
    service_of = {prices[key].name: service for service, keys in SERVICES.items() for key in keys}
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[service_of[line.price.name]] += line.net
    return sums
