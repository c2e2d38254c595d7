"""Every answer of the API, by the names that `web/routes.py` uses."""

from chalicelib.web.answers.giving import Checkout, CheckoutStatus, EventReceived, Health, Newsroom
from chalicelib.web.answers.reading import AccessDecision, Article, ArticleStored, StoredArticle
from chalicelib.web.answers.signing_in import Me, PortalLink, Session, SignInAsked

__all__ = [
    "AccessDecision",
    "Article",
    "ArticleStored",
    "Checkout",
    "CheckoutStatus",
    "EventReceived",
    "Health",
    "Me",
    "Newsroom",
    "PortalLink",
    "Session",
    "SignInAsked",
    "StoredArticle",
]
