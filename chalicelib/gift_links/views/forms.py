"""The bodies of calls about gift links, and the query of their page."""

from pydantic import Field

from chalicelib.http.forms import Form, Identifier, Language, Line, Query


class NewGiftLink(Form):
    """The article to give, by its id."""

    article: Identifier = Field(examples=["bridge-2026"])
    lang: Language | None = Field(default=None, description="A page's.")


class EndGiftLink(Form):
    """A link to end, by a button of the page."""

    link: Identifier
    lang: Language | None = None


class LinksPageQuery(Query):
    """The query parameters of the page of gift links; all may be left out."""

    give: Line | None = Field(default=None, description="An article's id: shows the button that gives it.")
    made: Line | None = Field(default=None, description="The id of the link that was made just now.")
    done: Line | None = Field(default=None, description="A link was ended just now.")
    lang: Line | None = None
