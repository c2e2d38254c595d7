"""The gate with FastAPI behind Mangum."""

import os
from typing import Annotated, Any

from fastapi import Cookie, FastAPI, Header, HTTPException, Response
from fastapi.responses import RedirectResponse
from mangum import Mangum

from bench.peers.passes import NO_STORE, PASS_COOKIE, UnknownNeed, access, bearer

app = FastAPI(openapi_url=None)
handler = Mangum(app, lifespan="off")
_DONATE = f"{os.environ['SPILNO_PUBLIC_URL']}/donate"


@app.get("/")
async def home() -> RedirectResponse:
    """On to giving."""
    return RedirectResponse(_DONATE, 303, NO_STORE)


@app.get("/v1/access")
async def show(
    response: Response,
    needs: str = "",
    held: Annotated[str | None, Cookie(alias=PASS_COOKIE)] = None,
    authorization: Annotated[str | None, Header()] = None,
) -> dict[str, Any]:
    """Whether this reader may read."""
    response.headers.update(NO_STORE)
    try:
        return access(needs, [held, bearer(authorization)])
    except UnknownNeed:
        raise HTTPException(400) from None
