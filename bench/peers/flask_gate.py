"""The gate with Flask behind apig-wsgi."""

import os

from apig_wsgi import make_lambda_handler
from flask import Flask, Response, abort, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from bench.peers.passes import NO_STORE, PASS_COOKIE, UnknownNeed, access, bearer

app = Flask(__name__)
handler = make_lambda_handler(app)
_DONATE = f"{os.environ['SPILNO_PUBLIC_URL']}/donate"


@app.get("/")
def home() -> AnyResponse:
    """On to giving."""
    response = redirect(_DONATE, 303)
    response.headers.update(NO_STORE)
    return response


@app.get("/v1/access")
def show() -> Response:
    """Whether this reader may read."""
    tokens = [request.cookies.get(PASS_COOKIE), bearer(request.headers.get("Authorization"))]
    try:
        response = jsonify(access(request.args.get("needs"), tokens))
    except UnknownNeed:
        abort(400)
    response.headers.update(NO_STORE)
    return response
