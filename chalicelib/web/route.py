"""What one route says about itself; the table of all routes is `web/routes.py`."""

from typing import NamedTuple

from chalicelib.web.http import JSON


class Route(NamedTuple):
    """One call of the API: everything that the edge checks and that the OpenAPI description tells.

    `view` is `module:function` under `web/views`. `takes` lists the media types of a body, none for no check.
    `request` and `answers` name pydantic models in `web/forms` and `web/answers` (answers by
    status; `One|Other` where it is one of several).
    `codes` lists the problem codes beside the general ones. `browser` routes answer to CORS and demand an origin
    where they change something; `page` routes show problems to a person as a page. `again` is the function under
    `web/views` that shows a form once more, with what was typed and what went wrong; it answers None where it cannot.
    """

    method: str
    path: str
    view: str
    summary: str
    request: str = ""
    query: str = ""
    answers: tuple[tuple[int, str], ...] = ()
    codes: tuple[str, ...] = ()
    takes: tuple[str, ...] = (JSON,)
    largest_body: int = 16 * 1024
    browser: bool = True
    page: bool = False
    again: str = ""
    secured_by: str = ""
