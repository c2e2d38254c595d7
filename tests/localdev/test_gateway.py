"""The gateway does what API Gateway and Lambda do between a caller and the app."""

import json
import os
import re
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from localdev.gateway import pool as pools
from localdev.gateway.routes import Match, NoMethod, NoRoute, RouteTable
from testkit.waiting import until
from tests.localdev.gateway_server import Gateway, Reply, running_gateway

JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running_gateway(tmp_path_factory.mktemp("gateway")) as running:
        yield running


def assert_problem(reply: Reply, status: int, code: str) -> None:
    assert reply.status == status
    assert reply.headers["Content-Type"] == "application/problem+json"
    problem = reply.json
    assert problem["status"] == status
    assert problem["code"] == code
    assert problem["type"]
    assert problem["title"].endswith(".")


def test_200_mixed_requests_at_once_never_see_each_other(gateway: Gateway) -> None:
    replies: dict[int, Reply] = {}
    barrier = threading.Barrier(50)

    def send(worker: int) -> None:
        barrier.wait()
        for turn in range(4):
            number = worker * 4 + turn
            token = f"token-{number}"
            headers = {"X-Token": token, "X-Sleep": str((number % 3) / 100), "Content-Type": "text/plain"}
            method = ("GET", "POST", "PUT")[number % 3]
            body = None if method == "GET" else f"body {number} ".encode() * (number + 1)
            replies[number] = gateway.call(method, f"/echo/{number}?q={number}", body, headers)

    threads = [threading.Thread(target=send, args=(worker,)) for worker in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(replies) == 200
    for number, reply in replies.items():
        assert reply.status == 200, reply.body
        told, event = reply.json, reply.event
        assert reply.headers["X-Echo"] == event["headers"]["X-Token"] == f"token-{number}"
        assert told["name"] == event["queryStringParameters"]["q"] == str(number)
        assert event["httpMethod"] == ("GET", "POST", "PUT")[number % 3]
        assert (event["body"] or "") == ("" if number % 3 == 0 else f"body {number} " * (number + 1))
        assert told["together"] == 1, "a function process saw two requests at once"
    assert len(Counter(reply.json["pid"] for reply in replies.values())) == 4


def test_the_event_is_api_gateways(gateway: Gateway) -> None:
    headers = {"X-Twice": "one", "Content-Type": "application/json", "X-Forwarded-For": "203.0.113.9"}
    reply = gateway.call("POST", "/echo/a%2Fb?x=1&x=2&empty=&y=%D1%97+z", b'{"a": "\xd1\x97"}', headers)
    event = reply.event

    assert event["resource"] == event["requestContext"]["resourcePath"] == "/echo/{name}"
    assert event["path"] == "/echo/a%2Fb"
    assert event["pathParameters"] == {"name": "a%2Fb"}
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"], "empty": [""], "y": ["ї z"]}
    assert event["queryStringParameters"] == {"x": "2", "empty": "", "y": "ї z"}
    assert event["body"] == '{"a": "ї"}'
    assert event["isBase64Encoded"] is False
    assert event["requestContext"]["identity"]["sourceIp"] == "127.0.0.1", "a forwarded address is not believed"
    assert event["headers"]["X-Forwarded-For"] == "203.0.113.9, 127.0.0.1"
    assert re.fullmatch(r"[0-9a-f-]{36}", event["requestContext"]["requestId"])
    assert 20_000 < reply.json["remaining"] <= 29_000

    plain = gateway.call("GET", "/echo/x").event
    assert plain["multiValueQueryStringParameters"] is None
    assert plain["queryStringParameters"] is None
    assert plain["body"] is None


def test_repeated_headers_arrive_as_lists_and_the_last_one_counts(gateway: Gateway) -> None:
    event = gateway.raw(b"GET /echo/x HTTP/1.1\r\nHost: h\r\nx-token: a\r\nX-Token: b\r\n\r\n").event
    assert event["multiValueHeaders"]["X-Token"] == ["a", "b"]
    assert event["headers"]["X-Token"] == "b"


@pytest.mark.parametrize(
    ("media_type", "body"),
    [("application/octet-stream", b"plain"), ("image/png", b"\x89PNG\x00\xff"), ("text/plain", b"\xff\xfe odd")],
)
def test_binary_types_and_bytes_that_are_no_text_cross_as_base64(
    gateway: Gateway, media_type: str, body: bytes
) -> None:
    reply = gateway.call("POST", "/echo/x", body, {"Content-Type": media_type})
    assert reply.event["isBase64Encoded"] is True
    assert reply.json["body_hex"] == body.hex()


def test_a_chunked_body_arrives_whole(gateway: Gateway) -> None:
    head = b"POST /echo/x HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    reply = gateway.raw(head + b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")
    assert reply.event["body"] == "hello world"


def test_answers_keep_status_repeated_headers_and_bytes(gateway: Gateway) -> None:
    reply = gateway.call("GET", "/cookies")
    assert reply.status == 303
    assert reply.headers.get_all("Set-Cookie") == ["a=1", "b=2", "__Host-spilno-session=s; Path=/; Secure; HttpOnly"]
    assert reply.headers["Location"] == "/"
    picture = gateway.call("GET", "/picture", headers={"Accept": "image/png"})
    assert picture.body == b"\x89PNG\x00\xff"


def test_an_unknown_route_is_404_in_our_words(gateway: Gateway) -> None:
    for target in ("/nothing", "/echo", "/echo/a/b", "/echo//", "//", "/%zz", "/..%2f..%2fetc%2fpasswd", "/*"):
        assert_problem(gateway.call("GET", target), 404, "not_found")


def test_a_known_path_with_another_method_is_405_and_names_the_methods(gateway: Gateway) -> None:
    reply = gateway.call("DELETE", "/echo/x")
    assert_problem(reply, 405, "method_not_allowed")
    assert reply.headers["Allow"] == "GET, POST, PUT"
    head = gateway.call("HEAD", "/echo/x")
    assert head.status == 405
    assert head.body == b""
    assert gateway.call("OPTIONS", "/echo/x").status == 405


def test_like_api_gateway_it_lets_get_come_to_the_function_wherever_nothing_else_is() -> None:
    """A person who typed a wrong address, or one that only takes forms, gets a page; programs get JSON at once."""
    table = RouteTable({"/form": ["POST"], "/read/{id}": ["GET", "HEAD"], "/{proxy+}": ["GET", "HEAD"]})
    assert table.match("GET", "/form") == Match("/form", {})
    assert table.match("HEAD", "/read/a") == Match("/read/{id}", {"id": "a"})
    for path in ("/nothing", "/a/b/c", "/read/a/b", "//", "/%zz"):
        assert table.match("GET", path) == Match("/{proxy+}", {"proxy": path[1:]})
    for method, path in (("POST", "/nothing"), ("DELETE", "/read/a/b")):
        with pytest.raises(NoRoute):
            table.match(method, path)
    for method, path in (("HEAD", "/form"), ("POST", "/read/a")):
        with pytest.raises(NoMethod):
            table.match(method, path)


def test_too_large_is_413_and_heard(gateway: Gateway) -> None:
    just_fits = gateway.call("POST", "/echo/x", b"x" * 6_000_000, {"Content-Type": "text/plain"})
    assert just_fits.json["length"] == 6_000_000
    for size in (6_300_000, 10 * 1024 * 1024 + 1, 20_000_000):
        assert_problem(gateway.call("POST", "/echo/x", b"x" * size, {"Content-Type": "text/plain"}), 413, "too_large")
    head = b"POST /echo/x HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    assert_problem(gateway.raw(head + chunk * 12 + b"0\r\n\r\n"), 413, "too_large")


@pytest.mark.parametrize("how", ["raise", "big", "header", "exit"])
def test_a_function_that_fails_is_502_without_its_words_and_the_next_request_works(
    gateway: Gateway, how: str
) -> None:
    reply = gateway.call("GET", f"/misbehave/{how}")
    if how == "raise":  # Chalice itself answers for a view that raises
        assert reply.status == 500
    else:
        assert_problem(reply, 502, "upstream_failed")
    assert b"hidden" not in reply.body
    assert b"evil" not in reply.body
    assert "evil" not in str(reply.headers)
    assert [gateway.call("GET", "/").status for _ in range(8)] == [200] * 8


def test_a_function_process_that_was_killed_is_replaced_without_anybody_noticing(gateway: Gateway) -> None:
    pid = gateway.call("GET", "/").json["pid"]
    os.kill(pid, signal.SIGKILL)
    until(lambda: is_dead(pid), "its end")
    assert [gateway.call("GET", "/").status for _ in range(8)] == [200] * 8


def is_dead(pid: int) -> bool:
    """Gone, or a zombie whose pipes are closed."""
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


ODD = {
    "invalid percent-encoding": b"GET /echo/%zz%f?%=%%& HTTP/1.1\r\nHost: h\r\n\r\n",
    "bytes over 127 in the path": b"GET /echo/\xff\xfe HTTP/1.1\r\nHost: h\r\n\r\n",
    "a bare LF in a header": b"GET /echo/x HTTP/1.1\r\nHost: h\r\nX-A: b\nX-C: d\r\n\r\n",
    "a NUL in a header": b"GET /echo/x HTTP/1.1\r\nHost: h\r\nX-A: b\x00c\r\n\r\n",
    "latin-1 in a header": b"GET /echo/x HTTP/1.1\r\nHost: h\r\nX-Token: \xe4\xff\r\n\r\n",
    "a header without a colon": b"GET /echo/x HTTP/1.1\r\nHost: h\r\nnonsense\r\n\r\n",
    "two hosts": b"GET /echo/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "no host": b"GET /echo/x HTTP/1.1\r\n\r\n",
    "HTTP/1.0": b"GET /echo/x HTTP/1.0\r\n\r\n",
    "HTTP/9.9": b"GET /echo/x HTTP/9.9\r\nHost: h\r\n\r\n",
    "a folded header": b"GET /echo/x HTTP/1.1\r\nHost: h\r\nX-A: b\r\n c\r\n\r\n",
    "a very long path": b"GET /echo/" + b"a" * 9000 + b" HTTP/1.1\r\nHost: h\r\n\r\n",
    "a very long header": b"GET /echo/x HTTP/1.1\r\nHost: h\r\nX-A: " + b"a" * 20000 + b"\r\n\r\n",
    "very many headers": b"GET /echo/x HTTP/1.1\r\nHost: h\r\n" + b"X-A: b\r\n" * 150 + b"\r\n",
    "an unknown coding": b"POST /echo/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n",
    "length and chunks": b"POST /echo/x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a bad length": b"POST /echo/x HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
    "a bad chunk": b"POST /echo/x HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\n"
    b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
    "a body cut short": b"POST /echo/x HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\n"
    b"Content-Length: 10\r\n\r\nabc",
    "SCRIPT_NAME smuggled": b"GET /echo/x HTTP/1.1\r\nHost: h\r\nSCRIPT_NAME: /x\r\n\r\n",
    "two schemes": b"GET /echo/x HTTP/1.1\r\nHost: h\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Ssl: off\r\n\r\n",
    "an absolute target": b"GET http://h/echo/x HTTP/1.1\r\nHost: h\r\n\r\n",
    "an asterisk": b"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
    "CONNECT": b"CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n",
    "a strange method": b"FROB /echo/x HTTP/1.1\r\nHost: h\r\n\r\n",
    "a lower-case method": b"get /echo/x HTTP/1.1\r\nHost: h\r\n\r\n",
    "an expectation": b"POST /echo/x HTTP/1.1\r\nHost: h\r\nExpect: nonsense\r\nContent-Length: 0\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
}


@pytest.mark.parametrize("name", ODD)
def test_no_bytes_make_a_500_and_every_refusal_is_a_problem(gateway: Gateway, name: str) -> None:
    reply = gateway.raw(ODD[name])
    assert reply.status < 500
    if reply.status != 200:
        assert_problem(reply, reply.status, reply.json["code"])


def test_an_idle_connection_keeps_nobody_waiting(gateway: Gateway) -> None:
    """Browsers open connections ahead of need; they must not occupy the function processes."""
    import socket

    idle = [socket.create_connection(("127.0.0.1", gateway.port)) for _ in range(12)]
    try:
        assert gateway.call("GET", "/").status == 200
    finally:
        for connection in idle:
            connection.close()


def test_the_log_names_the_route_and_never_the_path(gateway: Gateway) -> None:
    gateway.call("GET", "/echo/somebody%40example.com?token=secret")
    gateway.call("GET", "/sign-in/secret")
    until(lambda: "404 GET - " in gateway.log.read_text(), "the last line")
    lines = gateway.log.read_text()
    assert re.search(r"\d\d:\d\d:\d\d 200 GET /echo/\{name\} \d+ ms\n", lines)
    assert "somebody" not in lines
    assert "secret" not in lines


def test_a_function_that_takes_too_long_is_ended() -> None:
    process = pools.FunctionProcess("testkit.echo_app:app")
    process.receive(30)
    event = {
        "requestContext": {"resourcePath": "/misbehave/{how}", "httpMethod": "GET"},
        "multiValueQueryStringParameters": None, "headers": {}, "pathParameters": {"how": "sleep"},
        "body": None, "stageVariables": None,
    }  # fmt: skip
    assert process.send(json.dumps(event).encode() + b"\n")
    with pytest.raises(pools.FunctionTimedOut):
        process.receive(0.5)
    process.close(kill=True)


def test_fixed_segments_win_over_parameters() -> None:
    table = RouteTable({"/": ["GET"], "/a/{x}": ["GET"], "/a/b": ["PUT", "GET"], "/{y}/b": ["GET"]})
    assert table.match("GET", "/").resource == "/"
    assert table.match("GET", "/a/b").resource == "/a/b"
    assert table.match("GET", "/a/b/").resource == "/a/b"
    assert table.match("GET", "/a/c").parameters == {"x": "c"}
    assert table.match("GET", "/q/b").parameters == {"y": "q"}
    with pytest.raises(NoRoute):
        table.match("GET", "/a//")
    with pytest.raises(NoMethod) as refused:
        table.match("POST", "/a/b")
    assert refused.value.allowed == ("GET", "PUT")
