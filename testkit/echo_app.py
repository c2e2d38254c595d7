"""A small Chalice app that tells what reached it, for the gateway's tests."""

import base64
import json
import os
import time

from chalice.app import Chalice, Response

app = Chalice(app_name="echo")
BUSY = {"now": 0}


def _told(**more: object) -> Response:
    """What this view sees, read twice with a pause between: another request in the same process would show."""
    request = app.current_request
    assert request
    first = json.dumps(request.to_original_event()["headers"], sort_keys=True)
    BUSY["now"] += 1
    together = BUSY["now"]
    time.sleep(float(request.headers.get("x-sleep", "0")))
    BUSY["now"] -= 1
    again = app.current_request
    assert again
    event = again.to_original_event()
    assert first == json.dumps(event["headers"], sort_keys=True)
    body = base64.b64decode(event["body"]) if event["isBase64Encoded"] else (event["body"] or "").encode()
    return Response(
        body={
            "pid": os.getpid(),
            "together": together,
            "event": event,
            "body_hex": body.hex() if len(body) < 5000 else None,
            "length": len(body),
            "remaining": app.lambda_context.get_remaining_time_in_millis(),
            **more,
        },
        headers={"X-Echo": request.headers.get("x-token", "")},
    )


@app.route("/", methods=["GET"])
def root() -> Response:
    """What came to the top."""
    return _told()


@app.route("/echo/{name}", methods=["GET", "POST", "PUT"], content_types=["application/json", "text/plain",
           "application/x-www-form-urlencoded", "application/octet-stream", "image/png"])  # fmt: skip
def echo(name: str) -> Response:
    """What came under a name."""
    return _told(name=name)


@app.route("/echo/fixed", methods=["GET"])
def fixed() -> Response:
    """What came to a path that a pattern would match, too."""
    return _told(name="the fixed one")


@app.route("/cookies", methods=["GET"])
def cookies() -> Response:
    """Several headers of one name, and a redirect."""
    ours = "__Host-spilno-session=s; Path=/; Secure; HttpOnly"
    return Response(body="", status_code=303, headers={"Set-Cookie": ["a=1", "b=2", ours], "Location": "/"})


@app.route("/picture", methods=["GET"])
def picture() -> Response:
    """Bytes that are no text."""
    return Response(body=b"\x89PNG\x00\xff", headers={"Content-Type": "image/png"})


@app.route("/misbehave/{how}", methods=["GET"])
def misbehave(how: str) -> object:
    """What a function should never do."""
    if how == "exit":
        os._exit(3)
    if how == "big":
        return Response(body="x" * (7 * 1024 * 1024), headers={"Content-Type": "text/plain"})
    if how == "header":
        return Response(body="", headers={"X-Bad": ["a\r\nSet-Cookie: evil=1"]})
    if how == "sleep":
        time.sleep(60)
    raise RuntimeError("a hidden word in an error")
