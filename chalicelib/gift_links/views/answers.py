"""The JSON answers about gift links."""

from pydantic import ConfigDict, Field, RootModel

from chalicelib.gift_links.actions.links import Status
from chalicelib.http.answers import JsonAnswer, Moment


class GiftLinkAddress(JsonAnswer):
    """A link that gives an article: whoever has its `url` may read, as many people as it is for."""

    id: str
    url: str
    expires_at: Moment


class GivenArticle(JsonAnswer):
    """A link as its giver sees it. Of its readers nothing is known but how many they are."""

    id: str
    article: str
    title: str | None = Field(description="null: the article was deleted.")
    url: str | None = Field(description="The address to hand on; null once nobody else can read by it.")
    given_at: Moment
    expires_at: Moment
    readers: int
    most_readers: int
    status: Status = Field(
        description="`lives`; or why nobody else reads by it: `used_up`, `expired`, `revoked`, and `closed` where it "
        "is not the giver's to give now, or open to all."
    )


class GivenArticles(RootModel[list[GivenArticle]]):
    """What the supporter gave lately, the newest first; a link is listed for a month after its end."""

    model_config = ConfigDict(strict=True, frozen=True)
