"""The stage that is examined: where its parts are, and the clients that read them. Nothing is changed."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import RLock
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib import settings as settings_module
from chalicelib.aws.dynamodb import DynamoTable
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.table import Table
from chalicelib.settings import SettingsWrong
from ops import stages
from ops.access_keys import SEAL_KEYS
from ops.context import newsroom_file
from ops.doctor.stripe_reads import StripeReads

_AWS = Config(connect_timeout=3, read_timeout=8, retries={"mode": "standard", "max_attempts": 2})
_LOCAL_AWS = {"aws_access_key_id": "local", "aws_secret_access_key": "local", "region_name": "us-east-1"}
Stack = Mapping[str, Any]


class NotThere(Exception):
    """Something that a check starts from is missing; another check reports that."""


@dataclass
class Subject:
    """The stage that one run of doctor looks at.

    `parameters` are the template's, from the stage file; `region` and `account` are AWS's.
    """

    stage: str
    site_id: str
    public_url: str
    site_origins: tuple[str, ...]
    table_name: str
    newsroom_file: Path
    stack_name: str = ""
    region: str | None = None
    account: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    aws_endpoint: str | None = None
    stripe_base: str | None = None
    local_secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    _making: Any = field(default_factory=RLock, repr=False)
    _reading: Any = field(default_factory=RLock, repr=False)

    @property
    def local(self) -> bool:
        """Whether this is the stack of `make run`."""
        return self.stage == "local"

    @property
    def prod(self) -> bool:
        """Whether real money is taken here."""
        return self.stage == "prod"

    @property
    def livemode(self) -> bool:
        """Whether real money is taken here, under Stripe's own name for it."""
        return self.prod

    def now(self) -> BusinessTime:
        """Business time in seconds, UTC: on the local stage the stack's movable clock, by which things are due."""
        if self.local:
            from localdev import business_clock

            return BusinessTime(int(business_clock.now().timestamp()))
        return BusinessTime(int(time.time()))

    def aws(self, service: str) -> Any:
        """A boto3 client; on the local stage for the local engine alone."""
        # A boto3 session must not make clients in several threads at once.
        with self._making:
            if self.local:
                return self.session.client(service, endpoint_url=self.aws_endpoint, config=_AWS, **_LOCAL_AWS)
            return self.session.client(service, region_name=self.region, endpoint_url=self.aws_endpoint, config=_AWS)

    @cached_property
    def session(self) -> boto3.Session:
        """A boto3 session with the environment's credentials."""
        return boto3.Session()

    @cached_property
    def table(self) -> Table:
        """The stage's table."""
        return DynamoTable(self.aws("dynamodb"), self.table_name)

    @property
    def stripe(self) -> StripeReads:
        """Stripe's API with the newsroom's own key.

        :raises NotThere: no key is stored.
        """
        return StripeReads(self.secret("STRIPE_SECRET_KEY"), self.stripe_base)

    def secret(self, name: str) -> str:
        """One secret; on a deployed stage from the parameter store.

        :raises NotThere: it is not there.
        """
        if self.local:
            return self.local_secrets.get(name, "")
        found = self.secrets.get(name, "")
        if not found:
            raise NotThere(f"there is no {name} in the parameter store")
        return found

    @property
    def secrets(self) -> Mapping[str, str]:
        """All secrets of a deployed stage by name, read together, once."""
        with self._reading:
            return {name: str(one["Value"]) for name, one in self._parameters_kept.items()}

    @property
    def secret_types(self) -> Mapping[str, str]:
        """How each secret is stored: as `SecureString`, or as another type."""
        with self._reading:
            return {name: str(one["Type"]) for name, one in self._parameters_kept.items()}

    @cached_property
    def _parameters_kept(self) -> Mapping[str, Any]:
        prefix = f"/spilno/{self.stage}/"
        names = [f"{prefix}{name}" for name in stages.SECRET_NAMES]
        found = self.aws("ssm").get_parameters(Names=names, WithDecryption=True)["Parameters"]
        return {one["Name"].removeprefix(prefix): one for one in found}

    @property
    def stack(self) -> Stack:
        """CloudFormation's description of the stack, read once."""
        with self._reading:
            return self._stack

    @cached_property
    def _stack(self) -> Stack:
        found: Stack = self.aws("cloudformation").describe_stacks(StackName=self.stack_name)["Stacks"][0]
        return found

    def stack_is_there(self) -> bool:
        """Whether CloudFormation knows the stack."""
        try:
            return bool(self.stack)
        except ClientError as error:
            # "Stack with id … does not exist" has no code of its own.
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            return False

    @property
    def outputs(self) -> Mapping[str, str]:
        """The stack's outputs."""
        return {one["OutputKey"]: one["OutputValue"] for one in self.stack.get("Outputs", [])}

    def resources(self, kind: str) -> Mapping[str, str]:
        """Physical ids of the stack's resources of a kind (`AWS::Lambda::Function`), by logical id."""
        with self._reading:
            return {
                one["LogicalResourceId"]: one["PhysicalResourceId"]
                for one in self._resources
                if one["ResourceType"] == kind and one.get("PhysicalResourceId")
            }

    @cached_property
    def _resources(self) -> list[Mapping[str, Any]]:
        pages = self.aws("cloudformation").get_paginator("list_stack_resources").paginate(StackName=self.stack_name)
        return [one for page in pages for one in page["StackResourceSummaries"]]


def local_subject() -> Subject:
    """The stack of `make run` in this environment.

    :raises SettingsWrong: naming the setting.
    """
    from localdev.stripe.set_up import with_ids

    chosen = settings_module.from_environment(with_ids(os.environ))
    if not chosen.local:
        raise SettingsWrong("SPILNO_STAGE names a deployed stage. Say it as `ops doctor --stage …`.")
    return Subject(
        stage=chosen.stage,
        site_id=chosen.site_id,
        public_url=chosen.public_url,
        site_origins=chosen.site_origins,
        table_name=chosen.table,
        newsroom_file=Path(chosen.newsroom_file),
        parameters={"PortalConfiguration": chosen.portal, "Product": chosen.product},
        aws_endpoint=chosen.aws_endpoint,
        stripe_base=chosen.stripe_api_base,
        local_secrets={
            "STRIPE_SECRET_KEY": chosen.secrets.get("STRIPE_SECRET_KEY", ""),
            SEAL_KEYS: ",".join(f"{kid}:{key.decode()}" for kid, key in chosen.seal_keys),
        },
    )


def deployed_subject(name: str) -> Subject:
    """A deployed stage, from its stage file.

    :raises StageWrong: the file is missing or wrong.
    """
    stage, own = stages.read(name), newsroom_file()
    return Subject(
        stage=name,
        site_id=stage.site_id,
        public_url=stage.public_url,
        site_origins=stage.site_origins,
        table_name=stage.table,
        newsroom_file=own if own.exists() else Path(settings_module.__file__).with_name("newsroom.toml"),
        stack_name=stage.stack,
        region=stage.region,
        account=stage.account,
        parameters=stage.parameters,
        aws_endpoint=os.environ.get("AWS_ENDPOINT_URL") or None,
        stripe_base=os.environ.get("STRIPE_API_BASE") or None,
    )
