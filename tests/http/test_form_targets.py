"""Our forms end on Stripe's pages. Chromium holds a form's redirects against the policy, so a gap stops the gift."""

from chalicelib.http.page_answers import form_targets
from chalicelib.settings import from_environment

RECORDER = "http://127.0.0.1:9910"
STRIPE = ["https://checkout.stripe.com", "https://billing.stripe.com", "https://invoice.stripe.com"]
DEPLOYED = {
    "SPILNO_STAGE": "dev",
    "SPILNO_SITE_ID": "herald",
    "SPILNO_TABLE": "herald",
    "SPILNO_PUBLIC_URL": "https://support.news.example",
    "SPILNO_SITE_ORIGINS": "https://news.example",
    "SPILNO_PASS_KEYS": "k:3f9c1e7ab2d04856c7e1f0a9b8d2463e",
}


def test_the_stand_ins_pages_are_reached_even_when_its_api_is_called_through_a_recorder() -> None:
    for environ in ({}, {"STRIPE_API_BASE": RECORDER}):
        found = form_targets(from_environment(environ))
        assert {"http://127.0.0.1:8080", "http://127.0.0.1:*"} <= set(found)


def test_stripes_own_pages_are_reached_even_when_its_api_is_called_through_a_recorder() -> None:
    local = from_environment({"STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_API_BASE": RECORDER})
    assert set(STRIPE) <= set(form_targets(local))


def test_a_deployed_stage_leads_to_stripe_and_the_newsroom_alone() -> None:
    for environ in (DEPLOYED, {**DEPLOYED, "STRIPE_API_BASE": "https://recorder.example"}):
        assert form_targets(from_environment(environ)) == [*STRIPE, "https://news.example"]
