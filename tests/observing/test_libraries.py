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
from tests.observing.canaries import Canaries
from tests.observing.ear import Ear
from tests.support.faults import Wire, refused

NOBODY = "http://127.0.0.1:9"


def quiet(ear: Ear, canaries: Canaries, error: Exception, *talkative: str) -> None:
    """Those libraries did speak, and neither they nor our own line about the error gave anything away."""
    log.error("unexpected", trouble=error)
    written = ear.all()
    for library in talkative:
        assert f'"logger": "{library}' in written, library
    assert canaries.heard_in(written) == []
    assert canaries.heard_in(str(error)) == []


def test_stripe_and_its_parameters(ear: Ear) -> None:
    canaries = Canaries()
    stripe = StripeApi(f"sk_test_{canaries.new('the Stripe key')}", NOBODY)
    params = {"customer_email": f"{canaries.new('an address')}@reader.example", "mode": "payment"}
    with pytest.raises(StripeUnavailable) as failed:
        stripe.create_checkout_session(params, idempotency_key=canaries.new("an attempt"))
    quiet(ear, canaries, failed.value, "stripe", "urllib3")


def test_the_mail_service_and_a_whole_letter(ear: Ear) -> None:
    canaries = Canaries()
    letter = {name: canaries.new(name) for name in ("subject", "text", "html", "message_id")}
    mailer = SesMailer(NOBODY, local=True)
    with pytest.raises(MailUnavailable) as failed:
        mailer.send(sender="a@b.example", to=f"{canaries.new('an address')}@reader.example", kind="thanks", **letter)
    quiet(ear, canaries, failed.value, "botocore")


def test_the_table_and_what_it_says_of_an_item(ear: Ear) -> None:
    canaries = Canaries()
    connection = dynamodb.client(NOBODY, local=True)
    table = dynamodb.DynamoTable(connection, "nowhere")
    word = canaries.new("an item")
    Wire(table).always("PutItem", refused("ValidationException", message=f"cannot take {word}"))
    with pytest.raises(TableRefused) as failed:
        table.write(Put({"pk": word, "sk": word, "email": word}))
    quiet(ear, canaries, failed.value, "botocore")
