"""One log a function, kept for as many days as the newsroom says.

Costs: 0.50 USD a GB taken in and 0.03 a GB and month kept, after 5 GB a month that are free. A line is about 300
bytes, so a million of them are 0.15 USD; a gate check with a valid pass writes none.
"""

from collections.abc import Iterable

from infra.template.cfn import Resources, ref, resource, tags


def logs(stage: str, functions: Iterable[str]) -> Resources:
    """The log groups, `/spilno/<stage>/<function>`."""
    return {
        f"{name}Logs": resource(
            "AWS::Logs::LogGroup",
            {"LogGroupName": f"/spilno/{stage}/{name}", "RetentionInDays": ref("LogDays"), "Tags": tags(stage)},
        )
        for name in functions
    }
