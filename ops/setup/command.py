"""`setup`: the steps in their order."""

import sys

import click
import stripe
from botocore.exceptions import BotoCoreError, ClientError

from ops import stages
from ops.context import chosen_stage
from ops.output import say
from ops.setup import (
    aws_access,
    bucket,
    newsroom,
    payment_methods,
    portal,
    product,
    secret_store,
    sender,
    stage_questions,
)
from ops.setup.asking import Asker
from ops.setup.connections import Connections, SetupRefused
from ops.setup.journal import Journal
from ops.setup.outside import Outside, aws_code, stripe_said
from ops.setup.stripe_access import allowed, check_stripe
from ops.setup.webhook import mend_webhook
from ops.stages import StageWrong

_AGAIN = "What was done stays done; run the same command again to go on."


@click.command()
@click.option("--stage", type=click.Choice(stages.DEPLOYED), help="Which stage to set up.")
@click.option("--dry-run", is_flag=True, help="Ask and look, and say what would be changed; change nothing.")
@click.option("--yes", is_flag=True, help="Ask nothing: take what is there and what is proposed.")
@click.pass_context
def setup(context: click.Context, stage: str | None, *, dry_run: bool, yes: bool) -> None:
    """Make what a stage needs before it is deployed, and mend what has changed since.

    Asks, explains, and may be repeated and interrupted at any time. Secrets are asked unseen or read from the
    environment (STRIPE_SECRET_KEY), and go into the parameter store, nowhere else.
    """
    name = _stage(stage)
    outside = context.find_object(Outside) or Outside()
    journal = Journal(dry_run)
    try:
        _run(name, journal, Asker(yes), outside)
    except (KeyboardInterrupt, EOFError, click.Abort):
        say(f"\nStopped. {_AGAIN}", err=True)
        sys.exit(130)
    except StageWrong as error:
        raise SetupRefused(str(error)) from None
    except ClientError as error:
        raise SetupRefused(f"{_aws_said(error)} {_AGAIN}") from None
    except BotoCoreError as error:
        raise SetupRefused(f"No answer from AWS ({type(error).__name__}). {_AGAIN}") from None
    except stripe.StripeError as error:
        raise SetupRefused(f"{stripe_said(error).capitalize()}. {_AGAIN}") from None


def _stage(given: str | None) -> str:
    try:
        name = chosen_stage(given)
    except StageWrong as error:
        raise click.UsageError(str(error)) from None
    if name == "local":
        raise click.UsageError("Say which stage: --stage prod, or --stage dev to try it with a Stripe test key.")
    return name


def _run(name: str, journal: Journal, ask: Asker, outside: Outside) -> None:
    say(f"Setting up the stage '{name}'{' (a dry run: nothing is changed)' if journal.dry else ''}.", bold=True)
    if name == "prod":
        say("This is the stage of real money. To try everything first: --stage dev, with a Stripe test key.")
    connections = Connections(journal, ask, outside, aws_access.begin(name, ask, outside))
    aws_access.check_aws(connections)
    own = newsroom.own_newsroom(connections)
    address = newsroom.sender_of(own)
    stage_questions.ask_stage(connections, address)
    bucket.make_bucket(connections)
    store = secret_store.SecretStore(connections)
    secret_store.make_secrets(connections, store)
    check_stripe(connections, store)
    if connections.stripe is not None:
        allowed(connections, "The webhook endpoint", lambda: mend_webhook(connections, store))
        headline = own.product_name[own.languages[0]]
        allowed(
            connections,
            "The payment methods",
            lambda: connections.keep(PaymentMethods=payment_methods.mend_methods(connections)),
        )
        allowed(
            connections,
            "The product",
            lambda: connections.keep(
                Product=product.mend_product(connections, [own.product_name[lang] for lang in own.languages])
            ),
        )
        allowed(
            connections,
            "The portal",
            lambda: connections.keep(PortalConfiguration=portal.mend_portal(connections, headline)),
        )
    sender.check_sender(connections, address)
    journal.summary(f"make package STAGE={name} && .venv/bin/python -m ops deploy --stage {name}")


def _aws_said(error: ClientError) -> str:
    """A sentence on what AWS refused. AWS's own words only where they name a permission: others may quote a value."""
    code, operation = aws_code(error), error.operation_name
    if code in ("AccessDenied", "AccessDeniedException", "AuthorizationError"):
        return f"You may not do this at AWS: {error.response['Error'].get('Message', operation)}."
    return f"AWS refused {operation} ({code})."
