"""The form and the webhook with FastAPI behind Mangum."""

from typing import Annotated, Any

from fastapi import FastAPI, Header, HTTPException, Request
from fastapi.responses import JSONResponse
from mangum import Mangum
from mangum.adapter import DEFAULT_TEXT_MIME_TYPES

from bench.peers.money import NewCheckout, SignatureWrong, refusal, take_in
from bench.peers.passes import NO_STORE

app = FastAPI(openapi_url=None)
# Mangum takes a problem for something binary otherwise.
handler = Mangum(app, lifespan="off", text_mime_types=[*DEFAULT_TEXT_MIME_TYPES, "application/problem+json"])


@app.post("/v1/checkouts")
async def create(wish: NewCheckout) -> JSONResponse:
    """Look whether the amount will do."""
    problem = refusal(wish)
    return JSONResponse(problem, 400 if problem else 501, NO_STORE, "application/problem+json")


@app.post("/v1/stripe/webhook")
async def webhook(request: Request, stripe_signature: Annotated[str, Header()] = "") -> dict[str, Any]:
    """Check and keep an event."""
    body = await request.body()
    try:
        return take_in(body.decode(), stripe_signature)
    except SignatureWrong:
        raise HTTPException(400) from None
