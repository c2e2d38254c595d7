"""Promise P12: money crosses between minor units and text exactly, in every currency Stripe charges in.

Out: `to_decimal_text`, and what readers see (`Language.money`, every mail). In: `from_decimal_text`. Nothing on these
ways may be a float: `test_money.py` holds the code to that, and shows what floats would lose.
"""

import dataclasses
import html
import itertools
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.i18n.language import Language
from chalicelib.kernel import money, typed_amount
from chalicelib.kernel.errors import BadInput
from chalicelib.kernel.money import CurrencyUnknown, Money
from chalicelib.mail import letters
from chalicelib.mail.rules import mails
from localdev.stripe.currencies import check_currency
from localdev.stripe.errors import ApiRefusal
from testkit.for_each import for_each
from tests.pages import samples

# Written out a second time, from Stripe's page, on purpose: a slip of the pen in one of the two tables shows.
NO_DECIMALS = set("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".lower().split())
THREE_DECIMALS = set("BHD JOD KWD OMR TND".lower().split())
WHOLE_ONLY = {"isk", "huf", "twd"}
TWO_DECIMALS = set(
    """AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CNY COP CRC CVE CZK
    DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GTQ GYD HKD HNL HTG IDR ILS INR JMD KES KGS KHR KYD KZT LAK LBP
    LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR
    RON RSD RUB SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL THB TJS TOP TRY TTD TZS UAH USD UYU UZS WST XCD XCG YER
    ZAR ZMW""".lower().split()
)
RETIRED = {"ang": "xcg", "bgn": "eur", "eek": "eur", "hrk": "eur", "ltl": "eur", "lvl": "eur", "sll": "sle"}
EVERY = sorted(money.TWO_DECIMALS | money.ZERO_DECIMALS | money.THREE_DECIMALS | money.WHOLE_UNITS_ONLY)
LANGUAGES = ("uk", "en")
POWERS = [10**power for power in range(9)]
EDGES = sorted(
    {0, money.LARGEST, *(power + more for power in POWERS for more in (-1, 0, 1)), 50, 995, 1005, 2850, 113}
)
PAST_FLOAT = [2**53 - 1, 2**53 + 1, 2**63 - 1, 10**17 + 1, 10**22 + 3]


def some(currency: str, count: int = 60) -> list[int]:
    """Amounts of every size, others for each currency, the same in each run."""
    dice = random.Random(currency)  # noqa: S311 - only spreads the tests
    return [dice.randrange(10 ** dice.randint(1, 8)) for _ in range(count)]


def places_of(currency: str) -> int:
    """How many decimals, by the second table."""
    return 0 if currency in NO_DECIMALS else 3 if currency in THREE_DECIMALS else 2


def minor(text: str, currency: str) -> int:
    """Text to minor units by moving digits, the slow and obvious way."""
    whole, _, fraction = text.partition(".")
    return int(whole + fraction.ljust(places_of(currency), "0"))


# ---- the table ----


def charged_by_stripe(currency: str) -> bool:
    """Whether the stand-in, with Stripe's list, charges in it."""
    try:
        check_currency(currency, "currency")
    except ApiRefusal:
        return False
    return True


def known(currency: str) -> bool:
    """Whether we can count in it."""
    try:
        money.decimals(currency)
    except CurrencyUnknown:
        return False
    return True


def test_of_all_codes_there_could_be_we_know_just_those_stripe_charges_in() -> None:
    codes = ["".join(letters) for letters in itertools.product("abcdefghijklmnopqrstuvwxyz", repeat=3)]
    ours, theirs = {code for code in codes if known(code)}, {code for code in codes if charged_by_stripe(code)}
    assert theirs - ours == {"ugx"}, "refused, because sources disagree on its decimals"
    assert ours - theirs == set()
    assert ours == set(EVERY) == NO_DECIMALS | THREE_DECIMALS | WHOLE_ONLY | TWO_DECIMALS
    assert len(ours) > 135, "Stripe promises more than 135"


@for_each(currency=EVERY)
def test_decimals_and_steps_are_stripes(currency: str) -> None:
    assert money.decimals(currency) == places_of(currency)
    step = 10 if currency in THREE_DECIMALS else 100 if currency in WHOLE_ONLY else 1
    assert money.smallest_step(currency) == step
    for other in (currency.upper(), currency.title(), f"{currency} ", f" {currency}", f"{currency}\n"):
        assert not known(other)


def test_the_groups_do_not_overlap_and_ugx_is_in_none() -> None:
    groups = (money.TWO_DECIMALS, money.ZERO_DECIMALS, money.THREE_DECIMALS, money.WHOLE_UNITS_ONLY)
    assert all(not (one & other) for one, other in itertools.combinations(groups, 2))
    with pytest.raises(CurrencyUnknown):
        Money(1, "ugx")
    with pytest.raises(CurrencyUnknown):
        typed_amount.from_decimal_text("1", "ugx")


@pytest.mark.parametrize("currency", sorted(RETIRED))
def test_nobody_gives_in_a_currency_that_is_no_more_and_what_was_given_stays_readable(currency: str) -> None:
    assert money.RETIRED == RETIRED
    assert currency not in EVERY
    assert not known(currency)
    assert known(RETIRED[currency])
    assert money.places(currency) == 2
    assert money.shown(-12345, currency) == "-123.45"
    assert Language("en", "Europe/Kyiv").money(12345, currency) == f"{currency.upper()}\N{NO-BREAK SPACE}123.45"


def test_the_caribbean_guilder_has_its_sign() -> None:
    shown = [Language(lang, "Europe/Kyiv").money(1050, "xcg") for lang in LANGUAGES]
    assert shown == ["10,50\N{NO-BREAK SPACE}Cg", "Cg\N{NO-BREAK SPACE}10.50"]
    assert Language("uk", "Europe/Kyiv").currency("xcg") == "Cg XCG"


STRANGE = ["xyz", "ugx", "EUR", "btn", "", "eur ", "usdc", None, 5, ["eur"]]


@pytest.mark.parametrize("currency", STRANGE)
def test_an_amount_in_a_currency_that_we_do_not_list_is_shown_raw_and_so_marked(currency: object) -> None:
    assert money.places(currency) is None
    assert money.shown(12345, currency) == f"12345 {currency} (minor units)"
    for lang, words in (("uk", "(у найдрібніших одиницях)"), ("en", "(minor units)")):
        written = Language(lang, "Europe/Kyiv").money(12345, currency)  # type: ignore[arg-type] # as a row may have it
        assert written == f"12345 {str(currency).upper()} {words}"
        gift = Language(lang, "Europe/Kyiv").gift(12345, currency, "month")  # type: ignore[arg-type]
        assert gift.startswith(written)


@pytest.mark.parametrize("amount", [None, "5", 5.0, True, [], {}])
def test_what_is_no_amount_is_never_shown_as_one(amount: object) -> None:
    for currency in ("eur", "xyz", None):
        assert money.shown(amount, currency) == "unreadable"
        language = Language("uk", "Europe/Kyiv")
        assert language.money(amount, currency).split() == ["сума", "невідома"]  # type: ignore[arg-type] # as a row may have it
        assert language.gift(amount, currency, "month").split() == ["сума", "невідома", "щомісяця"]  # type: ignore[arg-type]


@for_each(currency=EVERY)
def test_the_operators_amounts_are_the_crossing_itself(currency: str) -> None:
    for amount in (*EDGES, *some(currency, 10), *PAST_FLOAT):
        assert money.shown(amount, currency) == money.to_decimal_text(Money(amount, currency))


# ---- the crossings ----


@for_each(currency=EVERY)
def test_out_and_in_again_is_the_same(currency: str) -> None:
    for amount in (*EDGES, *some(currency)):
        text = money.to_decimal_text(Money(amount, currency))
        assert re.fullmatch(rf"\d+\.\d{{{places_of(currency)}}}" if places_of(currency) else r"\d+", text)
        assert minor(text, currency) == amount
        typed = text + "0" * (places_of(currency) == 3)  # three decimals alone might be a group
        assert typed_amount.from_decimal_text(typed, currency) == Money(amount, currency)
        assert typed_amount.from_decimal_text(typed.replace(".", ","), currency).amount == amount


@for_each(currency=EVERY)
def test_sums_too_large_for_a_float_and_refunds_leave_exactly_too(currency: str) -> None:
    for amount in (*PAST_FLOAT, *EDGES, *some(currency)):
        out, back = (money.to_decimal_text(Money(value, currency)) for value in (amount, -amount))
        assert minor(out, currency) == amount
        assert minor(back, currency) == -amount
        assert back == (f"-{out}" if amount else out)
        assert str(Money(amount, currency)) == f"{out} {currency.upper()}"


@for_each(currency=EVERY)
def test_what_a_person_may_leave_out_or_add_is_read_the_same(currency: str) -> None:
    places = places_of(currency)
    for amount in some(currency):
        text = money.to_decimal_text(Money(amount, currency)) + "0" * (places_of(currency) == 3)
        ways = {
            text,
            f"0{text}",
            f" {text}\n",
            " ".join(text.partition(".")[0]) + text[len(text.partition(".")[0]) :],
        }
        if places:
            short = text.rstrip("0").rstrip(".")
            if places == 3 and amount % 10:
                short = text  # `1.255` alone might be a group
            ways |= {short, short.replace(".", ","), f"{short} {currency.upper()}"}
        for way in ways:
            assert typed_amount.from_decimal_text(way, currency).amount == amount, way
        for wrong in (f"-{text}", f"{text}x", f"{text}e1", f"{text}.0.0", text + "1" * (4 - places)):
            if wrong.isdigit():
                continue  # without decimals, more digits are only a larger amount
            with pytest.raises(BadInput):
                typed_amount.from_decimal_text(wrong, currency)


@for_each(currency=EVERY)
def test_a_coin_that_is_too_small_is_refused_never_rounded(currency: str) -> None:
    places = places_of(currency)
    for digits in ("1", "5", "9", "01"):
        decimals = "0" * places + digits
        if len(decimals) == 3:
            decimals += "0"  # three of them alone would be a group
        with pytest.raises(BadInput):
            typed_amount.from_decimal_text(f"7.{decimals}", currency)


@given(amounts=st.lists(st.tuples(st.integers(), st.sampled_from(EVERY)), min_size=2, max_size=12))
def test_sums_never_mix_currencies(amounts: list[tuple[int, str]]) -> None:
    sums: dict[str, Money] = {}
    for amount, currency in amounts:
        sums[currency] = sums.get(currency, Money(0, currency)) + Money(amount, currency)
    for currency, total in sums.items():
        assert total.amount == sum(amount for amount, other in amounts if other == currency)
        for strange in (other for other in sums.values() if other.currency != currency):
            with pytest.raises(ValueError, match="do not add up"):
                _ = total + strange


# ---- what readers see ----


def read_back(shown: str, language: Language, currency: str) -> int:
    """The minor units of an amount as a person would read it from a page: `12 345,67 zł`, `€12,345.67`."""
    before, after = language.money_pattern(currency).split("{amount}")
    assert shown.startswith(before)
    assert shown.endswith(after)
    digits = re.sub(r"\s", "", shown[len(before) : len(shown) - len(after)])
    point, group = (",", "") if language.lang == "uk" else (".", ",")
    return minor(digits.replace(group, "").replace(point, ".") if group else digits.replace(point, "."), currency)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_amount_on_a_page_is_the_amount(lang: str) -> None:
    language = Language(lang, "Europe/Kyiv")
    for currency in EVERY:
        for amount in (*EDGES, *some(currency, 20), *PAST_FLOAT):
            shown = language.money(amount, currency)
            assert read_back(shown, language, currency) == amount, (shown, currency)


AMOUNT_MAILS = [
    kind
    for kind, mail in mails.KINDS.items()
    if {"amount", "currency"} <= {field.name for field in dataclasses.fields(mail)}
]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_amount_in_a_mail_is_the_amount(lang: str) -> None:
    """Each currency in one kind of mail, each kind with many currencies; text and HTML say the same."""
    language, letterhead = Language(lang, "Europe/Kyiv"), samples.letterhead(lang)
    found = {mail.kind: mail for mail in samples.sample_mails(lang).values()}
    written = 0
    for currency, kind in zip(EVERY, itertools.cycle([kind for kind in AMOUNT_MAILS if kind in found]), strict=False):
        before, after = (re.escape(part) for part in language.money_pattern(currency).split("{amount}"))
        for amount in (1, some(currency, 1)[0] + 100, money.LARGEST):
            # Every other amount a template shows (a refund's part, say) is only a multiple away: set them all.
            numbers = {
                field.name: amount
                for field in dataclasses.fields(found[kind])
                if field.name == "amount" or (field.name.endswith("_amount") or field.name in ("of", "left"))
            }
            mail = letters.compose(dataclasses.replace(found[kind], currency=currency, **numbers), letterhead)  # type: ignore[arg-type] # each kind has its own fields
            for told in (mail.text, html.unescape(mail.html)):
                shown = re.findall(
                    rf"{before}\d[\d.,\s]*?{after}" if after else rf"{before}\d[\d.,\s]*\d|{before}\d", told
                )
                assert amount in {read_back(one, language, currency) for one in shown}, (kind, currency, amount, told)
            written += 1
    assert written == 3 * len(EVERY)
