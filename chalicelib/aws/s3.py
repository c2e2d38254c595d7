"""The store of objects on S3: the bucket of the deployment; on the local stack one of the local AWS."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.aws import clients
from chalicelib.kernel.object_store import StoreUnavailable

_CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "max_attempts": 3})
Answer = TypeVar("Answer")


class S3Store:
    """Implements `kernel.object_store.ObjectStore` on a stage's part of one bucket, which stages may share.

    With no name of a bucket every call says what to do.
    """

    def __init__(self, bucket: str, stage: str, endpoint: str | None, *, local: bool) -> None:
        # The local AWS knows buckets by the path only.
        config = _CONFIG.merge(Config(s3={"addressing_style": "path"})) if local else _CONFIG
        self._s3 = clients.client("s3", endpoint, config, local=local)
        self._bucket, self._folder = bucket, f"{stage}/"

    def store_object(self, name: str, body: bytes) -> None:
        """Implements `ObjectStore.store_object`."""
        self._asked(lambda: self._s3.put_object(Bucket=self._bucket, Key=self._folder + name, Body=body))

    def stored_object(self, name: str) -> bytes:
        """Implements `ObjectStore.stored_object`."""
        read = partial(self._s3.get_object, Bucket=self._bucket, Key=self._folder + name)
        return self._asked(lambda: bytes(read()["Body"].read()))

    def stored_names(self, prefix: str) -> Iterator[str]:
        """Implements `ObjectStore.stored_names`."""
        more: dict[str, Any] = {}
        while True:
            begin = self._folder + prefix
            page = self._asked(partial(self._s3.list_objects_v2, Bucket=self._bucket, Prefix=begin, **more))
            yield from (str(one["Key"]).removeprefix(self._folder) for one in page.get("Contents", ()))
            if not page.get("IsTruncated"):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def _asked(self, call: Callable[[], Answer]) -> Answer:
        if not self._bucket:
            raise StoreUnavailable("no bucket is set: deploy once more, with the stage file's")
        try:
            return call()
        except (BotoCoreError, ClientError) as error:
            # The service's message may quote a name or an account; the error's kind is enough.
            raise StoreUnavailable(type(error).__name__) from None
