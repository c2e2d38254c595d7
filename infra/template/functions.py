"""The functions: what Chalice wrote of them, with a role, a log and an environment of their own.

Costs: 0.20 USD a million calls and 0.0000133 USD a GB and second on arm64, after a million calls and 400,000
GB-seconds a month that are free. The schedules (about 14,000 runs a month) stay within that.

- **No reserved concurrency.** A new account may run ten functions at once and AWS lets nobody reserve from those ten,
  so the deployment would fail. It is not needed either: two runs at once book nothing twice, they only read twice.
- **No X-Ray.** What happened is in the log, under one request id; traces would cost 5 USD a million.
- Memory and time-outs stand in `.chalice/config.json`, beside the functions' names.
"""

from typing import Any

from infra.template import table
from infra.template.cfn import Resources, ref

GATEWAY_SECONDS = 29  # API Gateway waits no longer; a function that goes on would answer nobody

# What a run that failed is good for. AWS's own default, twice more and for six hours, suits none of the schedules:
# the next run does what is left. A mail's bounce is told once, so that one keeps the default.
RETRIES = {
    "Sweep": {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 240},
    "ReconcileUndelivered": {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 540},
    "ReconcileEvents": {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 3300},
    "ReconcileMoney": {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 3300},
    # Their next run is tomorrow: worth a second try.
    "CountSupporters": {"MaximumRetryAttempts": 1, "MaximumEventAgeInSeconds": 21600},
    "DailyMails": {"MaximumRetryAttempts": 1, "MaximumEventAgeInSeconds": 21600},
    "Erase": {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 3300},
}


def settle(functions: Resources, *, stage: str, code_uri: str, runtime: str, architecture: str) -> Resources:
    """Chalice's functions as they are to be deployed."""
    return {
        name: {
            **function,
            "Properties": _settled(name, function["Properties"], stage, code_uri, runtime, architecture),
        }
        for name, function in functions.items()
    }


def _settled(
    name: str, properties: dict[str, Any], stage: str, code_uri: str, runtime: str, architecture: str
) -> dict[str, Any]:
    settled = {
        **properties,
        "CodeUri": code_uri,
        "Runtime": runtime,
        "Architectures": [architecture],
        "Role": {"Fn::GetAtt": [f"{name}Role", "Arn"]},
        "LoggingConfig": {"LogFormat": "JSON", "LogGroup": ref(f"{name}Logs"), "SystemLogLevel": "WARN"},
        "Environment": {"Variables": environment(stage)},
        "Tags": {"spilno:stage": stage},
    }
    if name == "APIHandler":
        settled["Timeout"] = min(properties["Timeout"], GATEWAY_SECONDS)
    if name in RETRIES:
        settled["EventInvokeConfig"] = RETRIES[name]
        settled["Events"] = {event: _once(told, name) for event, told in properties["Events"].items()}
    if name == "MailFeedback":
        settled["Events"] = {"Feedback": {"Type": "SNS", "Properties": {"Topic": ref("MailFeedbackTopic")}}}
    return settled


def _once(event: dict[str, Any], name: str) -> dict[str, Any]:
    """The rule hands a run over within the same time, and forgets it then: AWS would keep trying for a day."""
    policy = {"MaximumRetryAttempts": 3, "MaximumEventAgeInSeconds": RETRIES[name]["MaximumEventAgeInSeconds"]}
    return {**event, "Properties": {**event["Properties"], "RetryPolicy": policy}}


def environment(stage: str) -> dict[str, Any]:
    """What every function finds in its environment. Its only secrets open articles: pass keys and seal keys.

    All have the same: a function does not start with half of its settings, whichever half it would read.
    """
    return {
        "SPILNO_STAGE": stage,
        "SPILNO_SITE_ID": ref("SiteId"),
        "SPILNO_PUBLIC_URL": ref("PublicUrl"),
        "SPILNO_SITE_ORIGINS": ref("SiteOrigins"),
        "SPILNO_TABLE": table.NAME,
        "SPILNO_PASS_KEYS": ref("PassKeys"),
        "SPILNO_SEAL_KEYS": ref("SealKeys"),
        "SPILNO_MAIL_SET": ref("MailSet"),
        "SPILNO_PAYMENT_METHODS": ref("PaymentMethods"),
        "SPILNO_PORTAL": ref("PortalConfiguration"),
        "SPILNO_PRODUCT": ref("Product"),
        "SPILNO_BUCKET": ref("Bucket"),
    }
