"""The local stack's life: it starts whole, ends whole whatever ends it, and keeps its data each time."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from localdev import aws
from localdev.ports import ROOT
from testkit.ports import HOST, free_port
from testkit.stack import Stack
from testkit.waiting import until

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]
MAKE = ("make", "--no-print-directory", "run")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Stack]:
    """A stack of this test's own; nothing of it may be left afterwards."""
    stack = Stack(tmp_path / "data")
    yield stack
    stack.stop()
    until(lambda: not processes_of(stack), f"the end of {processes_of(stack)}", 60)


def processes_of(stack: Stack) -> dict[int, str]:
    """Every process that has this stack's data directory in its environment or arguments."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            told = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(stack.data).encode() in told and command and int(entry.name) != os.getpid():
            found[int(entry.name)] = command
    return found


def leave_a_trace(stack: Stack, name: str) -> None:
    """Something in the table and something in the mailbox."""
    table(stack).put_item(TableName="spilno-local", Item={"pk": {"S": name}, "sk": {"S": "TRACE"}})
    aws.client("sesv2", stack.ports.url("aws")).send_email(
        FromEmailAddress="support@nadrichchia.example",
        Destination={"ToAddresses": ["trace@example.com"]},
        Content={"Simple": {"Subject": {"Data": name}, "Body": {"Text": {"Data": "слід"}}}},
    )


def traces(stack: Stack) -> tuple[set[str], set[str]]:
    """The traces that are still in the table, and those in the mailbox."""
    items = table(stack).scan(TableName="spilno-local")["Items"]
    mails = requests.get(f"{stack.mail}/messages", params={"to": "trace@example.com"}, timeout=10).json()
    in_table = {item["pk"]["S"] for item in items if item["sk"]["S"] == "TRACE"}
    return in_table, {mail["subject"] for mail in mails}


def table(stack: Stack) -> Any:
    return aws.client("dynamodb", stack.ports.url("aws"))


@pytest.mark.parametrize("command", [(), MAKE], ids=["supervisor", "make"])
def test_whatever_ends_it_ends_all_of_it_and_the_data_stays(own: Stack, command: tuple[str, ...]) -> None:
    """The signal goes to the one process alone. GNU make hands on SIGTERM only, and nothing after `kill -9`."""
    left: set[str] = set()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL):
        if signal.getsignal(number) == signal.SIG_IGN and (command or number == signal.SIGHUP):
            continue  # these tests run in the background or under nohup, which make and the stack heed
        own.start(command)
        own.wait_until_ready()
        assert traces(own) == (left, left)
        leave_a_trace(own, number.name)
        left.add(number.name)
        if not command and number == signal.SIGKILL:
            # Nobody is left to end the parts in order: a mail of the last second may go with local AWS.
            until(lambda: traces(own) == (left, left), "the mailbox's own copy", 30)
        own.send(number)
        status = own.wait_for_the_end()
        if not command and number != signal.SIGKILL:
            assert status == 0
            assert not processes_of(own), "the supervisor is the last to go"
        until(lambda: not processes_of(own), f"the end of {processes_of(own)}", 60)
    own.start()
    own.wait_until_ready()
    assert traces(own) == (left, left)


def test_a_signal_during_the_start_ends_what_had_started(own: Stack) -> None:
    own.start()
    until((own.data / "logs" / "aws.log").exists, "the first child")
    own.send(signal.SIGINT)
    assert own.wait_for_the_end() == 0
    assert not processes_of(own)


def test_every_taken_port_is_named_with_its_setting_before_anything_starts(own: Stack) -> None:
    with socket.create_server((HOST, own.ports.app)), socket.create_server((HOST, own.ports.mail)):
        own.start()
        assert own.wait_for_the_end() == 1
    said = own.said()
    assert f"Port {own.ports.app}, for the app, is taken." in said
    assert "SPILNO_PORT=" in said
    assert f"Port {own.ports.mail}, for the mailbox, is taken." in said
    assert "SPILNO_MAIL_PORT=" in said
    assert "Traceback" not in said
    assert not (own.data / "logs").exists()


def test_a_second_stack_on_the_same_data_is_refused(own: Stack) -> None:
    own.start()
    own.wait_until_ready()
    second = Stack(own.data)
    second.output = own.data.parent / "second.out"
    second.start()
    assert second.wait_for_the_end() == 1
    assert "Another local stack" in second.said()
    assert "SPILNO_DATA" in second.said()


def test_a_part_that_dies_takes_the_stack_down_with_a_clear_message(own: Stack) -> None:
    own.start()
    own.wait_until_ready()
    victim = next(pid for pid, command in processes_of(own).items() if command.endswith("localdev.scheduler "))
    os.kill(victim, signal.SIGKILL)
    assert own.wait_for_the_end() == 1
    assert "the scheduled jobs ended by itself (killed by SIGKILL)" in own.said()
    assert not processes_of(own)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"SPILNO_PORT": "eight"}, "SPILNO_PORT is 'eight'. Write a port number"),
        ({"SPILNO_STAGE": "prod"}, "SPILNO_STAGE is 'prod'"),
        ({"STRIPE_SECRET_KEY": "sk_live_x"}, "live key"),
    ],
)
def test_a_wrong_setting_is_one_sentence(tmp_path: Path, settings: dict[str, str], words: str) -> None:
    stack = Stack(tmp_path / "data", settings)
    stack.start()
    assert stack.wait_for_the_end() == 1
    assert words in stack.said()
    assert "Traceback" not in stack.said()


def test_without_a_kernel_that_tells_the_keeper_watches_itself() -> None:
    """As on a Mac: the child ends within a second of its parent."""
    port = free_port()
    keeper = [sys.executable, "-m", "localdev.keeper", str(os.getpid()), "http.server", str(port), "--bind", HOST]
    script = f"import os, subprocess, sys; a = {keeper!r}; a[3] = str(os.getpid()); subprocess.Popen(a); input()"
    environment = {**os.environ, "SPILNO_KEEPER": "watch"}
    parent = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert parent.stdin
    try:
        until(lambda: listens(port), "the child")
        parent.kill()
        parent.wait()
        until(lambda: not listens(port), "its end", 5)
    finally:
        parent.kill()
        parent.stdin.close()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
