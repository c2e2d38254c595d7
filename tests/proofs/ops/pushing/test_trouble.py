"""`ops articles push` while the API refuses, hangs or goes away: what is done stays, the rest is told."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from localdev.ports import ROOT
from ops.articles.api import ArticlesApi
from ops.articles.sending import SIDE_BY_SIDE
from testkit.articles_api import KEY, Answered, ArticlesDouble, problem
from testkit.waiting import until
from tests.proofs.ops.pushing.commands import QUICK, carry_out, failures, ops, push, write


@pytest.fixture
def interruptible() -> Iterator[None]:
    """A command that is started hears Ctrl+C, also where the tests themselves run in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_key_that_is_refused_ends_it_with_one_sentence(api: ArticlesDouble, content: Path) -> None:
    result = push(api, content, key="wrong")
    assert (result.exit_code, api.made("PUT")) == (1, [])
    assert "Nothing was done. The API does not accept this key." in result.stderr
    assert "wrong" not in result.output


def test_a_key_that_is_revoked_in_the_middle_ends_it(api: ArticlesDouble, content: Path) -> None:
    refused = problem(401, "unknown_key", "Send an API key.")
    api.trouble = lambda method, _: refused if method == "PUT" and len(api.made("PUT")) > 2 else None
    outcomes = carry_out(api, content)
    assert len(api.stored) == 2
    assert len(api.made("PUT")) <= 2 + SIDE_BY_SIDE
    assert sum("It was not sent" in why for why in failures(outcomes).values()) >= 1


@pytest.mark.parametrize("status", [400, 403, 409, 413, 415])
def test_one_that_is_refused_does_not_keep_the_others_back(api: ArticlesDouble, content: Path, status: int) -> None:
    refused = problem(status, "some_code", "Not this one.")
    api.trouble = lambda method, name: refused if (method, name) == ("PUT", "a3") else None
    assert failures(carry_out(api, content)) == {"a3": f"Not this one. ({status})"}
    assert api.made("PUT").count("a3") == 1, "what is refused is not tried again"
    api.trouble = lambda _method, _name: None
    before = len(api.made("PUT"))
    assert failures(carry_out(api, content)) == {}
    assert api.made("PUT")[before:] == ["a3"], "a second run finishes the job, and does nothing else"


@pytest.mark.parametrize(
    "answer",
    [
        Answered(500, {"title": "Something went wrong.", "code": "internal"}),
        Answered(502, "<html>Bad Gateway</html>"),
        Answered(503),
        Answered(429, {"message": "Too Many Requests"}),
        Answered(429, {"title": "Too many.", "code": "too_many_requests"}, {"Retry-After": "0"}),
        problem(409, "busy", "Others keep changing it."),
        Answered(dropped=True),
    ],
)
def test_what_passes_is_tried_again(api: ArticlesDouble, content: Path, answer: Answered) -> None:
    api.trouble = lambda method, name: answer if method == "PUT" and api.made("PUT").count(name) == 1 else None
    assert failures(carry_out(api, content)) == {}
    assert len(api.stored) == 7


def test_retry_after_is_waited_for_by_everybody(api: ArticlesDouble, content: Path) -> None:
    answer = Answered(429, None, {"Retry-After": "1"})
    times: list[float] = []

    def once(method: str, _name: str) -> Answered | None:
        if method != "PUT":
            return None
        times.append(time.monotonic())
        return answer if len(times) == 1 else None

    api.trouble = once
    assert failures(carry_out(api, content)) == {}
    assert max(later - at for at, later in pairwise(times)) >= 0.9, "for that long nobody asked"


def test_a_long_retry_after_is_told_and_not_waited_for(api: ArticlesDouble, content: Path) -> None:
    answer = Answered(429, None, {"Retry-After": "3600"})
    api.trouble = lambda method, _: answer if method == "PUT" else None
    begun = time.monotonic()
    found = failures(carry_out(api, content))
    assert "asks to wait for 3600 seconds" in found["a0"]
    assert (len(found), time.monotonic() - begun < 60) == (7, True)


def test_an_api_that_goes_away_in_the_middle_is_not_asked_for_each_of_the_rest(
    api: ArticlesDouble, tmp_path: Path
) -> None:
    content = tmp_path / "many"
    for number in range(60):
        write(content, f"a{number:02}")
    api.trouble = lambda method, _: Answered(503) if method == "PUT" and len(api.stored) >= 10 else None
    found = failures(carry_out(api, content))
    put = len(api.stored)
    assert len(found) == 60 - put
    assert sum("It was not sent: the API does not answer." in why for why in found.values()) > 30
    api.trouble = lambda _method, _name: None
    before = len(api.made("PUT"))
    assert failures(carry_out(api, content)) == {}
    assert len(api.made("PUT")) - before == 60 - put
    assert len(api.stored) == 60


def test_an_api_that_hangs_is_left_after_a_while(api: ArticlesDouble, content: Path) -> None:
    def hang(method: str, _name: str) -> Answered | None:
        return Answered(dropped=True) if method == "PUT" and time.sleep(1) is None else None  # type: ignore[func-returns-value]

    api.trouble = hang
    begun = time.monotonic()
    found = failures(carry_out(api, content, timeout=(1, 0.2)))
    assert len(found) == 7
    assert "did not answer within" in found["a0"]
    assert time.monotonic() - begun < 30


def test_an_answer_that_is_no_spilno_is_no_success(api: ArticlesDouble, content: Path) -> None:
    api.trouble = lambda _method, _name: Answered(200, {"hello": "world"})
    assert "does not answer as Spilno's API does" in push(api, content).stderr
    api.trouble = lambda _method, _name: Answered(301, None, {"Location": "https://elsewhere.example/"})
    result = push(api, content)
    assert "The API answered 301 with another address. Is this the API's own?" in result.stderr
    assert result.exit_code == 1


@pytest.mark.parametrize("answer", [Answered(200, {"hello": "world"}), Answered(200, "<html>"), Answered(200)])
def test_neither_is_it_in_the_middle(api: ArticlesDouble, content: Path, answer: Answered) -> None:
    api.trouble = lambda method, _: answer if method == "PUT" else None
    assert len(failures(carry_out(api, content))) == 7
    api.stored["a1"] = {"origin": "site"}
    api.trouble = lambda method, _: Answered(200, "<html>") if method == "DELETE" else None
    assert ops(api, "remove", "a1").exit_code == 1


def test_several_connections_are_kept_and_no_proxy_is_asked_for_this_machine(
    api: ArticlesDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    content = tmp_path / "many"
    for number in range(40):
        write(content, f"a{number}")
    assert failures(carry_out(api, content)) == {}
    assert len(api.stored) == 40
    assert len(api.connections) <= SIDE_BY_SIDE + 1, "one for the list, one for each thread"


def test_the_key_is_ours_whatever_the_machines_netrc_says(
    api: ArticlesDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.1 login somebody password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    elsewhere = api.address.replace("127.0.0.1", "127.1")  # this machine, as no list of such names has it
    with ArticlesApi(elsewhere, KEY) as connected:
        assert list(connected.articles()) == []


@pytest.mark.usefixtures("interruptible")
def test_a_run_that_is_interrupted_says_so_and_the_next_one_finishes_it(api: ArticlesDouble, tmp_path: Path) -> None:
    content = tmp_path / "many"
    for number in range(60):
        write(content, f"a{number:02}")
    api.trouble = lambda method, _: time.sleep(0.05) if method == "PUT" else None
    command = [sys.executable, "-m", "ops", "articles", "push", str(content), "--origin", "site"]
    settings = {"SPILNO_STAGE": "local", "SPILNO_PUBLIC_URL": api.address, "SPILNO_CMS_KEY": KEY}
    with subprocess.Popen(
        [*command, "--site", "https://news.example"],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        until(lambda: len(api.stored) > 5, "the first articles")
        process.send_signal(signal.SIGINT)
        printed, complained = process.communicate(timeout=30)
    assert process.returncode == 130, complained
    assert "Run it again for the rest" in complained
    assert "Traceback" not in complained
    put = len(api.stored)
    assert put < 60
    assert printed.count("new  ") <= put
    api.trouble = lambda _method, _name: None
    assert f"{60 - put} new, 0 changed, {put} as they were." in push(api, content).stdout


def test_what_is_gone_after_an_answer_that_was_lost_was_deleted(api: ArticlesDouble, content: Path) -> None:
    push(api, content)

    def lost(method: str, name: str) -> Answered | None:
        if method != "DELETE" or name not in api.stored:
            return None
        del api.stored[name]
        return Answered(dropped=True)

    api.trouble = lost
    with ArticlesApi(api.address, KEY, pauses=QUICK) as connected:
        assert connected.delete("a1") is True
        api.trouble = lambda _method, _name: None
        assert connected.delete("a1") is False, "nobody deleted it now"
        waits = problem(429, "too_many_requests", "Later.")
        api.trouble = lambda method, name: waits if api.made(method).count(name) == 1 else None
        assert connected.delete("a9") is False, "who is told to wait was answered"


@pytest.mark.usefixtures("interruptible")
def test_removing_that_is_interrupted_tells_what_is_gone(api: ArticlesDouble, content: Path) -> None:
    push(api, content)
    api.trouble = lambda method, _: time.sleep(0.3) if method == "DELETE" else None
    names = [*(f"a{number}" for number in range(7)), *(f"b{number}" for number in range(60))]
    settings = {"SPILNO_STAGE": "local", "SPILNO_PUBLIC_URL": api.address, "SPILNO_CMS_KEY": KEY}
    with subprocess.Popen(
        [sys.executable, "-m", "ops", "articles", "remove", *names],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        until(lambda: len(api.stored) < 6, "the first articles")
        process.send_signal(signal.SIGINT)
        printed, complained = process.communicate(timeout=30)
    assert process.returncode == 130, complained
    assert "deleted  a" in printed
    assert "A few more than are named here may be gone. Run it again for the rest." in complained
    assert "Traceback" not in complained
