"""The chapter of sealed articles: the file by the package's own cipher, the key by a pass alone."""

from typing import Any
from urllib.parse import urlencode

from tests.articles.sealing import unsealed
from tests.deployed import scenario
from tests.deployed.deployment import PUBLIC
from tests.deployed.newsroom import DeployedNewsroom


def reads_sealed(newsroom: DeployedNewsroom) -> dict[str, Any]:
    """A cache fetches the article's file; a stranger and a supporter ask for its key."""
    newsroom.once(scenario.reads)
    stranger, supporter = newsroom.visitor(), newsroom.once(scenario.signs_in)
    told = stranger.get("/v1/articles/hreblia/seal").json
    file = stranger.get(told["sealed"].removeprefix(PUBLIC))
    ask = {"v": told["version"], "needs": told["needs"], "t": told["ticket"]}
    asked = f"/v1/articles/hreblia/key?{urlencode(ask)}"
    supporter.get("/v1/session")
    before = len(newsroom.deployed.cloud.questions())
    handed = supporter.get(asked)
    assert len(newsroom.deployed.cloud.questions()) == before, "a pass and a ticket ask AWS for nothing"
    return {
        "file": file,
        "stranger": stranger.get(asked),
        "supporter": handed,
        "opened": unsealed(file.text, handed.json["key"]),
    }
