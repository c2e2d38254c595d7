"""Clients of Amazon's services, made by botocore itself: boto3 adds resources and transfers, which nothing here uses.

What a reader waits for in a new process is measured in decision 0113.
"""

from functools import lru_cache
from typing import Any

from botocore.config import Config
from botocore.loaders import Loader
from botocore.session import Session, get_session

_DUMMY = {"aws_access_key_id": "local", "aws_secret_access_key": "local", "region_name": "us-east-1"}
_OURS = ("dynamodb", "s3", "sesv2", "ssm")


class OurServices(Loader):  # type: ignore[misc] # botocore has no types
    """Descriptions of services as botocore reads them, of those alone that we use.

    Its own loader looks through the folders of all four hundred, once for each client, to say what there is.
    """

    def list_available_services(self, type_name: str) -> list[str]:
        """The services that can be asked for."""
        del type_name
        return list(_OURS)


def client(service: str, endpoint: str | None, config: Config, *, local: bool) -> Any:
    """A client of one service, as `boto3.client` makes it.

    :param endpoint: another address than Amazon's own.
    :param local: with dummy credentials, so that it can never reach a real account.
    """
    return session().create_client(service, endpoint_url=endpoint, config=config, **(_DUMMY if local else {}))


@lru_cache(maxsize=1)
def session() -> Session:
    """The process's session: what it has read of descriptions and credentials is read once for all clients."""
    made = get_session()
    made.register_component("data_loader", OurServices())
    return made
