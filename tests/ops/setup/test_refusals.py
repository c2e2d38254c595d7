"""`ops setup` where AWS or Stripe says no, or somebody else was there first."""

from types import SimpleNamespace
from typing import Any

import pytest
import stripe
from botocore.exceptions import ClientError

from ops.setup.asking import Asker
from ops.setup.command import _aws_said
from ops.setup.connections import Connections, SetupRefused
from ops.setup.journal import Journal
from ops.setup.payment_methods import _created
from ops.setup.secret_store import SecretStore
from ops.setup.sender import _covers
from ops.stages import Stage
from tests.ops.setup.conftest import REGION, Died, Newcomer


def test_an_endpoint_whose_secret_could_not_be_stored_is_taken_back(newcomer: Newcomer) -> None:
    """Stripe shows the secret once: an endpoint that nobody can verify would only be refused, for three days."""

    def refuse(params: Any, **_: Any) -> None:
        if b"STRIPE_WEBHOOK_SECRET" in params["body"]:
            raise Died

    newcomer.outside.session.events.register("before-call.ssm.PutParameter", refuse)
    result = newcomer.run(answers=newcomer.answers)
    assert result.exit_code == 130, result.output
    assert "POST /webhook_endpoints" in newcomer.watch.writes
    assert newcomer.endpoints() == []


def test_a_secret_that_somebody_wrote_meanwhile_is_not_written_over(newcomer: Newcomer) -> None:
    connections = Connections(Journal(), Asker(), newcomer.outside, Stage("dev", REGION, "spilno-dev", "b"))
    store = SecretStore(connections)
    newcomer.aws("ssm").put_parameter(Name="/spilno/dev/SPILNO_EMAIL_KEY", Value="theirs", Type="SecureString")
    with pytest.raises(SetupRefused, match="by somebody else meanwhile"):
        store.put("SPILNO_EMAIL_KEY", "ours", "generate it", once=True)
    assert newcomer.secrets["SPILNO_EMAIL_KEY"] == "theirs"


@pytest.mark.parametrize(
    ("identity", "address", "covered"),
    [
        ("herald.example", "hi@herald.example", True),
        ("herald.example", "hi@mail.Herald.example", True),
        ("herald.example", "hi@otherherald.example", False),
        ("hi@herald.example", "Hi@herald.example", True),
        ("hi@herald.example", "news@herald.example", False),
    ],
)
def test_a_sender_is_covered_by_its_address_its_domain_or_a_domain_above(
    identity: str, address: str, covered: object
) -> None:
    assert _covers(identity, address) == covered


def test_aws_own_words_are_told_where_they_name_a_permission_and_nowhere_else() -> None:
    """Others may quote a value: PutParameter's are about a secret."""
    said = {"Message": "User is not authorized to perform: ssm:PutParameter"}
    denied = ClientError({"Error": {"Code": "AccessDeniedException", **said}}, "PutParameter")
    assert "ssm:PutParameter" in _aws_said(denied)
    quoting = ClientError({"Error": {"Code": "ValidationException", "Message": "canary is too long"}}, "PutParameter")
    assert _aws_said(quoting) == "AWS refused PutParameter (ValidationException)."


def test_a_way_to_pay_that_the_country_does_not_know_is_left_out(newcomer: Newcomer) -> None:
    """Played by a double: the stand-in's country knows them all."""
    asked: list[set[str]] = []

    def create(params: dict[str, Any]) -> Any:
        asked.append(set(params))
        if "blik" in params:
            raise stripe.InvalidRequestError("Unknown", param="blik[display_preference]")  # type: ignore[no-untyped-call] # Stripe left it untyped
        return SimpleNamespace(id="pmc_made")

    connections = Connections(Journal(), Asker(), newcomer.outside, Stage("dev", REGION, "spilno-dev", "b"))
    connections.stripe = SimpleNamespace(payment_method_configurations=SimpleNamespace(create=create))
    wanted: dict[str, Any] = {"card": {}, "blik": {}}
    assert _created(connections, "Spilno herald", wanted) == "pmc_made"
    assert asked == [{"name", "card", "blik"}, {"name", "card"}]
