"""Words and amounts on the pages. Stripe has no Ukrainian here, so neither has the stand-in."""

from datetime import UTC, datetime
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency

from localdev.stripe.currencies import exponent
from localdev.stripe.errors import Json

_ENGLISH = {
    "back": "Back",
    "test": "Test mode",
    "test_long": "This is a stand-in for Stripe's payment page. No money moves; use the test cards below.",
    "pay": "Pay",
    "donate": "Donate",
    "subscribe": "Subscribe",
    "month": "per month",
    "year": "per year",
    "week": "per week",
    "day": "per day",
    "contact": "Contact information",
    "email": "Email",
    "method": "Payment method",
    "card": "Card",
    "number": "Card number",
    "expiry": "Expiry (MM / YY)",
    "cvc": "CVC",
    "name": "Name on card",
    "sepa": "SEPA Direct Debit (delayed)",
    "iban": "IBAN",
    "declined": "Your card was declined. Try another card.",
    "invalid_number": "Your card number is incorrect. Use one of the test cards.",
    "expired_card": "Your card's expiration date is in the past or incomplete.",
    "invalid_cvc": "Your card's security code is incomplete.",
    "invalid_email": "Your email is incomplete.",
    "invalid_name": "Please enter the name on your card.",
    "invalid_iban": "Please enter a complete IBAN.",
    "complete": "This payment is complete.",
    "processing": "This payment is on its way.",
    "expired": "This payment page has expired.",
    "on": "Continue to the website",
    "again": "Start again on the website",
}
_POLISH = {
    "back": "Wstecz",
    "pay": "Zapłać",
    "donate": "Przekaż",
    "subscribe": "Subskrybuj",
    "month": "miesięcznie",
    "year": "rocznie",
    "contact": "Dane kontaktowe",
    "email": "E-mail",
    "method": "Metoda płatności",
    "card": "Karta",
    "number": "Numer karty",
    "expiry": "Data ważności (MM / RR)",
    "name": "Imię i nazwisko na karcie",
    "declined": "Karta została odrzucona. Spróbuj innej.",
    "complete": "Ta płatność została zakończona.",
    "expired": "Ta strona płatności wygasła.",
}
_GERMAN = {
    "back": "Zurück",
    "pay": "Bezahlen",
    "donate": "Spenden",
    "subscribe": "Abonnieren",
    "month": "pro Monat",
    "year": "pro Jahr",
    "contact": "Kontaktangaben",
    "email": "E-Mail",
    "method": "Zahlungsmethode",
    "card": "Karte",
    "number": "Kartennummer",
    "expiry": "Gültig bis (MM / JJ)",
    "name": "Name auf der Karte",
    "declined": "Die Karte wurde abgelehnt. Versuchen Sie eine andere.",
    "complete": "Diese Zahlung ist abgeschlossen.",
    "expired": "Diese Zahlungsseite ist abgelaufen.",
}
_LANGUAGES: dict[str, dict[str, str]] = {"en": {}, "pl": _POLISH, "de": _GERMAN}


def language(locale: str | None, accepted: str | None) -> str:
    """The page's language: the session's locale, or for `auto` the browser's; English where there is no other."""
    wanted = locale if locale and locale != "auto" else accepted or "en"
    short = wanted.split("-", 1)[0]
    return short if short in _LANGUAGES else "en"


def words(lang: str) -> dict[str, str]:
    """All words in this language, English where one is missing."""
    return {**_ENGLISH, **_LANGUAGES[lang]}


def amount_text(amount: int, currency: str, lang: str = "en") -> str:
    """`500, "eur"` -> `€5.00`. The one crossing from minor units to decimals, exact."""
    digits = exponent(currency)
    value = Decimal(amount).scaleb(-digits)
    text = format_currency(value, currency.upper(), locale=lang, currency_digits=False, format=_pattern(digits, lang))
    return text.replace(currency.upper(), f"{currency.upper()}\N{NO-BREAK SPACE}", 1) if text[0].isalpha() else text


def _pattern(digits: int, lang: str) -> str:
    number = "#,##0" + ("." + "0" * digits if digits else "")
    return f"¤{number}" if lang == "en" else f"{number}\N{NO-BREAK SPACE}¤"


def date_text(moment: int | None, lang: str = "en") -> str:
    """A day as people write it, UTC."""
    return format_date(datetime.fromtimestamp(moment, UTC), format="long", locale=lang) if moment else "–"


def time_text(moment: int) -> str:
    """A moment for the control page, UTC."""
    return datetime.fromtimestamp(moment, UTC).strftime("%d %b %Y %H:%M:%S")


def price_text(price: Json, quantity: int = 1, lang: str = "en") -> str:
    """`€5.00 per month`; `€15.00 every 6 months` in English only, as Stripe's own words are not known."""
    text = amount_text(price["unit_amount"] * quantity, price["currency"], lang)
    recurring = price["recurring"]
    if recurring and recurring["interval_count"] > 1:
        return f"{text} every {recurring['interval_count']} {recurring['interval']}s"
    return f"{text} {words(lang)[recurring['interval']]}" if recurring else text
