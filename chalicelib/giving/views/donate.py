"""The donation page: a form that works without JavaScript."""

import re
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import urlencode

from chalicelib.checkouts.rules.wish import Wish, unknown_currency
from chalicelib.giving.views.forms import DonateForm
from chalicelib.giving.views.how_many_give import how_many_give
from chalicelib.giving.views.pages import DonationPage, FieldProblem, Running
from chalicelib.giving.views.start import begin
from chalicelib.http import cookies, page_answers, pages, reader
from chalicelib.http.call import Answer, Call, see_other
from chalicelib.http.forms import read_body
from chalicelib.http.hint import session_of
from chalicelib.http.pages import Gift
from chalicelib.http.problem_words import as_page
from chalicelib.http.return_url import lenient, lenient_source
from chalicelib.kernel import ids
from chalicelib.kernel.errors import BadInput, Conflict, Problem
from chalicelib.kernel.moments import BusinessTime
from chalicelib.kernel.money import CurrencyUnknown
from chalicelib.kernel.typed_amount import from_decimal_text
from chalicelib.newsroom.editor import picture_address
from chalicelib.newsroom.presets import of_same_rank
from chalicelib.newsroom.rules import INTERVALS, Newsroom, interval_of
from chalicelib.supporters.actions.sessions import OpenSession
from chalicelib.supporters.rules.access import OVERDUE, Standing, entitled


@dataclass(frozen=True)
class Choice:
    """The wish in a link or a refused form, as text and not checked."""

    amount: str = ""
    own_amount: str = ""
    currency: str = ""
    interval: str = ""
    campaign: str = ""
    source: str = ""
    return_to: str = ""


_WHOLE = re.compile(r"[0-9]{1,8}")  # Stripe's ceiling for an amount is eight digits
_ASKED = tuple(Choice.__dataclass_fields__)
OWN = "own"  # in the place of an amount: the reader writes one


def show(call: Call) -> Answer:
    """`GET /donate`. A link may ask for anything; what we do not know or take is left out, not refused."""
    asked = Choice(**{name: call.query.get(name, "") for name in _ASKED})
    lang = page_answers.language_of(call)
    if "to" in call.query:
        return _changed(call, _known(call, asked), lang)
    return _page(call, _known(call, asked), lang, by_default=not asked.interval)


def home(call: Call) -> Answer:
    """`GET /`: the donation page, as at `/donate`."""
    return see_other(f"{call.wiring.settings.public_url}/donate")


def give(call: Call) -> Answer:
    """`POST /donate`: on to Stripe, or the same page with what is wrong in the form."""
    form = read_body(call, DonateForm)
    return _go(call, form, _wish(form))


def again(call: Call, problem: Problem) -> Answer:
    """The donation page again, with what was wrong. After a 429 or 503 it keeps the attempt, to be sent again."""
    fields = call.form_fields()
    asked = Choice(**{name: fields.get(name, "") for name in _ASKED})
    attempt = fields.get("attempt", "") if problem.status in (_TOO_MANY, _AWAY) else ""
    return _page(
        call, _known(call, asked), page_answers.language_of(call, fields.get("lang")), problem, attempt=attempt
    )


_TOO_MANY, _AWAY = 429, 503


def _changed(call: Call, choice: Choice, lang: str) -> Answer:
    """On to the page's own address after one choice was changed: `to` is `interval.year`, `currency.uah`, `lang.en`.

    All else stays as it was chosen and typed; an amount that was offered gives way to the one of the same rank.
    """
    newsroom = call.wiring.newsroom
    what, _, chosen = call.query["to"].partition(".")
    if what == "lang" and chosen in newsroom.languages:
        lang = chosen
    elif what in ("interval", "currency"):
        choice = _with_rank(choice, _known(call, replace(choice, **{what: chosen})), newsroom)
    told = {"lang": lang, **asdict(choice)}
    query = urlencode({name: value for name, value in told.items() if value})
    return see_other(f"{call.wiring.settings.public_url}/donate?{query}")


def _with_rank(before: Choice, after: Choice, newsroom: Newsroom) -> Choice:
    if not _WHOLE.fullmatch(before.amount):
        return after
    offered = [newsroom.currencies[one.currency].presets[interval_of(one.interval)] for one in (before, after)]
    amount = of_same_rank(int(before.amount), *offered)
    return replace(after, amount=str(amount) if amount else "")


def _go(call: Call, form: DonateForm, wish: Wish) -> Answer:
    attempt = form.attempt
    try:
        started = begin(call, attempt, wish, second=form.second, secret=form.browser)
    except Conflict as conflict:
        if conflict.code != "attempt_changed":
            raise
        # The reader came back from Stripe to the same page and changed the amount: a new wish. Its attempt is derived
        # from the old attempt and the wish, so that a double tap still makes one session.
        derived = sha256(f"{attempt}:{wish.fingerprint()}".encode()).hexdigest()[:40]
        started = begin(call, derived, wish, second=form.second, secret=form.browser)
    return see_other(started.url, started.cookies)


def _wish(form: DonateForm) -> Wish:
    return Wish(
        _amount(form),
        form.currency,
        form.interval,
        language=form.lang,
        campaign=form.campaign or None,
        source=form.source or None,
        return_to=form.return_to or None,
    )


def _amount(form: DonateForm) -> int:
    """A preset in minor units, or what the reader wrote in major ones."""
    if form.amount and form.amount != OWN:
        if not _WHOLE.fullmatch(form.amount):
            raise BadInput("Please choose an amount.", code="bad_amount", field="amount")
        return int(form.amount)
    try:
        return from_decimal_text(form.own_amount or "", form.currency).amount
    except CurrencyUnknown:
        raise unknown_currency() from None


def _known(call: Call, asked: Choice) -> Choice:
    """What was asked for, as far as this newsroom knows it and a reader may be sent there."""
    newsroom = call.wiring.newsroom
    return replace(
        asked,
        currency=asked.currency if asked.currency in newsroom.currencies else reader.currency_of(call),
        interval=asked.interval if asked.interval in INTERVALS else newsroom.default_interval,
        campaign=asked.campaign if asked.campaign in newsroom.campaigns else "",
        source=lenient_source(call, asked.source),
        return_to=lenient(call, asked.return_to),
    )


def _open_until(call: Call, signed_in: OpenSession | None) -> datetime | None:
    """The end of what a signed-in supporter already has: the days of a one-off gift add up from there."""
    wiring = call.wiring
    until = entitled(signed_in.state.standing, wiring.newsroom, wiring.now()).until if signed_in else None
    return datetime.fromtimestamp(until, UTC) if until is not None else None


def _running(signed_in: OpenSession | None, currency: str, now: BusinessTime, *, alone: bool) -> Running | None:
    """The recurring gifts of a signed-in supporter that go on, or would if their payment were mended; None: none."""
    standing = signed_in.state.standing if signed_in else Standing()
    late = [gift for gift in standing.recurring if gift.status in OVERDUE]
    going_on = [gift for gift in standing.recurring if gift.goes_on]
    told = late or going_on
    if not told:
        return None
    gifts = tuple(Gift(gift.amount, gift.currency, gift.interval, gift.interval_count) for gift in told)
    coming = any(gift.awaits_first_payment(now) for gift in going_on)
    to_raise = None if coming else standing.gift_to_raise()
    return Running(
        gifts,
        alone,
        to_raise.id if to_raise else "",
        same_currency=any(gift.currency == currency for gift in going_on),
        coming=coming,
        late=late[0].id if late else "",
    )


def _page(
    call: Call,
    choice: Choice,
    lang: str,
    problem: Problem | None = None,
    *,
    attempt: str = "",
    by_default: bool = False,
) -> Answer:
    newsroom, settings = call.wiring.newsroom, call.wiring.settings
    rules = newsroom.currencies[choice.currency]
    amount = int(choice.amount) if _WHOLE.fullmatch(choice.amount) else 0
    signed_in = session_of(call)
    form = pages.gift_form(
        newsroom,
        lang=lang,
        now=datetime.fromtimestamp(call.wiring.now(), UTC),
        currency=choice.currency,
        interval=interval_of(choice.interval),
        amount=amount if rules.minimum <= amount <= rules.maximum else None,
        own_text=choice.own_amount if choice.amount in ("", OWN) else "",
        access_until=_open_until(call, signed_in),
    )
    content = DonationPage(
        form=form,
        attempt=attempt or ids.new_secret(),
        campaign=choice.campaign,
        campaign_title=newsroom.campaigns[choice.campaign][lang] if choice.campaign else "",
        source=choice.source,
        return_to=choice.return_to,
        problem=_sentence(call, problem, choice.currency, lang) if problem else None,
        own=choice.amount == OWN,
        typed=choice.own_amount,
        editor=newsroom.editor.name.get(lang, ""),
        role=newsroom.editor.role.get(lang, ""),
        picture=picture_address(newsroom.editor.picture, settings.site_origins),
        running=_running(signed_in, choice.currency, call.wiring.now(), alone=by_default),
        fact=how_many_give(call, lang),
        languages=newsroom.languages,
    )
    # The browser gets its secret before the form is sent: a double tap then comes from one known browser.
    browser = cookies.started(call, "checkout") or cookies.new_browser()
    own = cookies.write(call, "checkout", browser.value(), cookies.CHECKOUT_AGE)
    path, status = (None, problem.status) if problem else ("/donate", 200)
    return page_answers.page_answer(call, content, lang, path=path, status=status, cookies=[own])


def _sentence(call: Call, problem: Problem, currency: str, lang: str) -> FieldProblem:
    told = pages.problem_sentence(as_page(problem, currency), page_answers.layout_of(call, lang))
    return FieldProblem(str(problem.details.get("field", "")), told)
