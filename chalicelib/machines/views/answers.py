"""The JSON answer about what machines may take."""

from pydantic import Field

from chalicelib.http.answers import JsonAnswer
from chalicelib.newsroom.rules import Taken


class MachinePolicy(JsonAnswer):
    """The newsroom's table: what each kind of machine may take of articles that are not open to all."""

    search: Taken
    preview: Taken
    archive: Taken
    ai_answers: Taken
    ai_training: Taken


class MachineTerms(JsonAnswer):
    """The table, and what a website says of it."""

    policy: MachinePolicy
    robots_txt: str = Field(description="Lines for the end of the website's robots.txt.")
    headers: dict[str, str] = Field(description="For pages with an article that is not open to all.")
    license_url: str = Field(description="The licence, RSL 1.0: for `<link rel=license>`.")
