"""The libraries that reach outside speak of what they carry; none of it gets into the log, at any level.

Every service is at an address that refuses, or answers with words of its own.
"""

import pytest

from chalicelib.aws import dynamodb
from chalicelib.aws.ses import SesMailer
from chalicelib.kernel.table import Put, TableRefused
from chalicelib.mail.port import MailUnavailable
from chalicelib.observing.log import log
from chalicelib.rails.stripe.client import StripeApi
from chalicelib.rails.stripe.port import StripeUnavailable
from testkit.faults import Wire, refused
from tests.observing.log_capture import LogCapture
from tests.observing.secrets_probe import SecretsProbe

NOBODY = "http://127.0.0.1:9"


def quiet(log_capture: LogCapture, secrets_probe: SecretsProbe, error: Exception, *talkative: str) -> None:
    """Those libraries did speak, and neither they nor our own line about the error gave anything away."""
    log.error("unexpected", trouble=error)
    written = log_capture.all()
    for library in talkative:
        assert f'"logger": "{library}' in written, library
    assert secrets_probe.heard_in(written) == []
    assert secrets_probe.heard_in(str(error)) == []


def test_stripe_and_its_parameters(log_capture: LogCapture) -> None:
    secrets_probe = SecretsProbe()
    stripe = StripeApi(f"sk_test_{secrets_probe.new('the Stripe key')}", NOBODY)
    params = {"customer_email": f"{secrets_probe.new('an address')}@reader.example", "mode": "payment"}
    with pytest.raises(StripeUnavailable) as failed:
        stripe.create_checkout_session(params, idempotency_key=secrets_probe.new("an attempt"))
    quiet(log_capture, secrets_probe, failed.value, "stripe", "urllib3")


def test_the_mail_service_and_a_whole_letter(log_capture: LogCapture) -> None:
    secrets_probe = SecretsProbe()
    letter = {name: secrets_probe.new(name) for name in ("subject", "text", "html", "message_id")}
    mailer = SesMailer(NOBODY, local=True)
    with pytest.raises(MailUnavailable) as failed:
        mailer.send(
            sender="a@b.example",
            to=f"{secrets_probe.new('an address')}@reader.example",
            lang="uk",
            kind="thanks",
            **letter,
        )
    quiet(log_capture, secrets_probe, failed.value, "botocore")


def test_the_table_and_what_it_says_of_an_item(log_capture: LogCapture) -> None:
    secrets_probe = SecretsProbe()
    connection = dynamodb.client(NOBODY, local=True)
    table = dynamodb.DynamoTable(connection, "nowhere")
    word = secrets_probe.new("an item")
    Wire(connection).always("PutItem", refused("ValidationException", message=f"cannot take {word}"))
    with pytest.raises(TableRefused) as failed:
        table.write(Put({"pk": word, "sk": word, "email": word}))
    quiet(log_capture, secrets_probe, failed.value, "botocore")
