"""Every form of the API, by the names that `web/routes.py` uses."""

from chalicelib.web.forms.giving import ComingBack, DonateForm, DonatePage, NewCheckout
from chalicelib.web.forms.reading import Access, NewArticle
from chalicelib.web.forms.signing_in import Confirm, Portal, SignIn, SignOut

__all__ = [
    "Access",
    "ComingBack",
    "Confirm",
    "DonateForm",
    "DonatePage",
    "NewArticle",
    "NewCheckout",
    "Portal",
    "SignIn",
    "SignOut",
]
