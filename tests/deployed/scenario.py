"""The chapters of a deployed newsroom's life. Each asserts what matters as it goes and answers what tests look at."""

import json
from typing import Any

from testkit.calls import Reply
from testkit.visitor import Visitor
from testkit.waiting import until
from tests.deployed.house import daily_mails_are_put, somebody_is_erased, somebody_leaves
from tests.deployed.newsroom import DeployedNewsroom
from tests.deployed.visitor import a_wish, hidden_fields, program

SECRET_TEXT = "Хто насправді володіє греблею"  # stands in the gated part of the article only


def gives_once(newsroom: DeployedNewsroom) -> Visitor:
    """A reader without JavaScript gives ten euros once, comes back, and reads on in the same browser."""
    reader = newsroom.visitor()
    page = reader.get("/donate?lang=uk")
    assert page.status == 200, page.text
    fields = {**hidden_fields(page.text), "currency": "eur", "interval": "once", "amount": "1000", "lang": "uk"}
    sent_on = reader.submit("/donate", fields)
    assert sent_on.status == 303, sent_on.text
    checkout = sent_on.headers["location"].rpartition("/")[2]
    assert checkout.startswith("cs_"), sent_on.headers
    newsroom.pays(checkout, email=reader.email)
    back = reader.get(f"/v1/checkouts/return?session_id={checkout}")
    assert back.status == 303, back.text
    thanks = reader.get(back.headers["location"], Accept="text/html")
    assert thanks.status == 200, thanks.text
    assert reader.get(f"/v1/checkouts/{checkout}").json == {"status": "paid"}
    newsroom.mail(reader.email, "Дякуємо")
    return reader


def gives_monthly(newsroom: DeployedNewsroom) -> Visitor:
    """Another starts a monthly gift from the site's own button, by the JSON that the widget sends."""
    reader = newsroom.visitor()
    wish = a_wish(1000, "month")
    begun = reader.post("/v1/checkouts", {**wish, "email": reader.email})
    assert begun.status == 201, begun.text
    assert reader.post("/v1/checkouts", {**wish, "email": reader.email}).json == begun.json, "the same attempt again"
    newsroom.pays(begun.json["id"])
    until(lambda: reader.get(f"/v1/checkouts/{begun.json['id']}").json["status"] == "paid", "the monthly gift")
    newsroom.mail(reader.email, "Дякуємо")
    return reader


def signs_in(newsroom: DeployedNewsroom) -> Visitor:
    """The monthly supporter signs in on another device with the mailed code."""
    reader = newsroom.visitor()
    reader.email = newsroom.once(gives_monthly).email
    asked = reader.post("/v1/sign-in", {"email": reader.email, "locale": "uk"})
    assert asked.status == 202, asked.text
    code = newsroom.code(reader.email)
    assert reader.post("/v1/sign-in/confirm", {"code": "AAAA-AAAA"}).status == 400
    confirmed = reader.post("/v1/sign-in/confirm", {"code": code})
    assert confirmed.status == 200, confirmed.text
    assert reader.get("/v1/session").json["signed_in"] is True
    assert [gift["interval"] for gift in reader.get("/v1/me").json["recurring"]] == ["month"]
    assert reader.get("/account", Accept="text/html").status == 200
    assert reader.post("/v1/me/portal").status == 200
    return reader


def reads(newsroom: DeployedNewsroom) -> dict[str, Reply]:
    """The newsroom's system puts an article for supporters; a stranger, a giver and a supporter open it."""
    (key,) = newsroom.ops("keys", "create", "--for", "cms")
    system = program(newsroom.deployed.api)
    article = {
        "title": "Гребля", "url": "https://news.example/hreblia", "access": "members",
        "teaser_html": "<p>Про греблю говорять усі.</p>", "body_html": f"<p>{SECRET_TEXT}?</p>",
    }  # fmt: skip
    bearer = {"Authorization": f"Bearer {key['key']}"}
    stored = system.put("/v1/articles/hreblia", article, **bearer)
    assert stored.status == 200, stored.text
    stranger, giver, supporter = newsroom.visitor(), newsroom.once(gives_once), newsroom.once(signs_in)
    seen = {
        "stranger": stranger.get("/v1/articles/hreblia"),
        "giver": giver.get("/v1/articles/hreblia"),
        "supporter": supporter.get("/v1/articles/hreblia"),
        "page": supporter.get("/read/hreblia", Accept="text/html"),
    }
    assert system.put("/v1/articles/fading", {**article, "title": "Чернетка"}, **bearer).status == 200
    assert system.delete("/v1/articles/fading", **bearer).status == 204
    return seen


def checks_the_gate(newsroom: DeployedNewsroom) -> Reply:
    """The site asks whether the supporter may read, with the pass alone: no table, no call at all."""
    supporter = newsroom.once(signs_in)
    token = supporter.get("/v1/session").json["pass"]
    gate = program(newsroom.deployed.api)
    before = len(newsroom.deployed.cloud.questions())
    decided = gate.get("/v1/access?needs=members", Authorization=f"Bearer {token}")
    assert len(newsroom.deployed.cloud.questions()) == before, "a gate check asks AWS for nothing"
    return decided


def money_goes_back(newsroom: DeployedNewsroom) -> list[Any]:
    """One gift is given back, one is disputed and lost; the ledger says so."""
    gifts = {}
    for kind in ("refund", "dispute"):
        reader = newsroom.visitor()
        begun = reader.post("/v1/checkouts", a_wish()).json
        paid = newsroom.pays(begun["id"], email=reader.email)
        gifts[kind] = paid["payment_intent"]
        newsroom.mail(reader.email, "Дякуємо")
        newsroom.stripe.control(f"payments/{gifts[kind]}/{kind}")
    return [newsroom.ops("ledger"), gifts]


def webhooks_fail(newsroom: DeployedNewsroom) -> dict[str, Any]:
    """Stripe is down while its event is applied, SES while a mail goes out; the sweep takes both up."""
    reader = newsroom.visitor()
    begun = reader.post("/v1/checkouts", a_wish(3000)).json
    newsroom.stripe.control("faults", path="/v1/payment_intents", status=500, times=50, method="GET")
    newsroom.stripe.control("faults", path="/v1/checkout/sessions", status=500, times=50, method="GET")
    newsroom.pays(begun["id"], email=reader.email)
    until(newsroom.waiting, "an event that could not be applied")
    assert [event["status"] for event in newsroom.ops("inbox")], "what `ops inbox` shows"
    newsroom.stripe.control("faults", path="/v1/payment_intents", status=500, times=0)
    newsroom.stripe.control("faults", path="/v1/checkout/sessions", status=500, times=0)
    newsroom.a_minute_passes()
    swept = newsroom.fire("Sweep")
    newsroom.mail(reader.email, "Дякуємо")
    return dict(swept)


def gives_while_deliveries_are_lost(newsroom: DeployedNewsroom) -> tuple[Visitor, Any]:
    """A gift that Stripe never tells us of; the reader, and what was paid."""
    newsroom.stripe.control("deliveries", mode="drop")
    reader = newsroom.visitor()
    begun = reader.post("/v1/checkouts", a_wish(1500)).json
    paid = newsroom.pays(begun["id"], email=reader.email)
    newsroom.stripe.control("deliveries", mode="normal")
    return reader, paid


def gives_on_a_day_that_has_ended(newsroom: DeployedNewsroom) -> Visitor:
    """Before all else, while Stripe's clock is two days back: a gift of which no event is left. Then it is today."""
    reader, paid = gives_while_deliveries_are_lost(newsroom)
    for event in paid["events"]:
        newsroom.stripe.control(f"events/{event['id']}/forget")
    newsroom.stripe.control("clock/advance", days=2)
    return reader


def webhooks_are_lost(newsroom: DeployedNewsroom) -> dict[str, Any]:
    """Deliveries are lost; each ring of reconcile finds a gift of its own, that of money one of a day before."""
    found: dict[str, Any] = {}
    for ring in ("ReconcileUndelivered", "ReconcileEvents", "ReconcileMoney"):
        if ring == "ReconcileMoney":
            reader = newsroom.once(gives_on_a_day_that_has_ended)
        else:
            reader, _ = gives_while_deliveries_are_lost(newsroom)
        found[ring] = newsroom.fire(ring)
        newsroom.mail(reader.email, "Дякуємо")
    return found


def supporters_are_counted(newsroom: DeployedNewsroom) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after the first payment of a monthly gift that still runs is given back."""
    reader = newsroom.visitor()
    begun = reader.post("/v1/checkouts", a_wish(2000, "month")).json
    paid = newsroom.pays(begun["id"], email=reader.email)
    newsroom.mail(reader.email, "Дякуємо")
    before = newsroom.fire("CountSupporters")
    newsroom.stripe.control(f"payments/{paid['payment_intent']}/refund")
    newsroom.mail(reader.email, "повернули")
    return before, newsroom.fire("CountSupporters")


def ses_tells_of_a_bounce(newsroom: DeployedNewsroom, address: str) -> None:
    """What SES publishes to the stack's topic when an address is gone for good."""
    told = {
        "eventType": "Bounce",
        "bounce": {
            "bounceType": "Permanent", "bounceSubType": "General", "timestamp": "2026-08-01T09:00:00.000Z",
            "bouncedRecipients": [{"emailAddress": address, "status": "5.1.1", "action": "failed"}],
        },
        "mail": {
            "timestamp": "2026-08-01T09:00:00.000Z", "messageId": "0102019", "destination": [address],
            "source": "support@nadrichchia.example", "tags": {"kind": ["sign_in"]},
        },
    }  # fmt: skip
    # AWS hands over an empty subject and no attributes as such; ministack leaves them out, so here are some.
    newsroom.deployed.cloud.client("sns").publish(
        TopicArn=newsroom.deployed.outputs["MailFeedbackTopicArn"],
        Subject="Amazon SES Email Event Notification",
        Message=json.dumps(told),
        MessageAttributes={"proof": {"DataType": "String", "StringValue": "yes"}},
    )


def until_logged(newsroom: DeployedNewsroom, function: str, words: str) -> None:
    """Wait until a function has logged these words."""
    until(
        lambda: any(words in line for line in newsroom.deployed.log(function)), f"{words!r} in the log of {function}"
    )


def mail_bounces(newsroom: DeployedNewsroom) -> int:
    """An address is gone: it gets no mail any more. Answers how many still went there."""
    reader = newsroom.visitor()
    assert reader.post("/v1/sign-in", {"email": reader.email}).status == 202
    newsroom.mail(reader.email, "")
    before = len(newsroom.deployed.cloud.mails(reader.email))
    ses_tells_of_a_bounce(newsroom, reader.email)
    until_logged(newsroom, "MailFeedback", '"suppressed": 1')
    assert reader.post("/v1/sign-in", {"email": reader.email}).status == 202
    return len(newsroom.deployed.cloud.mails(reader.email)) - before


def signs_out(newsroom: DeployedNewsroom) -> Reply:
    """The supporter signs out on all devices."""
    for chapter in (reads, checks_the_gate):
        newsroom.once(chapter)
    return newsroom.once(signs_in).delete("/v1/session?everywhere=true")


CHAPTERS = (
    gives_once, gives_monthly, signs_in, reads, checks_the_gate, money_goes_back, webhooks_fail, webhooks_are_lost,
    supporters_are_counted, daily_mails_are_put, somebody_leaves, somebody_is_erased, mail_bounces, signs_out,
)  # fmt: skip
