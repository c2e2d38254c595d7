"""Which API the commands speak to, and with which key. No AWS account is needed for it: a website's CI has none."""

import os
import re
from urllib.parse import urlsplit

from dotenv import load_dotenv

from chalicelib import settings
from ops import stages
from ops.articles.api import LOOPBACK, ArticlesApi
from ops.context import ENV_FILE, chosen_stage
from ops.output import Refusal, one_line

KEY = "SPILNO_CMS_KEY"
_LOCAL_KEY = "local-cms-key"


def connect_to_api(given: str | None) -> ArticlesApi:
    """The API of the chosen stage, or at the address that was given.

    :raises Refusal: it is not known where the API is, or there is no key for it.
    """
    try:
        stage = chosen_stage()
        if stage == "local":
            load_dotenv(ENV_FILE, override=False)
        base = _checked(given) if given else _of_stage(stage)
    except (stages.StageWrong, settings.SettingsWrong) as error:
        raise Refusal(str(error)) from None
    key = os.environ.get(KEY, "").strip() or (_LOCAL_KEY if stage == "local" and _on_loopback(base) else "")
    if not key:
        raise Refusal(
            f"{KEY} is not set. It holds a key of the newsroom's CMS, which "
            "`python -m ops --stage prod keys create --for cms` makes."
        )
    if not re.fullmatch(r"[!-~]+", key):
        raise Refusal(f"{KEY} holds signs that no key has.")
    return ArticlesApi(base, key)


def _of_stage(stage: str) -> str:
    if stage == "local":
        return settings.from_environment().public_url
    if stages.exists(stage):
        return _checked(stages.read(stage).public_url)
    found = os.environ.get("SPILNO_PUBLIC_URL", "").strip()
    if not found:
        raise Refusal(
            f"There is no stages/{stage}.toml here, so say where the API is: --api https://support.news.example."
        )
    return _checked(found)


def _checked(address: str) -> str:
    """The API's address, if a key may be sent there."""
    bare = address.strip().rstrip("/")
    try:
        parts = urlsplit(bare)
        right = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port >= 0)
        right = right and not (parts.query or parts.fragment or parts.username is not None)
    except ValueError:
        right = False
    if not right:
        raise Refusal(f"'{one_line(address)}' is no address of an API, such as https://support.news.example.")
    if parts.scheme == "http" and not _on_loopback(bare):
        raise Refusal(f"{bare} is not encrypted, and whoever listens on the way would have the key. Write https.")
    return bare


def _on_loopback(address: str) -> bool:
    return urlsplit(address).hostname in LOOPBACK
