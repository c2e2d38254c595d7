"""The elements among other people's routers: the fake API and the browser are those of `tests/widget`."""

from tests.widget.conftest import api, context, page, running_api

__all__ = ["api", "context", "page", "running_api"]
