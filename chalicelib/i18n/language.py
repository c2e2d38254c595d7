"""Sentences, amounts and dates for one reader: in one language and in the newsroom's time zone."""

import datetime as dt
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import reduce
from zoneinfo import ZoneInfo

from babel import Locale
from babel.numbers import format_decimal

from chalicelib.i18n.texts import Texts, sentences
from chalicelib.kernel.money import places, shown
from chalicelib.kernel.rhythm import rhythm_of

_IN_SECONDS = 90
_TWO_DIGITS_IN_FRONT = 10_000  # of the first group of thousands
_NBSP = "\N{NO-BREAK SPACE}"


class Language:
    """One language with the newsroom's own texts and its time zone (an IANA name such as Europe/Kyiv)."""

    def __init__(self, lang: str, time_zone: str, overrides: Mapping[str, Mapping[str, str]] | None = None) -> None:
        self.lang = lang
        self.texts = Texts(lang, overrides)
        self._zone = ZoneInfo(time_zone)
        self._locale = Locale.parse(lang)

    @property
    def direction(self) -> str:
        """How it is written: `ltr` or `rtl`, for HTML."""
        return "rtl" if self._locale.text_direction == "rtl" else "ltr"

    def money(self, amount: int, currency: str) -> str:
        """An amount in minor units as people write it: `5 €`, `7,50 €`, `€5`. Whole amounts have no decimals.

        Never fails, as what is in the books must be shown: in a currency whose decimals are unknown, the minor units
        are shown and named as such.
        """
        known = places(currency)
        if type(amount) is not int:
            return self.texts.say("amount.unreadable")
        if known is None:
            return self.texts.say("amount.raw", amount=amount, currency=str(currency).upper())
        value = Decimal(shown(amount, currency))
        return self.money_pattern(currency).replace(
            "{amount}", self._number(value, 0 if value == value.to_integral_value() else known)
        )

    def money_pattern(self, currency: str) -> str:
        """The pattern of an amount with its currency's sign: `{amount} €` or `€{amount}`."""
        key = f"symbol.{currency}"
        symbol = self.texts.say(key) if key in self.texts else currency.upper()
        if self._locale.currency_formats["standard"].pattern.startswith("¤"):
            # CLDR's rule: a space stands between digits and a sign that ends in a letter.
            return f"{symbol}{_NBSP if symbol[-1].isalpha() else ''}{{amount}}"
        return f"{{amount}}{_NBSP}{symbol}"

    def gift(self, amount: int, currency: str, interval: str, interval_count: int = 1) -> str:
        """An amount with its rhythm: `5 €`, `5 € щомісяця`, `€5 a month`, `15 € кожні 6 місяців`.

        :param interval: once, day, week, month or year; for any other, the amount is written as a one-off.
        """
        rhythm = rhythm_of(interval, interval_count)
        written = self.money(amount, currency)
        if rhythm is None:
            return self.texts.say("amount.once", amount=written)
        rhythm = rhythm.normal()
        if rhythm.count == 1:
            return self.texts.say(f"amount.{rhythm.unit}", amount=written)
        return self.texts.say(f"amount.{rhythm.unit}s", amount=written, count=rhythm.count)

    def listed(self, several: Iterable[str]) -> str:
        """Several things inside a sentence: `60 €`, `60 € та 200 ₴`, `60 €, 5 $ та 200 ₴`."""
        *before, last = several
        if not before:
            return last
        say = self.texts.say
        begun = reduce(lambda said, one: say("list.comma", before=said, last=one), before)
        return say("list.last", before=begun, last=last)

    def currency(self, currency: str) -> str:
        """A currency as a reader chooses it: `€ EUR`."""
        key = f"symbol.{currency}"
        symbol = self.texts.say(key) if key in self.texts else ""
        return f"{symbol} {currency.upper()}".strip() if symbol != currency.upper() else symbol

    def day(self, moment: datetime) -> str:
        """A date inside a sentence, in the newsroom's time zone: `12 грудня 2026 року`."""
        return self._date("date.sentence", moment)

    def date(self, moment: datetime) -> str:
        """A date that stands alone, as in a table or under a button: `12 грудня 2026`."""
        return self._date("date.label", moment)

    def short_day(self, moment: datetime) -> str:
        """A date within the next weeks, in the newsroom's time zone: `1 грудня`."""
        return self._date("date.short", moment)

    def day_of(self, day: dt.date) -> str:
        """A calendar day inside a sentence, wherever its reader is: `12 грудня 2026 року`."""
        return self._written("date.sentence", day)

    def moment(self, moment: datetime) -> str:
        """A time to the minute, with its offset from UTC: `12 грудня 2026, 09:15 (UTC+2)`."""
        here = moment.astimezone(self._zone)
        ahead = int((here.utcoffset() or timedelta()).total_seconds()) // 60
        hours, minutes = divmod(abs(ahead), 60)
        offset = f"UTC{'-' if ahead < 0 else '+'}{hours}" + (f":{minutes:02d}" if minutes else "")
        return f"{self.date(moment)}, {here:%H:%M} ({offset})".replace(" (", f"{_NBSP}(")

    def _date(self, key: str, moment: datetime) -> str:
        return self._written(key, moment.astimezone(self._zone).date())

    def _written(self, key: str, day: dt.date) -> str:
        # Not Babel's "long" date, which in Ukrainian abbreviates the year ("р."). `babel.dates` is not used: on
        # import it looks for the machine's own time zone, and on Lambda has failed with TZ=":/etc/localtime".
        month = self._locale.months["format"]["wide"][day.month]
        return self.texts.say(key, day=day.day, month=month, year=day.year)

    def month(self, month: str) -> str:
        """A month (`2027-03`) inside a sentence, after "the beginning of": `березня 2027 року`."""
        year, number = month.split("-")
        name = self._locale.months["format"]["wide"][int(number)]
        return self.texts.say("date.month", month=name, year=int(year))

    def wait(self, seconds: int) -> str:
        """How long to wait: `18 секунд`; above 90 seconds in whole minutes, rounded up."""
        if seconds <= _IN_SECONDS:
            return self.texts.say("wait.seconds", count=seconds)
        return self.texts.say("wait.minutes", count=-(-seconds // 60))

    def counted(self, key: str, count: int, **values: object) -> str:
        """A sentence about so many, in their plural form: `{number}` in it is the count as the language writes it."""
        number = self._number(Decimal(count), 0)
        # The number stays on the line of what it counts.
        said = self.texts.say(key, **values, count=count, number=number)
        return said.replace(f"{number} ", f"{number}{_NBSP}")

    def name_of(self, lang: str) -> str:
        """The name of a language in this language: `англійська`."""
        return str(self._locale.languages.get(lang, lang))

    def own_name(self, lang: str) -> str:
        """The name of a language in that language, as its file has it: `English`."""
        return sentences(lang)["language"]

    @property
    def decimal_mark(self) -> str:
        """What stands before the cents: `,` or `.`."""
        return str(self._locale.number_symbols["latn"]["decimal"])

    def _number(self, value: Decimal, decimals: int) -> str:
        # Babel knows no smallest number that is grouped; the words of the browsers' Intl.NumberFormat say it.
        rule = self.texts.say("number.grouping")
        return format_decimal(
            value,
            format="#,##0" + ("." + "0" * decimals if decimals else ""),
            locale=self._locale,
            group_separator=rule == "always" or (rule == "min2" and abs(value) >= _TWO_DIGITS_IN_FRONT),
        )
