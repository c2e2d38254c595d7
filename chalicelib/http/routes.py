"""The API at a glance: every route, what it takes, what it answers and which view does it.

`app.py` registers these with Chalice, the OpenAPI description is made from them, and a test resolves every name.
"""

from chalicelib.http.call import FORM, JSON
from chalicelib.http.route import Route

_BOTH = (JSON, FORM)
_WEBHOOK_LARGEST = 1024 * 1024
_ARTICLE_LARGEST = 3 * 1024 * 1024  # 350 KB of text may be escaped sixfold; the text itself is measured by the view

# Codes that any route may answer, beside its own.
GENERAL_CODES = (
    "bad_encoding",
    "bad_identifier",
    "bad_input",
    "bad_json",
    "foreign_origin",
    "internal",
    "mail_down",
    "missing_field",
    "stripe_down",
    "table_down",
    "secrets_down",
    "too_large",
    "unknown_field",
    "unsupported_media_type",
)

GIVING = (
    Route(
        "GET",
        "/v1/newsroom",
        "giving.views.newsroom:show",
        "What a donate button needs to know",
        answers=((200, "giving.views.answers:Newsroom"),),
    ),
    Route(
        "POST",
        "/v1/checkouts",
        "giving.views.checkouts:create",
        "Start a checkout at Stripe",
        request="giving.views.forms:NewCheckout",
        answers=((201, "giving.views.answers:Checkout"),),
        codes=(
            "unknown_currency",
            "unknown_interval",
            "bad_email",
            "bad_attempt",
            "bad_amount",
            "amount_too_small",
            "amount_too_large",
            "unknown_campaign",
            "bad_return_to",
            "bad_source",
            "attempt_changed",
            "attempt_finished",
            "attempt_elsewhere",
            "too_many_checkouts",
            "stripe_refused",
        ),
    ),
    Route(
        "GET",
        "/v1/checkouts/return",
        "giving.views.checkouts:come_back",
        "Back from Stripe: books the payment at once and goes on to the thank-you page",
        query="giving.views.forms:ComingBack",
        answers=((303, ""),),
        codes=("unknown_checkout",),
        page=True,
    ),
    Route(
        "GET",
        "/v1/checkouts/{id}",
        "giving.views.checkouts:show",
        "How a checkout stands, for the browser that started it",
        answers=((200, "giving.views.answers:CheckoutStatus"),),
        codes=("unknown_checkout", "too_many_looks"),
    ),
    Route(
        "GET",
        "/",
        "giving.views.donate:home",
        "Whoever comes to the bare address goes on to giving",
        answers=((303, ""),),
        page=True,
    ),
    Route(
        "GET",
        "/donate",
        "giving.views.donate:show",
        "The donation page",
        query="giving.views.forms:DonatePage",
        answers=((200, "html"),),
        page=True,
    ),
    Route(
        "POST",
        "/donate",
        "giving.views.donate:give",
        "The donation page's form; goes on to Stripe",
        answers=((303, ""),),
        takes=(FORM,),
        page=True,
        again=("giving.views.donate:again",),
    ),
    Route(
        "GET",
        "/thanks/{id}",
        "giving.views.thanks:show",
        "The thank-you page",
        answers=((200, "html"),),
        codes=("unknown_checkout",),
        page=True,
    ),
    Route(
        "POST",
        "/v1/stripe/webhook",
        "http.views.stripe_webhook:receive",
        "Stripe tells of an event",
        answers=((200, "http.answers:EventReceived"),),
        codes=("bad_signature", "bad_event", "thin_event", "event_not_stored"),
        largest_body=_WEBHOOK_LARGEST,
        takes=(),
        browser=False,
        secured_by="stripe",
    ),
)

SIGNING_IN = (
    Route(
        "POST",
        "/v1/sign-in",
        "signing_in.views.sign_in:ask",
        "Ask for a sign-in mail; the answer is the same for every address",
        request="signing_in.views.forms:SignIn",
        answers=((202, "signing_in.views.answers:SignInAsked"), (303, "")),
        codes=("bad_email", "bad_return_to", "too_many_sign_ins"),
        takes=_BOTH,
        page=True,
        again=("signing_in.views.sign_in:ask_again",),
    ),
    Route(
        "GET",
        "/sign-in",
        "signing_in.views.sign_in:show",
        "The sign-in page: an address, then a code",
        answers=((200, "html"),),
        page=True,
    ),
    Route(
        "GET",
        "/v1/sign-in/{token}",
        "signing_in.views.sign_in:show_link",
        "The page behind a mailed link; consumes nothing",
        answers=((200, "html"),),
        page=True,
    ),
    Route(
        "POST",
        "/v1/sign-in/confirm",
        "signing_in.views.sign_in:confirm",
        "Sign this browser in with a code, a link, or both",
        request="signing_in.views.forms:Confirm",
        answers=((200, "signing_in.views.answers:Session"), (303, "")),
        codes=("wrong_code", "code_expired", "other_browser", "code_needed", "bad_return_to"),
        takes=_BOTH,
        page=True,
        again=("giving.views.thanks:again", "signing_in.views.sign_in:confirm_again"),
    ),
    Route(
        "GET",
        "/v1/session",
        "signing_in.views.session:show",
        "Who is signed in, with a fresh pass",
        answers=((200, "signing_in.views.answers:Session"),),
    ),
    Route(
        "DELETE",
        "/v1/session",
        "signing_in.views.session:end",
        "Sign out, with ?everywhere=true on all devices",
        query="signing_in.views.forms:SignOut",
        answers=((200, "signing_in.views.answers:Session"),),
    ),
    Route(
        "GET",
        "/account",
        "account.views.account:show",
        "The supporter's own page",
        answers=((200, "html"), (303, "")),
        page=True,
    ),
    Route(
        "POST",
        "/account/sign-out",
        "account.views.account:sign_out",
        "Sign out from the account page",
        answers=((303, ""),),
        takes=(FORM,),
        page=True,
    ),
    Route(
        "GET",
        "/v1/me",
        "account.views.me:show",
        "A supporter's own data and gifts",
        answers=((200, "signing_in.views.answers:Me"),),
        codes=("not_signed_in",),
        secured_by="session",
    ),
    Route(
        "POST",
        "/v1/me/portal",
        "account.views.me:portal",
        "Stripe's portal, where a recurring gift is changed or stopped",
        request="signing_in.views.forms:Portal",
        answers=((200, "signing_in.views.answers:PortalLink"), (303, "")),
        codes=("not_signed_in", "nothing_to_manage", "bad_return_to", "too_many_portals"),
        takes=_BOTH,
        page=True,
        secured_by="session",
    ),
)

READING = (
    Route(
        "GET",
        "/v1/access",
        "reading.views.access:show",
        "Whether this reader may read what needs this",
        query="reading.views.forms:Access",
        answers=((200, "reading.views.answers:AccessDecision"),),
        codes=("unknown_tier", "bad_needs"),
    ),
    Route(
        "GET",
        "/v1/articles/{id}",
        "reading.views.articles:show",
        "An article: the whole text, or the teaser",
        answers=((200, "reading.views.answers:Article|reading.views.answers:StoredArticle"),),
        codes=("unknown_article", "unknown_key"),
    ),
    Route(
        "PUT",
        "/v1/articles/{id}",
        "reading.views.articles:put",
        "Put an article and its policy",
        request="reading.views.forms:NewArticle",
        answers=((200, "reading.views.answers:ArticleStored"),),
        codes=("unknown_key", "body_too_large", "teaser_too_large", "bad_access", "unknown_tier"),
        largest_body=_ARTICLE_LARGEST,
        browser=False,
        secured_by="cms",
    ),
    Route(
        "DELETE",
        "/v1/articles/{id}",
        "reading.views.articles:delete",
        "Take an article away",
        answers=((204, ""),),
        codes=("unknown_article", "unknown_key"),
        browser=False,
        secured_by="cms",
    ),
    Route(
        "GET",
        "/v1/articles/{id}/seal",
        "reading.views.seal:show",
        "What an article asks of its readers, the same for everybody",
        answers=((200, "reading.views.answers:Seal"),),
        codes=("unknown_article",),
        public=True,
    ),
    Route(
        "GET",
        "/read/{id}",
        "reading.views.read:show",
        "The same as a page of our own",
        answers=((200, "html"),),
        codes=("unknown_article",),
        page=True,
    ),
)

WEBSITE = (
    Route("GET", "/widget.js", "http.views.static:widget", "The custom elements", answers=((200, "javascript"),)),
    Route(
        "GET",
        "/donate.js",
        "http.views.static:donate",
        "The donation page's own small script",
        answers=((200, "javascript"),),
    ),
    Route("GET", "/favicon.ico", "http.views.static:icon", "The pages' icon", answers=((200, "svg"),)),
    Route("GET", "/openapi.json", "http.views.openapi:show", "This description", answers=((200, "json"),)),
    Route(
        "GET",
        "/v1/health",
        "http.views.health:show",
        "Whether we and our table answer",
        answers=((200, "http.answers:Health"),),
    ),
)

# Every address that is no route: a person gets a page. Not part of the API's description.
NOTHING_HERE = Route(
    "GET", "/{proxy+}", "http.views.missing:show", "Nothing is at this address", browser=False, page=True
)

ROUTES = GIVING + SIGNING_IN + READING + WEBSITE
