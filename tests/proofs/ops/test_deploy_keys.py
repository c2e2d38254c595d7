"""The keys that open articles, as `ops deploy` hands them over: the seal key that a stage lacks, and wrong ones."""

from typing import Any

import pytest

from ops.deploy import Deployment
from tests.ops.small_package import PASS_KEYS, Bench


def seal_keys(bench: Bench) -> list[str]:
    path = "/spilno/dev/SPILNO_SEAL_KEYS"
    found = bench.aws("ssm").get_parameters(Names=[path], WithDecryption=True)["Parameters"]
    assert {one["Type"] for one in found} <= {"SecureString"}
    return [one["Value"] for one in found]


def given_seal_keys(bench: Bench) -> list[str]:
    """What the function of the stack has in its environment."""
    (function,) = bench.aws("lambda").list_functions()["Functions"]
    return [function["Environment"]["Variables"]["SPILNO_SEAL_KEYS"]]


@pytest.fixture
def of_before(bench: Bench) -> Bench:
    """A stage from before articles could be sealed, and a package of today."""
    bench.aws("ssm").delete_parameter(Name="/spilno/dev/SPILNO_SEAL_KEYS")
    variables = {"Variables": {"SPILNO_SEAL_KEYS": {"Ref": "SealKeys"}}}
    bench.template["Resources"]["Sweep"]["Properties"]["Environment"] = variables
    bench.pack()
    return bench


class TestAStageOfBeforeSealedArticles:
    def test_gets_its_key_by_the_deployment_once(self, of_before: Bench) -> None:
        said = of_before.good("--yes")
        assert "There is no SPILNO_SEAL_KEYS yet" in said
        (made,) = seal_keys(of_before)
        assert made not in said
        assert given_seal_keys(of_before) == [made]
        assert "There is no SPILNO_SEAL_KEYS yet" not in of_before.good("--yes")
        assert seal_keys(of_before) == given_seal_keys(of_before) == [made]

    @pytest.mark.parametrize("code", ["", "pass"])
    def test_that_lost_it_from_the_store_gets_the_functions_own_back(self, of_before: Bench, code: str) -> None:
        """Another one would be the end of every copy. With and without anything else to deploy."""
        of_before.good("--yes")
        (made,) = seal_keys(of_before)
        of_before.aws("ssm").delete_parameter(Name="/spilno/dev/SPILNO_SEAL_KEYS")
        if code:
            of_before.pack(code)
        said = of_before.good("--yes")
        assert "has lost SPILNO_SEAL_KEYS" in said
        assert made not in said
        assert seal_keys(of_before) == given_seal_keys(of_before) == [made]

    def test_gets_none_where_nothing_is_deployed(self, of_before: Bench) -> None:
        of_before.good("--dry-run")
        assert "Nothing was changed" in of_before.bad(answer="n\n")
        assert seal_keys(of_before) == []

    def test_gets_none_by_a_package_that_could_not_use_it(self, of_before: Bench) -> None:
        del of_before.template["Parameters"]["SealKeys"]
        of_before.template["Resources"]["Sweep"]["Properties"]["Environment"] = {"Variables": {}}
        of_before.pack()
        assert "SPILNO_SEAL_KEYS" not in of_before.good("--yes")
        assert seal_keys(of_before) == []

    def test_is_not_deployed_with_a_key_that_nobody_keeps(
        self, of_before: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Somebody else deploys at the same moment: their key stands, and ours is used nowhere."""
        theirs = f"theirs:{'canaryOfTheirKey-0123456789' * 2}"
        asked = Deployment._agree

        def meanwhile(self: Deployment, *more: Any, **named: Any) -> None:
            asked(self, *more, **named)
            of_before.aws("ssm").put_parameter(Name="/spilno/dev/SPILNO_SEAL_KEYS", Value=theirs, Type="SecureString")

        monkeypatch.setattr(Deployment, "_agree", meanwhile)
        assert "ParameterAlreadyExists" in of_before.bad("--yes")
        assert seal_keys(of_before) == [theirs]
        assert of_before.stacks() == []


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SPILNO_SEAL_KEYS", "s1:canaryTooShort", "43 characters"),
        ("SPILNO_SEAL_KEYS", f"s1:{PASS_KEYS.partition(':')[2]}01234567", "holds a key of SPILNO_PASS_KEYS"),
        ("SPILNO_PASS_KEYS", "k1:canaryTooShort", "at least 32 characters"),
    ],
)
def test_keys_with_which_no_function_would_start_are_not_deployed(
    bench: Bench, name: str, value: str, told: str
) -> None:
    ssm = bench.aws("ssm")
    ssm.put_parameter(Name=f"/spilno/dev/{name}", Value=value, Type="SecureString", Overwrite=True)
    if "01234567" in value:
        passes = f"k1:{value.partition(':')[2]}"
        ssm.put_parameter(Name="/spilno/dev/SPILNO_PASS_KEYS", Value=passes, Type="SecureString", Overwrite=True)
    said = bench.bad("--yes")
    assert told in said
    assert "The functions would not start with it." in said
    assert bench.stacks() == []


class TestTheGateAtTheEdge:
    ARN = "arn:aws:cloudfront::123456789012:key-value-store/0a1b"

    def test_a_stack_with_its_store_is_told_after_each_deployment_or_it_is_said(self, bench: Bench) -> None:
        """What is then written, and how it is signed: tests/proofs/ops/test_edge_keys_signed.py."""
        bench.template["Outputs"]["EdgeKeysArn"] = {"Value": self.ARN}
        bench.pack()
        for words in ("Deployed.", "Nothing would change"):
            said = bench.good("--yes")
            assert words in said
            assert "The gate at the edge was told nothing" in said, "What signs it is not installed here."
            assert PASS_KEYS not in said

    def test_a_stack_without_one_hears_nothing_of_it(self, bench: Bench) -> None:
        assert "edge" not in bench.good("--yes")
