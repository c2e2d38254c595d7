"""Everything that anybody can ask of a newsroom, each with words that must not be heard in every place there is.

A visit is prepared in peace; what it then does, it does while something may fail. It answers the replies it got.
"""

import json
import traceback
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

import app
from chalicelib.checkouts.rules.wish import Wish
from chalicelib.closing.rows import seals
from chalicelib.closing.rules.days import READY, day_of
from chalicelib.rails.stripe.understand import HANDLED
from localdev.gateway.context import LambdaContext
from localdev.scheduler import event as scheduled
from testkit.calls import API, SITE, Reply, event, invoke
from testkit.clock import NOW
from testkit.mail_feedback import bounce, complaint, sns
from testkit.visitor import Visitor
from testkit.webhooks import Json, one
from tests.observing.newsroom import ProbedNewsroom

Act = Callable[[], Iterable[Reply]]
COOKIES = ("session", "pass", "checkout", "pending", "known")
TYPED = "the body's address"  # a form that could not be done comes back with what its reader typed


def ran(function: str, handed: Any) -> Iterable[Reply]:
    """A job as Lambda runs it; if it fails, what Lambda would write of it, as if it were an answer."""
    try:
        getattr(app, function)(handed, LambdaContext(function))
    except Exception as error:  # noqa: BLE001 - Lambda writes down kind, words and frames of whatever comes out
        frames = "".join(traceback.format_tb(error.__traceback__))
        return [Reply(500, {}, (), f"{type(error).__name__}: {error}\n{frames}")]
    return []


# ---- a stranger with words in every place there is, on every route ----


def stranger(newsroom: ProbedNewsroom, method: str, pattern: str) -> Act:
    """Eight calls of one route: JSON, broken JSON, a form, and what is neither; as a script and as a browser asks."""
    new = newsroom.secrets_probe.new
    part = {"{id}": new("an identifier in the path"), "{token}": f"{new('a request')}.{new('a token in the path')}"}
    path = "/".join(part.get(each, each) for each in pattern.split("/"))
    names = ("session_id", "needs", "lang", "amount", "currency", "interval", "campaign", "source", "return_to", "q")
    query = urlencode({name: new(f"the query's {name}") for name in names})
    fields = ("email", "code", "token", "attempt", "source", "return_to", "title", "url", "body_html", "teaser_html")
    body = {name: new(f"the body's {name}") for name in fields}
    mailed = {**body, "email": f"{new(TYPED)}@reader.example"}
    headers = {
        "Host": new("the host"),
        "User-Agent": new("the browser's name"),
        "Referer": f"https://{new('where from')}.example/{new('a path')}",
        "X-Forwarded-For": new("an address of a network"),
        "X-Spilno-Proxy": new("a proxy's word"),
        "X-Amzn-RequestId": new("an identifier of the caller's"),
        "Authorization": f"Bearer {new('a key')}",
        "Stripe-Signature": f"t={NOW},v1={new('a signature')}",
        "Accept-Language": new("a language"),
        "Cookie": "; ".join(f"__Host-spilno-{name}-8000={new(f'the cookie {name}')}" for name in COOKIES),
    }

    def act() -> Iterable[Reply]:
        for origin, kind, text in (
            (SITE, "application/json", json.dumps(mailed)),
            (SITE, "application/json", json.dumps(body)[:-9]),
            (API, "application/x-www-form-urlencoded", urlencode(mailed)),
            (f"https://{new('an origin')}.example", "text/plain", json.dumps(body)),
        ):
            for accept in ("application/json", "text/html"):
                sent = {**headers, "Origin": origin, "Content-Type": kind, "Accept": accept}
                asked = event(method, f"{path}?{query}", "" if method == "GET" else text, sent, "192.0.2.77")
                asked["requestContext"]["requestId"] = new("an identifier of the caller's")
                yield invoke(asked)

    return act


# ---- those who may ----


def gives(newsroom: ProbedNewsroom) -> Act:
    """From the button to thanks."""
    visitor, secrets_probe = newsroom.visitor(), newsroom.secrets_probe
    attempt = secrets_probe.new("an attempt")
    wish = {"amount": 500, "currency": "eur", "interval": "once", "attempt": attempt, "email": newsroom.email}
    wish["return_to"] = f"/{secrets_probe.new('where to')}"
    form = {
        "amount": "500",
        "currency": "eur",
        "interval": "month",
        "attempt": secrets_probe.new("the body's attempt"),
    }

    def act() -> Iterable[Reply]:
        started = visitor.post("/v1/checkouts", wish)
        yield started
        yield visitor.submit("/donate", form)
        yield visitor.navigate(f"/donate?{urlencode({'email': newsroom.email})}")
        if started.status != 201:
            return
        session = started.json["id"]
        newsroom.stripe.pay(session, newsroom.email)
        yield visitor.get(f"/v1/checkouts/{session}")
        yield visitor.navigate(f"/v1/checkouts/return?session_id={session}")
        yield visitor.navigate(f"/thanks/{session}")

    return act


def _told(newsroom: ProbedNewsroom, events: list[Json]) -> Act:
    handled = [each for each in events if each["type"] in HANDLED]
    return lambda: (newsroom.delivered(each) for each in handled)


def stripe_tells_of_a_gift(newsroom: ProbedNewsroom) -> Act:
    """One gift."""
    return _told(newsroom, newsroom.gives(1000, "once", newsroom.email))


def stripe_tells_of_a_monthly_gift(newsroom: ProbedNewsroom) -> Act:
    """The first payment of one."""
    return _told(newsroom, newsroom.gives(500, "month", newsroom.email))


def stripe_tells_what_went_back(newsroom: ProbedNewsroom) -> Act:
    """A part of a gift is given back, and the bank disputes the rest."""
    for each in newsroom.gives(1000, "once", newsroom.email):
        newsroom.delivered(each)
    payment = newsroom.stripe.of("payment_intent")[0]["id"]
    return _told(newsroom, [*newsroom.stripe.gives_back(payment, 300), *newsroom.stripe.bank_disputes(payment)])


def stripe_tells_of_refused_cards(newsroom: ProbedNewsroom) -> Act:
    """Ten of them, in one checkout."""
    session = newsroom.starts(Wish(700, "eur", "once"))
    declined = [newsroom.stripe.declines(session, newsroom.email) for _ in range(10)]
    for each in declined[:9]:
        newsroom.delivered(one(each, "payment_intent.payment_failed"))
    return _told(newsroom, declined[9])


def nobody_sends_an_event(newsroom: ProbedNewsroom) -> Act:
    """Signed and no event; and not signed at all."""
    new = newsroom.secrets_probe.new
    # The type is Stripe's own word and may be told; nobody else can sign one.
    broken = json.dumps({"id": "evt_1", "type": "gift.made_up", "data": new("no object")}).encode()
    about = {"type": "gift.made_up", "livemode": False, "data": {"object": {"email": new("an address")}}}
    odd = json.dumps({"id": "evt_2", **about})

    def act() -> Iterable[Reply]:
        yield newsroom.post_raw(broken)
        yield newsroom.post_raw(broken, f"t=1,v1={newsroom.secrets_probe.new('a signature')}")
        yield newsroom.post_raw(odd.encode())

    return act


def signs_in(newsroom: ProbedNewsroom) -> Act:
    """By code, by link, in vain; and out again."""
    visitor, other = newsroom.visitor(), newsroom.visitor()

    def act() -> Iterable[Reply]:
        sent = len(newsroom.mails.sent)
        yield visitor.post("/v1/sign-in", {"email": newsroom.email, "return_to": "/about"})
        yield visitor.submit("/v1/sign-in", {"email": f"{newsroom.secrets_probe.new(TYPED)}@x.example"})
        if len(newsroom.mails.sent) < sent + 2:
            return
        mail = newsroom.mails.sent[sent]
        yield other.navigate(f"/v1/sign-in/{mail.token}")
        yield other.post("/v1/sign-in/confirm", {"token": mail.token})
        yield visitor.post("/v1/sign-in/confirm", {"code": "0000-0000"})
        yield visitor.post("/v1/sign-in/confirm", {"code": mail.code})
        yield visitor.get("/v1/session")
        yield visitor.call("DELETE", "/v1/session?everywhere=true")

    return act


def looks_after_their_account(newsroom: ProbedNewsroom) -> Act:
    """The account, the portal."""
    visitor = newsroom.reader()

    def act() -> Iterable[Reply]:
        yield visitor.get("/v1/me")
        yield visitor.navigate("/account")
        yield visitor.post("/v1/me/portal", {})
        yield visitor.submit("/account/sign-out", {})

    return act


def reads(newsroom: ProbedNewsroom) -> Act:
    """What the CMS puts, and what a reader and a stranger get of it."""
    visitor, stranger, cms = newsroom.reader(), newsroom.visitor(), Visitor(origin=None)
    new, key = newsroom.secrets_probe.new, newsroom.cms_key()
    article = new("an article's name")
    body = {"title": new("a title"), "url": f"{SITE}/{article}", "access": "members"}
    body |= {"teaser_html": f"<p>{new('a teaser')}</p>", "body_html": f"<p>{new('a gated text')}</p>"}

    def act() -> Iterable[Reply]:
        yield cms.put(f"/v1/articles/{article}", body, **key)
        for each in (visitor, stranger):
            yield each.get(f"/v1/articles/{article}")
            yield each.navigate(f"/read/{article}")
            yield each.get("/v1/access?needs=members")
            yield each.get("/v1/access?needs=tier:patron")
        yield cms.get(f"/v1/articles/{article}", **key)
        yield cms.delete(f"/v1/articles/{article}", **key)

    return act


def _by_schedule(function: str, newsroom: ProbedNewsroom) -> Act:
    events = newsroom.gives(1000, "once", newsroom.email)
    newsroom.stripe.down = True
    newsroom.delivered(one(events, "payment_intent.succeeded"))
    newsroom.stripe.down = False
    newsroom.pass_time(600)
    return lambda: ran(function, scheduled(function))


def the_sweep_runs(newsroom: ProbedNewsroom) -> Act:
    """With an event that waits."""
    return _by_schedule("sweep", newsroom)


def undelivered_events_are_fetched(newsroom: ProbedNewsroom) -> Act:
    """Ring 1."""
    return _by_schedule("reconcile_undelivered", newsroom)


def all_events_are_fetched(newsroom: ProbedNewsroom) -> Act:
    """Ring 2."""
    return _by_schedule("reconcile_events", newsroom)


def money_is_compared(newsroom: ProbedNewsroom) -> Act:
    """Ring 3, in the night after a gift; the days before are closed."""
    act = _by_schedule("reconcile_money", newsroom)
    zone = newsroom.wiring.newsroom.zone
    today = day_of(newsroom.now(), zone)
    seals.walked_through(newsroom.table, "stripe", day_of(today.since - 1, zone))
    newsroom.pass_time(today.until + READY - newsroom.now())
    return act


def supporters_are_counted(newsroom: ProbedNewsroom) -> Act:
    """How many people give."""
    return _by_schedule("count_supporters", newsroom)


def daily_mails_are_put(newsroom: ProbedNewsroom) -> Act:
    """What is told ahead of a payment."""
    return _by_schedule("daily_mails", newsroom)


def who_asked_is_erased(newsroom: ProbedNewsroom) -> Act:
    """Nobody is due."""
    return _by_schedule("erase", newsroom)


def hears_of_mails(newsroom: ProbedNewsroom) -> Act:
    """A mail comes back, another is called spam; and what makes no sense."""
    heard = (bounce(newsroom.email), complaint(newsroom.email), newsroom.secrets_probe.new("no feedback"))

    def act() -> Iterable[Reply]:
        for each in heard:
            yield from ran("mail_feedback", sns(each))

    return act


VISITS = (
    gives,
    stripe_tells_of_a_gift,
    stripe_tells_of_a_monthly_gift,
    stripe_tells_what_went_back,
    stripe_tells_of_refused_cards,
    nobody_sends_an_event,
    signs_in,
    looks_after_their_account,
    reads,
    the_sweep_runs,
    undelivered_events_are_fetched,
    all_events_are_fetched,
    money_is_compared,
    supporters_are_counted,
    daily_mails_are_put,
    who_asked_is_erased,
    hears_of_mails,
)
