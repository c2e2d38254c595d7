"""The app's wiring in tests: what is the same for all of them is read once, and then handed to each."""

from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path

from chalicelib import settings
from chalicelib.newsroom import texts
from chalicelib.newsroom.editor import hold_against
from chalicelib.newsroom.rules import Newsroom
from chalicelib.settings import Settings
from chalicelib.wiring import Wiring

_LOCAL = {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "SPILNO_TABLE": "test", "SPILNO_SITE_ID": "test"}


class Wired(Wiring):
    """`Wiring`; the newsroom's file is checked once, however many tests stand on the same one."""

    @cached_property
    def newsroom(self) -> Newsroom:
        """See Wiring."""
        return _newsroom(Path(self.settings.newsroom_file).read_bytes(), self.settings.site_origins)


def usual_settings(environ: Mapping[str, str]) -> Settings:
    """A test's usual settings, with these beside them or in their place."""
    return _settings(tuple(sorted({**_LOCAL, **environ}.items())))


@cache
def _newsroom(content: bytes, site_origins: tuple[str, ...]) -> Newsroom:
    return hold_against(texts.read(content), site_origins)


@cache
def _settings(environ: tuple[tuple[str, str], ...]) -> Settings:
    return settings.from_environment(dict(environ))
