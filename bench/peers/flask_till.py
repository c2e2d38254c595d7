"""The form and the webhook with Flask behind apig-wsgi."""

from apig_wsgi import make_lambda_handler
from flask import Flask, Response, abort, jsonify, request

from bench.peers.money import NewCheckout, SignatureWrong, refusal, take_in
from bench.peers.passes import NO_STORE

app = Flask(__name__)
handler = make_lambda_handler(app)


@app.post("/v1/checkouts")
def create() -> tuple[Response, int]:
    """Look whether the amount will do."""
    problem = refusal(NewCheckout.model_validate_json(request.get_data()))
    response = jsonify(problem)
    response.content_type = "application/problem+json"
    response.headers.update(NO_STORE)
    return response, 400 if problem else 501


@app.post("/v1/stripe/webhook")
def webhook() -> Response:
    """Check and keep an event."""
    try:
        return jsonify(take_in(request.get_data(as_text=True), request.headers.get("Stripe-Signature", "")))
    except SignatureWrong:
        abort(400)
