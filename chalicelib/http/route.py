"""One route's description; the table of all routes is `http/routes.py`."""

from typing import NamedTuple

from chalicelib.http.call import JSON


class Route(NamedTuple):
    """One call of the API: everything that the edge checks and that the OpenAPI description says.

    `view` is `module:function` under `chalicelib`. `takes` lists the media types of a body, none for no check.
    `request`, `query` and `answers` name pydantic models as `module:Model` (answers by status; `One|Other` where
    it is one of several).
    `codes` lists the problem codes beside the general ones. `browser` routes answer to CORS and demand an origin
    where they change something; `page` routes show problems to a person as a page. `again` names
    functions that show a form once more, with what was typed and what went wrong; the first that answers counts.
    `public` routes answer the same to everybody: their views see neither headers nor cookies, and any website's page
    may read the answer. `cookieless` routes read no cookie (none reaches their views), so that `Origin: null` may
    change something: a mail program's own browser says so, and so does a page without a referrer.
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
    again: tuple[str, ...] = ()
    secured_by: str = ""
    public: bool = False
    cookieless: bool = False
