"""The one composition root: builds what the actions need, on first use.

Nothing heavy is imported up here. A gate check builds only the settings; botocore, stripe, pydantic and jinja2 are
loaded when somebody first asks for the table, Stripe or a page.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib import settings as settings_module
from chalicelib.kernel.moments import MachineClock

if TYPE_CHECKING:
    from chalicelib.aws.secrets import Secrets
    from chalicelib.kernel.moments import Clock
    from chalicelib.kernel.object_store import ObjectStore
    from chalicelib.kernel.table import Table
    from chalicelib.mail.actions.send import MailSender
    from chalicelib.mail.port import Mailer
    from chalicelib.newsroom.rules import Newsroom
    from chalicelib.rails.stripe.deps import StripeDeps
    from chalicelib.rails.stripe.port import Stripe
    from chalicelib.settings import Settings
    from chalicelib.supporters.rows.how_many import Remembered


class Wiring:
    """The dependencies of one process, each built on first use from the settings, unless it is handed over.

    `clock`: the machine's, if none is handed over; the local stack's business time can be moved.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        table: Table | None = None,
        secrets: Secrets | None = None,
        stripe: Stripe | None = None,
        mailer: Mailer | None = None,
        objects: ObjectStore | None = None,
    ) -> None:
        self.settings = settings
        told = clock or MachineClock()
        self.now, self.real_now = told.now, told.real_now
        if table is not None:
            self.table = table
        if secrets is not None:
            self.secrets = secrets
        if mailer is not None:
            self.mailer = mailer
        if objects is not None:
            self.objects = objects
        self._stripe = stripe
        self._stripe_by_key: tuple[str, Stripe] | None = None

    @cached_property
    def newsroom(self) -> Newsroom:
        """The newsroom's own settings, checked.

        :raises NewsroomFileWrong, TextWrong: naming the setting and what to write instead.
        """
        from pathlib import Path

        from chalicelib.newsroom.editor import hold_against
        from chalicelib.newsroom.file import NewsroomFileWrong
        from chalicelib.newsroom.texts import read

        try:
            content = Path(self.settings.newsroom_file).read_bytes()
        except OSError as error:
            why = type(error).__name__
            raise NewsroomFileWrong(f"The newsroom's file cannot be read ({why}). See SPILNO_NEWSROOM.") from None
        return hold_against(read(content), self.settings.site_origins)

    @cached_property
    def table(self) -> Table:
        """The one DynamoDB table."""
        from chalicelib.aws import dynamodb

        endpoint, local = self.settings.aws_endpoint, self.settings.local
        patient = dynamodb.client(endpoint, local=local)
        return dynamodb.DynamoTable(
            patient, self.settings.table, lambda: dynamodb.client(endpoint, local=local, hurried=True)
        )

    @cached_property
    def how_many(self) -> Remembered:
        """How many people support the newsroom, read at most once a minute."""
        from chalicelib.supporters.rows.how_many import Remembered

        return Remembered(self.table)

    @cached_property
    def objects(self) -> ObjectStore:
        """The store of objects outside the table: the bucket of the deployment."""
        from chalicelib.aws.s3 import S3Store

        asked = self.settings
        return S3Store(asked.bucket, asked.stage, asked.aws_endpoint, local=asked.local)

    @cached_property
    def secrets(self) -> Secrets:
        """Secrets that the gate does not need: Stripe's keys, the key of address hashes."""
        from chalicelib.aws.secrets import Secrets

        return Secrets(self.settings)

    @property
    def stripe(self) -> Stripe:
        """Stripe's API, of the pinned version; made anew when the key was rotated."""
        if self._stripe is not None:
            return self._stripe
        from chalicelib.rails.stripe.client import StripeApi

        key = self.secrets["STRIPE_SECRET_KEY"]
        if self._stripe_by_key is None or self._stripe_by_key[0] != key:
            chosen = self.settings
            api = StripeApi(key, chosen.stripe_api_base, payment_methods=chosen.payment_methods, portal=chosen.portal)
            self._stripe_by_key = key, api
        return self._stripe_by_key[1]

    @stripe.setter
    def stripe(self, stripe: Stripe) -> None:
        self._stripe = stripe

    @cached_property
    def mailer(self) -> Mailer:
        """The mail service: Amazon SES."""
        from chalicelib.aws.ses import SesMailer

        return SesMailer(self.settings.aws_endpoint, local=self.settings.local, mail_set=self.settings.mail_set)

    @property
    def mail_sender(self) -> MailSender:
        """The dependencies of sending mails."""
        from chalicelib.mail.actions.send import MailSender

        return MailSender(
            table=self.table,
            mailer=self.mailer,
            newsroom=self.newsroom,
            email_key=self.secrets["SPILNO_EMAIL_KEY"],
            public_url=self.settings.public_url,
            livemode=self.settings.livemode,
            real_now=self.real_now,
        )

    @property
    def stripe_deps(self) -> StripeDeps:
        """The dependencies of Stripe's rail, and of booking with it."""
        from chalicelib.rails.stripe.deps import StripeDeps

        return StripeDeps(
            table=self.table,
            stripe=self.stripe,
            newsroom=self.newsroom,
            email_key=self.secrets["SPILNO_EMAIL_KEY"],
            site_id=self.settings.site_id,
        )

    def signed_by_stripe(self, body: bytes, header: str) -> bool:
        """Whether the signature in the header is Stripe's, of exactly these bytes, and recent."""
        from chalicelib.rails.stripe import signature as stripe_signature

        secrets = stripe_signature.secrets_of(self.secrets["STRIPE_WEBHOOK_SECRET"])
        return stripe_signature.verified(body, header, secrets, self.real_now())


_installed: list[Wiring] = []


def install(wiring: Wiring) -> None:
    """Use this wiring in this process from now on; the local stack installs one with its own business clock."""
    _installed[:] = [wiring]


def uninstall() -> None:
    """Drop the installed wiring; the next `current()` makes one from the environment."""
    _installed.clear()


def current() -> Wiring:
    """The process's wiring, made from the environment when nobody installed one.

    :raises SettingsWrong: when the environment is wrong; a function must not start half-configured.
    """
    if not _installed:
        install(Wiring(settings_module.from_environment()))
    return _installed[0]
