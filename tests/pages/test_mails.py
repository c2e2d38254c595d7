"""Every mail: what happened, what it means, what to do."""

import re
from dataclasses import replace
from html import unescape

import pytest

from chalicelib.kernel.law import labels_in
from chalicelib.mail import letters
from chalicelib.mail.rules import address_mails, mails, mails_ahead, privacy_mails
from chalicelib.mail.rules.classes import CLASS_OF
from chalicelib.mail.rules.statement_mails import StatementReceived, StatementSettled, StatementToConfirm
from chalicelib.mail.rules.year_mail import YearOfGifts
from chalicelib.newsroom import file as newsroom_file
from tests.pages import samples

CASES = [pytest.param(name, lang, mail, id=f"{name}-{lang}") for name, lang, mail in samples.every_mail()]
RECURRING = (
    mails.ThanksRecurring,
    mails.Renewed,
    mails.RecurringWillEnd,
    mails.RecurringResumed,
    mails.RecurringEnded,
    mails.RecurringPaused,
    mails.PaymentFailed,
)

NO_RHYTHM = (
    *(mails.SignInMail, address_mails.CorrectAddress, mails.ThanksOnce, mails.Refunded, mails.RefundFailed),
    *(StatementReceived, StatementToConfirm, StatementSettled, mails_ahead.ReminderMail, YearOfGifts),
    *(address_mails.ProveAddress, address_mails.AddressChanged, address_mails.AddressRestored),
    *(address_mails.GiftClaimed, address_mails.GiftUnclaimed, address_mails.RecordsMerged),
    *(privacy_mails.ErasureAsked, privacy_mails.ErasureCalledOff, privacy_mails.Erased),
)


@pytest.mark.parametrize(("name", "lang", "mail"), CASES)
def test_every_mail_reads_well_as_plain_text(name: str, lang: str, mail: letters.Composed) -> None:
    assert mail.subject
    assert "\n" not in mail.subject
    assert len(mail.subject) < 70, name
    assert not re.search(r"[<>{}]|&\w+;|None|\n{4}", mail.text), mail.text
    assert samples.newsroom().name[lang] in mail.text


@pytest.mark.parametrize(("name", "lang", "mail"), CASES)
def test_no_mail_tells_anybody_that_it_was_opened(name: str, lang: str, mail: letters.Composed) -> None:
    assert not re.search(r"<(img|script|link|iframe|object|video)|url\(|@import", mail.html), name
    for address in re.findall(r"https?://[^\"\s<]+", mail.html + mail.text):
        to_pay = "payment_failed" in name and address == samples.INVOICE  # Stripe's own page for this invoice
        assert to_pay or address.startswith(samples.PUBLIC_URL), (name, lang, address)
    assert f'<html lang="{lang}" dir="ltr">' in mail.html


@pytest.mark.parametrize("lang", samples.LANGUAGES)
def test_every_mail_about_a_recurring_gift_shows_where_to_change_or_stop_it(lang: str) -> None:
    found: list[mails.Mail] = [mail for mail in samples.sample_mails(lang).values() if isinstance(mail, RECURRING)]
    found += [mails.Processing(500, "eur", "month"), mails.PaymentFailedOnce(500, "eur", "year")]
    assert len(found) > len(RECURRING)
    for mail in found:
        written = letters.compose(mail, samples.letterhead(lang))
        assert f"\n{samples.PUBLIC_URL}/account?lang={lang}\n" in written.text
        assert f'href="{samples.PUBLIC_URL}/account?lang={lang}"' in written.html


@pytest.mark.parametrize("lang", samples.LANGUAGES)
def test_every_mail_about_money_and_no_other_leads_to_both_ways_out_in_the_laws_words(lang: str) -> None:
    for name, mail in samples.sample_mails(lang).items():
        written = letters.compose(mail, samples.letterhead(lang))
        about_money = hasattr(mail, "amount") and CLASS_OF[mail.kind] == "payment"
        for way, label in labels_in(lang).entry.items():
            number = getattr(mail, "number", "")
            address = f"{samples.PUBLIC_URL}/{way}?lang={lang}" + (f"&gift={number}" if number else "")
            found = (f"\n{label}:\n{address}\n" in written.text, f'href="{address}"' in unescape(written.html))
            assert found == (about_money,) * 2, name
            assert (f">{label}</a>" in written.html) == about_money, "the law's words, and nothing else"


@pytest.mark.parametrize("lang", samples.LANGUAGES)
def test_the_code_stands_alone_on_its_line(lang: str) -> None:
    mail = letters.compose(samples.sample_mails(lang)["sign_in"], samples.letterhead(lang))
    assert re.findall(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$", mail.text, re.MULTILINE) == ["7K3M-XQ4T"]
    assert re.findall(r"^http\S+$", mail.text, re.MULTILINE) == [f"{samples.PUBLIC_URL}/v1/sign-in/token-1"]
    assert "10 " in mail.text
    assert "7K3M" not in mail.subject


def test_a_thank_you_says_what_is_open_and_until_when() -> None:
    written = letters.compose(samples.sample_mails("uk")["thanks_once"], samples.letterhead("uk"))
    opens = samples.newsroom().tiers[0].opens["uk"]
    text = written.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "22 листопада 2026 року ми отримали ваш внесок: 25 €." in text
    assert f"Вам відкрито {opens} — до 22 грудня 2026 року." in text
    small = letters.compose(samples.sample_mails("uk")["thanks_once_small"], samples.letterhead("uk"))
    assert "відкрито" not in small.text


def test_only_test_mode_says_that_the_money_is_not_real() -> None:
    mail = samples.sample_mails("uk")["renewed"]
    assert "Це тест" in letters.compose(mail, samples.letterhead("uk")).text
    assert "Це тест" not in letters.compose(mail, samples.letterhead("uk", livemode=True)).text


def test_a_name_with_a_line_break_starts_no_second_header() -> None:
    head = replace(samples.letterhead("uk"), newsroom="Вісті\r\nBcc: all@example.org")
    assert "\n" not in letters.compose(samples.sample_mails("uk")["sign_in"], head).subject


@pytest.mark.parametrize(
    "sender", ["support@news.example", '"Вісті, Надріччя" <support@news.example>', "Вісті <support@news.example>"]
)
def test_a_reader_writes_to_the_senders_own_address(sender: str) -> None:
    room = newsroom_file.read({**samples.raw_newsroom(), "mail_from": sender})
    head = letters.Letterhead.of(room, lang="uk", public_url=samples.PUBLIC_URL, livemode=True)
    assert head.contact == "support@news.example"


def test_sentences_joined_in_one_paragraph_stay_text() -> None:
    own = {"mail.refunded.bank": {"uk": "<b>Банк</b>"}, "mail.refunded.bank_reversal": {"uk": "<i>Виписка</i>"}}
    html = letters.compose(
        samples.sample_mails("uk")["refunded"], replace(samples.letterhead("uk"), texts=own, contact="<u>@x")
    ).html
    assert "&lt;b&gt;Банк&lt;/b&gt; &lt;i&gt;Виписка&lt;/i&gt;" in html
    assert "<u>" not in html


def test_markup_in_a_value_is_text() -> None:
    mail = mails.ThanksRecurring(500, "eur", "month", samples.NOW, opens="<b>усе</b>")
    written = letters.compose(mail, samples.letterhead("uk"))
    assert "<b>" not in written.html
    assert "<b>усе</b>" in written.text


def test_every_kind_of_mail_has_a_sample() -> None:
    assert {mail.kind for mail in samples.sample_mails("uk").values()} == set(mails.KINDS)


def said(mail: mails.Mail, lang: str = "uk") -> str:
    """The plain text of a mail, on one line."""
    return " ".join(letters.compose(mail, samples.letterhead(lang)).text.split())


def subject(mail: mails.Mail, lang: str = "uk") -> str:
    return " ".join(letters.compose(mail, samples.letterhead(lang)).subject.split())


# ---- money that goes back ----


def test_a_full_refund_says_what_it_ends_and_what_stays_open() -> None:
    opens = samples.newsroom().tiers[0].opens["uk"]
    alone = said(mails.Refunded(2500, "eur", 2500, samples.NOW, full=True))
    assert "Ми повернули вам внесок від 22 листопада 2026 року: 25 €. Доступ за цей внесок завершився." in alone
    assert "відкрито" not in alone
    more = said(mails.Refunded(2500, "eur", 2500, samples.NOW, full=True, access_until=samples.UNTIL, opens=opens))
    assert f"завершився. Вам і далі відкрито {opens} — щонайменше до 22 грудня 2026 року." in more
    unnamed = said(mails.Refunded(2500, "eur", 2500, samples.NOW, full=True, access_until=samples.UNTIL), "en")
    assert "has ended. Everything else that is open to you stays open at least until 22 December 2026." in unnamed


def test_a_refund_of_a_gift_that_opened_nothing_ends_nothing() -> None:
    assert "Доступ" not in said(mails.Refunded(200, "eur", 200, samples.NOW, full=True, opened=False))


def test_a_refund_in_part_changes_nothing_else() -> None:
    part = mails.Refunded(1000, "eur", 2500, samples.NOW, full=False)
    assert "Ми повернули вам частину внеску від 22 листопада 2026 року: 10 € із 25 €." in said(part)
    assert "На те, що вам відкрито, це не впливає." in said(part)
    assert "завершився" not in said(part)
    assert "€10 of €25. This does not change what is open to you." in said(part, "en")


def test_the_last_of_several_refunds_says_that_all_is_back() -> None:
    rest = said(mails.Refunded(1500, "eur", 2500, samples.NOW, full=True))
    assert "Ми повернули вам ще 15 €. Тепер внесок від 22 листопада 2026 року повернуто повністю: 25 €." in rest
    assert "зникає сам платіж" not in rest, "only a refund of the whole payment can show as its disappearance"


@pytest.mark.parametrize("full", [True, False])
def test_a_refund_says_how_long_the_bank_takes_and_whom_to_write_to(*, full: bool) -> None:
    mail = letters.compose(mails.Refunded(1000, "eur", 1000, samples.NOW, full), samples.letterhead("uk"))
    assert "5–10 робочих днів" in " ".join(mail.text.split())
    assert "\nsupport@nadrichchia.example\n" in mail.text
    assert 'href="mailto:support@nadrichchia.example"' in mail.html


def test_a_refunded_payment_of_a_recurring_gift_that_goes_on_says_so() -> None:
    renewal = mails.Refunded(500, "eur", 500, samples.NOW, full=True, renews=True)
    assert "Вашої регулярної підтримки це не зупиняє" in said(renewal)
    assert f"{samples.PUBLIC_URL}/account?lang=uk" in said(renewal)
    assert "/account" not in said(replace(renewal, renews=False))


def test_a_refund_that_did_not_arrive_asks_to_write_and_never_for_a_card_number() -> None:
    mail = letters.compose(mails.RefundFailed(2500, "eur"), samples.letterhead("uk"))
    assert "гроші не дійшли й повернулися до нас" in " ".join(mail.text.split())
    assert "Номера картки не надсилайте" in " ".join(mail.text.split())
    assert "\nsupport@nadrichchia.example\n" in mail.text
    assert 'href="mailto:support@nadrichchia.example"' in mail.html


def test_the_contact_is_the_senders_bare_address() -> None:
    named = replace(samples.newsroom(), mail_from="Вісті Надріччя <desk@nadrichchia.example>")
    head = letters.Letterhead.of(named, lang="uk", public_url=samples.PUBLIC_URL, livemode=False)
    assert head.contact == "desk@nadrichchia.example"
    silent = letters.compose(mails.RefundFailed(2500, "eur"), replace(head, contact=""))
    assert "mailto" not in silent.html
    assert "відповідь на цей лист" in " ".join(silent.text.split())
    assert "mailto" not in letters.compose(samples.sample_mails("uk")["refunded"], replace(head, contact="")).html


# ---- pauses and failed renewals ----


def test_a_pause_says_that_nothing_is_charged_and_how_far_reading_reaches() -> None:
    paused = mails.RecurringPaused(500, "eur", "month", samples.UNTIL)
    assert "5 € щомісяця. Доки триває пауза, нічого не списується. До 22 грудня 2026 року" in said(paused)
    assert "відкрит" not in said(replace(paused, access_until=None))


def test_a_stop_far_away_says_that_payments_go_on_until_then() -> None:
    stopped = mails.RecurringWillEnd(500, "eur", "month", samples.LATER, samples.LATER, samples.UNTIL)
    assert "Until then it goes on as before; the next payment is on 22 December 2026." in said(stopped, "en")
    assert "Nothing more will be charged" not in said(stopped, "en")
    assert "Nothing more will be charged" in said(replace(stopped, next_payment_at=None), "en")


def test_a_pause_with_an_end_says_when_it_goes_on_by_itself() -> None:
    paused = mails.RecurringPaused(500, "eur", "month", samples.UNTIL, samples.LATER)
    assert "5 € щомісяця, призупинено до 22 березня 2027 року. Доти нічого не списується, а далі" in said(paused)


@pytest.mark.parametrize("lang", samples.LANGUAGES)
def test_a_payment_that_the_supporter_must_see_to_leads_to_stripes_page_and_never_says_to_wait(lang: str) -> None:
    waits = mails.PaymentFailed(500, "eur", "month", samples.UNTIL)
    for needs in ("confirm", "card"):
        mail = replace(waits, needs=needs, pay_at=samples.INVOICE)
        written = letters.compose(mail, samples.letterhead(lang))
        for text in (written.text, written.html):
            assert samples.INVOICE in text
            assert not any(calm in text for calm in ("need not do anything", "Робити нічого не"))
    assert any(calm in said(waits, lang) for calm in ("need not do anything", "Робити нічого не"))


def test_a_failed_renewal_is_told_differently_the_first_the_second_and_the_last_time() -> None:
    first = mails.PaymentFailed(500, "eur", "month", samples.UNTIL)
    again, last = replace(first, again=True), replace(first, again=True, next_attempt_at=None)
    assert [subject(mail) for mail in (first, again, last)] == [
        "Внесок не пройшов: 5 € щомісяця",
        "Внесок знову не пройшов: 5 € щомісяця",
        "Внесок так і не пройшов: 5 € щомісяця",
    ]
    assert len({subject(mail, "en") for mail in (first, again, last)}) == 3
    for mail in (first, again):
        assert "Наступна спроба — 22 грудня 2026 року." in said(mail)
        assert "/donate" not in said(mail)
    assert "Нових спроб не буде." in said(last)
    assert f"{samples.PUBLIC_URL}/donate?lang=uk" in said(last), "the support may have ended with the last try"
    # Where the newsroom lets Stripe try once only, the first notice is the last.
    only = replace(first, next_attempt_at=None)
    assert subject(only) == subject(first)
    assert "Нових спроб не буде." in said(only)


def test_an_end_that_nobody_asked_for_says_why() -> None:
    ended = mails.RecurringEnded(500, "eur", "month", samples.NOW)
    assert "22 листопада 2026 року завершилася ваша підтримка" in said(ended)
    assert "Внесок так і не пройшов" not in said(ended)
    assert "завершилася: 5 € щомісяця. Внесок так і не пройшов" in said(replace(ended, unpaid=True))


@pytest.mark.parametrize("lang", samples.LANGUAGES)
def test_an_end_without_a_day_is_told_all_the_same(lang: str) -> None:
    ended = said(mails.RecurringEnded(500, "eur", "month", None), lang)
    assert ("Ваша підтримка завершилася: 5 € щомісяця." if lang == "uk" else "€5 a month has ended.") in ended


# ---- how often ----


@pytest.mark.parametrize(
    ("interval", "count", "uk", "en"),
    [("month", 6, "кожні 6 місяців", "every 6 months"), ("week", 1, "щотижня", "a week")],
)
def test_every_mail_about_a_recurring_gift_says_its_own_rhythm(interval: str, count: int, uk: str, en: str) -> None:
    for lang, rhythm in (("uk", uk), ("en", en)):
        for name, mail in samples.sample_mails(lang).items():
            if isinstance(mail, NO_RHYTHM):
                continue
            other = replace(mail, interval=interval, interval_count=count)
            if isinstance(other, mails.RecurringChanged):  # which says two
                other = replace(other, was_interval=interval, was_interval_count=count)
            assert rhythm in subject(other, lang), name
            assert rhythm in said(other, lang), name
            assert not re.search("щомісяч|щомісяц|щоріч|щорок|month(?!s)|year", said(other, lang), re.IGNORECASE), (
                name
            )
