"""The sign-in desk, taken from the wiring."""

from chalicelib.signing_in.actions.ask import Desk
from chalicelib.wiring import Wiring


def desk_of(wiring: Wiring) -> Desk:
    """What asking to sign in needs."""
    return Desk(
        table=wiring.table,
        mailer=wiring.mailer,
        newsroom=wiring.newsroom,
        email_key=wiring.secrets["SPILNO_EMAIL_KEY"],
        public_url=wiring.settings.public_url,
        livemode=wiring.settings.livemode,
    )
