"""The newsroom's file: the shipped one is right, and every mistake names its setting and says what to write."""

import copy
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from stripe.params import billing_portal, checkout

import chalicelib
from chalicelib.kernel import money
from chalicelib.newsroom import file as newsroom_file
from chalicelib.newsroom.file import NewsroomFileWrong
from chalicelib.newsroom.rules import INTERVALS

SHIPPED = tomllib.loads(Path(chalicelib.__file__).with_name("newsroom.toml").read_text(encoding="utf-8"))
Raw = dict[str, Any]
Mistake = Callable[[Raw], object]


def test_the_shipped_file_is_right() -> None:
    newsroom = newsroom_file.read(SHIPPED)
    assert newsroom.languages == ("uk", "en")
    assert newsroom.language("en") == "en"
    assert newsroom.language("de") == newsroom.language(None) == "uk"
    assert set(newsroom.currencies) >= {"eur", "usd", "uah", "pln"}
    assert newsroom.tier_names == ("member", "patron")
    assert "auto" not in newsroom.payment_page_language.values()


def test_the_payment_page_speaks_what_checkout_and_the_portal_both_speak() -> None:
    spoken = [
        set(re.findall(r"'([\w-]+)'", str(params.__annotations__["locale"]).partition("Literal[")[2]))
        for params in (checkout.SessionCreateParams, billing_portal.SessionCreateParams)
    ]
    assert (spoken[0] & spoken[1]) - {"auto"} == newsroom_file.PAYMENT_PAGE_LANGUAGES


def test_every_preset_can_be_given_and_the_page_always_has_one_that_opens_something() -> None:
    newsroom = newsroom_file.read(SHIPPED)
    for code, rules in newsroom.currencies.items():
        for interval in INTERVALS:
            for amount in rules.presets[interval]:
                assert rules.minimum <= amount <= rules.maximum
                assert amount % money.smallest_step(code) == 0
            assert any(rules.earned(amount, interval) for amount in rules.presets[interval]), (code, interval)


def test_a_gift_earns_the_dearest_rule_that_it_reaches() -> None:
    rules = newsroom_file.read(SHIPPED).currencies["eur"]
    months = {amount: rules.earned(amount, "month") for amount in (299, 300, 1499, 1500, 10**6)}
    assert {amount: rule.tier if rule else None for amount, rule in months.items()} == {
        299: None,
        300: "member",
        1499: "member",
        1500: "patron",
        10**6: "patron",
    }
    assert [rule.days if (rule := rules.earned(amount, "once")) else None for amount in (999, 1000, 2999, 3000)] == [
        None,
        60,
        60,
        365,
    ]


def eur(raw: Raw) -> Raw:
    found: Raw = raw["currencies"]["eur"]
    return found


def put(*path: Any) -> Mistake:
    """Set the last of `path` at the place named by the others."""

    def mistake(raw: Raw) -> None:
        *way, last, value = path
        here: Any = raw
        for step in way:
            here = here[step]
        here[last] = value

    return mistake


def drop(*path: Any) -> Mistake:
    """Remove what stands at `path`."""

    def mistake(raw: Raw) -> None:
        *way, last = path
        here: Any = raw
        for step in way:
            here = here[step]
        del here[last]

    return mistake


# (what is wrong with it, the setting that must be named, what the sentence must tell to write)
MISTAKES: list[tuple[Mistake, str, str]] = [
    (put("languages", []), "languages", '["uk", "en"]'),
    (put("languages", "uk"), "languages", '["uk", "en"]'),
    (put("languages", ["uk", "de"]), "languages", '["uk", "en"]'),
    (put("languages", [["uk"]]), "languages", '["uk", "en"]'),
    (put("languages", ["uk", "uk"]), "languages", '["uk", "en"]'),
    (put("name", "Вісті"), "name", "each of your languages"),
    (put("name", {"uk": "Вісті"}), "name", "each of your languages"),
    (put("name", "en", 7), "name", "each of your languages"),
    (put("name", "uk", "  "), "name", "each of your languages"),
    (put("payment_page_language", "uk", "uk"), "payment_page_language", "such as en"),
    (put("payment_page_language", "en", "EN"), "payment_page_language", "such as en"),
    (put("time_zone", 2), "time_zone", "Europe/Kyiv"),
    (put("time_zone", "Europe/Kiiv"), "time_zone", "Europe/Kyiv"),
    (put("time_zone", "../etc/passwd"), "time_zone", "Europe/Kyiv"),
    (put("time_zone", "UTC+3"), "time_zone", "Europe/Kyiv"),
    (put("mail_from", "support@news.example\nBcc: x@evil.example"), "mail_from", "support@news.example"),
    (put("mail_from", "a@news.example, b@news.example"), "mail_from", "one address"),
    (put("mail_from", "a@b"), "mail_from", "support@news.example"),
    (put("mail_from", "редакція@news.example"), "mail_from", "Latin letters before the @"),
    (put("time_zone", "Europe/Kyev"), "time_zone", "Europe/Kyiv"),
    (put("time_zone", "UTC+2"), "time_zone", "Europe/Kyiv"),
    (put("time_zone", "Europe"), "time_zone", "Europe/Kyiv"),
    (put("time_zone", "../zone"), "time_zone", "Europe/Kyiv"),
    (put("time_zone", "right/Europe/Kyiv"), "time_zone", "Europe/Kyiv"),
    (put("name", "uk", "Вісті\x1b[31m"), "name", "without control characters"),
    (put("accent", "darkred"), "accent", "#7a1f2b"),
    (put("share_image", "http://news.example/share.jpg"), "share_image", "https://news.example/share.jpg"),
    (put("share_image", 'https://news.example/"><script>'), "share_image", "https://news.example/share.jpg"),
    (put("share_image", ""), "share_image", "leave it out"),
    (put("accent", "#fff; } body { display: none"), "accent", "#7a1f2b"),
    (put("default_currency", ["eur"]), "default_currency", "eur"),
    (put("grace_days", 61), "grace_days", "0 to 60"),
    (put("grace_days", -1), "grace_days", "0 to 60"),
    (put("grace_days", True), "grace_days", "0 to 60"),
    (put("grace_days", 7.0), "grace_days", "0 to 60"),
    (put("tiers", []), "tiers", "[[tiers]]"),
    (put("currencies", "eur", "minimum", 49), "currencies.eur.minimum", "at least 50 minor units"),
    (put("currencies", "eur", "minimum", 1.5), "currencies.eur.minimum", "at least 50"),
    (put("currencies", "eur", "minimum", "100"), "currencies.eur.minimum", "at least 50"),
    (put("currencies", "eur", "maximum", 10**8), "currencies.eur.maximum", "from 100 to 99999999"),
    (put("currencies", "eur", "presets", "once", []), "currencies.eur.presets.once", "[300, 500, 1500]"),
    (put("currencies", "eur", "presets", "once", [5.0]), "currencies.eur.presets.once", "from 100 to 500000"),
    (put("currencies", "eur", "earns", "once", "member"), "currencies.eur.earns.once", "tier"),
    (put("currencies", "eur", "earns", "once", [1000]), "currencies.eur.earns.once", "tier"),
    (put("currencies", "eur", "earns", "once", 0, "days", 0), "currencies.eur.earns.once.days", "how many days"),
    (put("currencies", "eur", "earns", "month", 0, "from", 0), "currencies.eur.earns.month.from", "minor units"),
    (put("limits", {"checkouts": "60"}), "limits.checkouts", "1 to 1000000"),
]


@pytest.mark.parametrize(("mistake", "setting", "instead"), MISTAKES)
def test_a_mistake_names_the_setting_and_what_to_write(mistake: Mistake, setting: str, instead: str) -> None:
    raw = copy.deepcopy(SHIPPED)
    mistake(raw)
    with pytest.raises(NewsroomFileWrong) as wrong:
        newsroom_file.read(raw)
    sentence = str(wrong.value)
    assert f"'{setting}'" in sentence, sentence
    assert instead in sentence.partition("Write ")[2], sentence


def test_presets_of_a_currency_without_small_coins_are_whole() -> None:
    raw = copy.deepcopy(SHIPPED)
    raw["currencies"] = {"huf": raw["currencies"]["uah"]}
    raw["default_currency"] = "huf"
    raw["countries"] = {"HU": "huf"}
    newsroom_file.read(raw)
    raw["currencies"]["huf"]["presets"]["once"] = [50_050]
    with pytest.raises(NewsroomFileWrong, match="multiple of 100"):
        newsroom_file.read(raw)
    raw["currencies"]["huf"] |= {"minimum": 10_050}
    with pytest.raises(NewsroomFileWrong, match=r"currencies\.huf\.minimum.*multiple of 100"):
        newsroom_file.read(raw)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("support@news.example", "support@news.example"),
        ('"Вісті, Надріччя" <Support@News.example>', '"Вісті, Надріччя" <support@news.example>'),
        ("a@вісті.укр", "a@xn--b1a4ad2fc.xn--j1amh"),
    ],
)
def test_the_sender_is_one_mailbox_in_the_form_that_mails_go_with(written: str, kept: str) -> None:
    assert newsroom_file.read({**SHIPPED, "mail_from": written}).mail_from == kept


def test_a_text_may_have_lines() -> None:
    raw = copy.deepcopy(SHIPPED)
    raw["texts"]["appeal"] = {"uk": "Перший.\n\nДругий.", "en": "One.\r\nTwo."}
    assert "\n" in newsroom_file.read(raw).texts["appeal"]["uk"]


def test_limits_may_be_left_out() -> None:
    raw = {name: value for name, value in SHIPPED.items() if name != "limits"}
    assert newsroom_file.read(raw).limits.checkouts == 60


def test_an_empty_file_is_a_sentence_too() -> None:
    with pytest.raises(NewsroomFileWrong):
        newsroom_file.read({})
