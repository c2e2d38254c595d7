"""Large answers are compressed for who takes that, and only once."""

import base64
import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.http.compression import accepts_gzip, compressed
from testkit.calls import event, invoke

TEXT = "Хто насправді володіє греблею? " * 100


def response(**headers: str) -> dict[str, Any]:
    return {
        "statusCode": 200,
        "headers": {
            "Content-Type": "text/html; charset=utf-8",
            **{n.replace("_", "-"): v for n, v in headers.items()},
        },
        "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]},
        "body": TEXT,
    }


def unpacked(answer: dict[str, Any]) -> str:
    assert answer["isBase64Encoded"] is True
    return gzip.decompress(base64.b64decode(answer["body"])).decode()


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("br;q=1.0, GZIP ; q=0.5", True),
        ("*", True),
        ("x-gzip", True),
        ("", False),
        ("identity", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000, *", False),
        ("*;q=0", False),
        ("gzip;q=2", False),
        ("gzip;q=-1", False),
        ("gzip;level=9", False),
        ("gzipped", False),
        (",,,", False),
    ],
)
def test_who_takes_gzip(accepted: str, *, takes: bool) -> None:
    assert accepts_gzip(accepted) is takes


@given(st.text(max_size=200))
def test_no_header_is_a_fault(accepted: str) -> None:
    assert accepts_gzip(accepted) in (True, False)


def test_nobody_is_kept_busy_by_a_long_header() -> None:
    import time

    begun = time.process_time()
    for long in ("gzip;q=" + "0" * 10_000, " " * 10_000, "a" * 10_000 + ";", "," * 10_000, "a ; q=0 " * 1000):
        accepts_gzip(long)
    assert time.process_time() - begun < 0.5


def test_it_comes_out_as_it_went_in_and_says_so() -> None:
    answer = compressed(response(Vary="Origin"), "gzip")
    assert unpacked(answer) == TEXT
    assert answer["headers"]["Content-Encoding"] == "gzip"
    assert answer["headers"]["Vary"] == "Origin, Accept-Encoding"
    assert len(answer["body"]) < len(TEXT.encode()) / 10
    assert answer["multiValueHeaders"] == response()["multiValueHeaders"]
    assert compressed(response(Vary="Origin"), "gzip") == answer, "the same text, the same bytes"


def test_a_cache_is_told_that_it_differs_even_where_nothing_was_compressed() -> None:
    plain = compressed(response(), "identity")
    assert (plain["body"], plain["headers"]["Vary"]) == (TEXT, "Accept-Encoding")
    assert "isBase64Encoded" not in plain


@pytest.mark.parametrize(
    "already",
    [
        {**response(), "isBase64Encoded": True},
        response(content_encoding="br"),
        response(Cache_Control="public, no-transform"),
        {**response(), "statusCode": 304},
    ],
    ids=["base64", "encoded", "not to be changed", "no body"],
)
def test_what_is_encoded_already_stays(already: dict[str, Any]) -> None:
    assert compressed(already, "gzip") == already


@pytest.mark.parametrize(("etag", "then"), [('"abc"', 'W/"abc"'), ('W/"abc"', 'W/"abc"')])
def test_an_etag_no_longer_promises_the_very_bytes(etag: str, then: str) -> None:
    assert compressed(response(etag=etag), "gzip")["headers"]["etag"] == then
    assert compressed(response(etag=etag), "")["headers"]["etag"] == etag


def asked(path: str, accepted: str, *, stage: str = "$default") -> dict[str, Any]:
    import app

    made = event("GET", path, "", {"Accept": "text/html", "accept-encoding": accepted}, "192.0.2.1")
    made["requestContext"]["stage"] = stage
    return dict(json.loads(json.dumps(app.app(made, None))))


@pytest.mark.usefixtures("harness")
def test_a_page_is_compressed_on_its_way_out_and_a_small_answer_is_not() -> None:
    page = asked("/sign-in?lang=uk", "br, gzip")
    assert unpacked(page) == invoke(event("GET", "/sign-in?lang=uk", "", {"Accept": "text/html"}, "192.0.2.1")).text
    small = asked("/v1/session", "br, gzip")
    assert json.loads(small["body"])["signed_in"] is False
    assert "Content-Encoding" not in small["headers"]


@pytest.mark.usefixtures("harness")
def test_the_rest_api_compresses_by_itself() -> None:
    page = asked("/sign-in", "gzip", stage="api")
    assert page["body"].startswith("<!doctype html>")
    assert not {"Content-Encoding", "isBase64Encoded"} & {*page, *page["headers"]}


@pytest.mark.usefixtures("harness")
def test_several_lines_of_the_header_count_together() -> None:
    import app

    made = event("GET", "/sign-in", "", {"Accept-Encoding": "identity"}, "192.0.2.1")
    made["multiValueHeaders"]["Accept-Encoding"] = ["br", "gzip"]
    assert app.app(made, None)["headers"]["Content-Encoding"] == "gzip"
