"""What several actions need together, taken from the wiring."""

from chalicelib.mail.actions.send import Postman
from chalicelib.rails.stripe.deps import StripeDeps
from chalicelib.wiring import Wiring


def deps_of(wiring: Wiring) -> StripeDeps:
    """What applying events needs."""
    return StripeDeps(
        table=wiring.table,
        stripe=wiring.stripe,
        newsroom=wiring.newsroom,
        email_key=wiring.secrets["SPILNO_EMAIL_KEY"],
        site_id=wiring.settings.site_id,
    )


def postman_of(wiring: Wiring) -> Postman:
    """What sending mails needs."""
    return Postman(
        table=wiring.table,
        mailer=wiring.mailer,
        newsroom=wiring.newsroom,
        email_key=wiring.secrets["SPILNO_EMAIL_KEY"],
        public_url=wiring.settings.public_url,
        livemode=wiring.settings.livemode,
    )
