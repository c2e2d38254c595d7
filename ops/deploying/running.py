"""What the deployed functions run with."""

from collections.abc import Sequence
from typing import Any

import boto3
from botocore.exceptions import ClientError

from ops.stages import Stage


def setting_of_functions(stage: Stage, setting: str) -> Sequence[str]:
    """One setting as each function of the stack has it; none where there is no stack."""
    formation, functions = (boto3.client(one, region_name=stage.region) for one in ("cloudformation", "lambda"))
    pages: Any = formation.get_paginator("list_stack_resources").paginate(StackName=stage.stack)
    try:
        names = [
            one["PhysicalResourceId"]
            for page in pages
            for one in page["StackResourceSummaries"]
            if one["ResourceType"] == "AWS::Lambda::Function" and one.get("PhysicalResourceId")
        ]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":  # "Stack with id … does not exist"
            return ()
        raise
    told = [functions.get_function_configuration(FunctionName=name) for name in names]
    return [one.get("Environment", {}).get("Variables", {}).get(setting, "") for one in told]
