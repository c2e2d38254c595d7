"""The addresses that bounce, tried as a person would: on the whole stack."""

import subprocess
import sys

import pytest
import requests

from localdev.ports import ROOT
from testkit.stack import Stack
from testkit.waiting import until


@pytest.mark.stack
def test_a_person_can_try_it_on_the_whole_stack(stack: Stack) -> None:
    address = "bounce+story@simulator.amazonses.com"

    def ask() -> int:
        answer = requests.post(f"{stack.app}/v1/sign-in", json={"email": address}, timeout=10)
        return answer.status_code

    def mails() -> int:
        return len(requests.get(f"{stack.mail}/messages", {"to": address}, timeout=10).json())

    def ops(*words: str) -> str:
        command = [sys.executable, "-m", "ops", *words]
        done = subprocess.run(command, cwd=ROOT, env=stack.environment, capture_output=True, text=True, check=True)
        return done.stdout

    assert ask() == 202
    until(lambda: mails() == 1, "the first code")
    until(lambda: "bounce" in ops("mail", "suppressed"), "the address to be suppressed")
    assert ask() == 202, "the same answer"
    assert mails() == 1, "and no mail"
    ops("mail", "allow", address, "--reason", "only the simulator")
    assert ask() == 202
    assert mails() == 2
