"""Every mail: what happened, what it means, what to do."""

import re
from dataclasses import replace

import pytest

from chalicelib import mails
from tests.pages import samples

CASES = [pytest.param(name, lang, mail, id=f"{name}-{lang}") for name, lang, mail in samples.every_mail()]
RECURRING = (
    mails.ThanksRecurring,
    mails.Renewed,
    mails.RecurringWillEnd,
    mails.RecurringResumed,
    mails.RecurringEnded,
    mails.PaymentFailed,
)


@pytest.mark.parametrize(("name", "lang", "mail"), CASES)
def test_every_mail_reads_well_as_plain_text(name: str, lang: str, mail: mails.Composed) -> None:
    assert mail.subject
    assert "\n" not in mail.subject
    assert len(mail.subject) < 70, name
    assert not re.search(r"[<>{}]|&\w+;|None|\n{4}", mail.text), mail.text
    assert samples.newsroom().name[lang] in mail.text


@pytest.mark.parametrize(("name", "lang", "mail"), CASES)
def test_no_mail_tells_anybody_that_it_was_opened(name: str, lang: str, mail: mails.Composed) -> None:
    assert not re.search(r"<(img|script|link|iframe|object|video)|url\(|@import", mail.html), name
    for address in re.findall(r"https?://[^\"\s<]+", mail.html + mail.text):
        assert address.startswith(samples.PUBLIC_URL), (name, lang, address)
    assert f'<html lang="{lang}">' in mail.html


@pytest.mark.parametrize("lang", samples.LANGUAGES)
def test_every_mail_about_a_recurring_gift_shows_where_to_change_or_stop_it(lang: str) -> None:
    found: list[mails.Mail] = [mail for mail in samples.sample_mails(lang).values() if isinstance(mail, RECURRING)]
    found += [mails.Processing(500, "eur", "month"), mails.PaymentFailedOnce(500, "eur", "year")]
    assert len(found) > len(RECURRING)
    for mail in found:
        written = mails.compose(mail, samples.letterhead(lang))
        assert f"\n{samples.PUBLIC_URL}/account?lang={lang}\n" in written.text
        assert f'href="{samples.PUBLIC_URL}/account?lang={lang}"' in written.html


@pytest.mark.parametrize("lang", samples.LANGUAGES)
def test_the_code_stands_alone_on_its_line(lang: str) -> None:
    mail = mails.compose(samples.sample_mails(lang)["sign_in"], samples.letterhead(lang))
    assert re.findall(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$", mail.text, re.MULTILINE) == ["7K3M-XQ4T"]
    assert re.findall(r"^http\S+$", mail.text, re.MULTILINE) == [f"{samples.PUBLIC_URL}/v1/sign-in/token-1"]
    assert "10 " in mail.text
    assert "7K3M" not in mail.subject


def test_a_thank_you_says_what_is_open_and_until_when() -> None:
    written = mails.compose(samples.sample_mails("uk")["thanks_once"], samples.letterhead("uk"))
    opens = samples.newsroom().tiers[0].opens["uk"]
    text = written.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "22 листопада 2026 ми отримали ваш внесок: 25 €." in text
    assert f"Для вас відкрито {opens} — до 22 грудня 2026." in text
    small = mails.compose(samples.sample_mails("uk")["thanks_once_small"], samples.letterhead("uk"))
    assert "відкрито" not in small.text


def test_only_test_mode_says_that_the_money_is_not_real() -> None:
    mail = samples.sample_mails("uk")["renewed"]
    assert "тестовий" in mails.compose(mail, samples.letterhead("uk")).text
    assert "тестовий" not in mails.compose(mail, samples.letterhead("uk", livemode=True)).text


def test_a_name_with_a_line_break_starts_no_second_header() -> None:
    head = replace(samples.letterhead("uk"), newsroom="Вісті\r\nBcc: all@example.org")
    assert "\n" not in mails.compose(samples.sample_mails("uk")["sign_in"], head).subject


def test_markup_in_a_value_is_text() -> None:
    mail = mails.ThanksRecurring(500, "eur", "month", samples.NOW, opens="<b>усе</b>")
    written = mails.compose(mail, samples.letterhead("uk"))
    assert "<b>" not in written.html
    assert "<b>усе</b>" in written.text


def test_every_kind_of_mail_has_a_sample() -> None:
    assert {mail.kind for mail in samples.sample_mails("uk").values()} == set(mails.KINDS)
