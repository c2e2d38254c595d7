"""Every sentence that a mistake in the newsroom's file can bring, word for word."""

import copy

import pytest

from chalicelib.newsroom import file as newsroom_file
from chalicelib.newsroom.file import NewsroomFileWrong
from tests.newsroom.test_newsroom_file import SHIPPED, Mistake, drop, put

# (what is wrong with it, the setting that is named, what the sentence says to write)
SENTENCES: list[tuple[Mistake, str, str]] = [
    (
        put("colour", "red"),
        "colour",
        (
            "one of accent, campaigns, countries, currencies, default_currency, default_interval, editor, embeds,"
            " frames, gift_links, grace_days, languages, legal, limits, machines, mail_from, meter, name,"
            " payment_page_language, product_name, share_image, show_supporters, texts, tiers, time_zone"
        ),
    ),
    (
        drop("languages"),
        "languages",
        'a list such as ["uk", "en"], the first one being the default. Languages: en, uk',
    ),
    (drop("name"), "name", "a text for each of your languages (uk, en)"),
    (drop("product_name"), "product_name", "a text for each of your languages (uk, en)"),
    (put("texts", "appeal", "Дякуємо"), "appeal", "a text for each of your languages (uk, en)"),
    (put("texts", "no"), "texts", "a table of settings"),
    (drop("payment_page_language"), "payment_page_language", "a text for each of your languages (uk, en)"),
    (
        put("payment_page_language", "uk", "auto"),
        "payment_page_language",
        "languages that Stripe's page speaks, such as en, de or pl; never auto",
    ),
    (drop("time_zone"), "time_zone", "a time zone such as Europe/Kyiv"),
    (put("mail_from", ""), "mail_from", "the sender's address, such as support@news.example"),
    (
        put("mail_from", "support"),
        "mail_from",
        "the sender's one address, such as support@news.example, with Latin letters before the @",
    ),
    (
        put("mail_from", "Вісті, Надріччя <a@b>"),
        "mail_from",
        'the name in quotes, as it has a , in it: mail_from = "\\"Вісті, Надріччя\\" <support@news.example>"',
    ),
    (
        put("mail_from", "Вісті, Надріччя <a@b.example>"),
        "mail_from",
        'the name in quotes, as it has a , in it: mail_from = "\\"Вісті, Надріччя\\" <a@b.example>"',
    ),
    (
        put("mail_from", "Вісті\x1b <a@b.example>"),
        "mail_from",
        "a name of at most 80 letters, as people read it, before the <address>",
    ),
    (put("name", "uk", "Вісті\nНадріччя"), "name", "a text without control characters, on one line"),
    (put("product_name", "uk", "П" * 251), "product_name", "at most 250 letters: Stripe takes no more"),
    (put("texts", "appeal", "uk", "Текст\u202e"), "appeal", "a text without control characters"),
    (
        put("texts", "checkout.note_once", {"uk": "т" * 1201, "en": "t"}),
        "checkout.note_once",
        "at most 1200 letters: Stripe takes no more",
    ),
    (put("tiers", 0, "titel", "x"), "tiers.titel", "one of name, opens, title"),
    (
        put("campaigns", "..", {"uk": "а", "en": "b"}),
        "campaigns...",
        "a name made of Latin letters, digits and dashes",
    ),
    (drop("accent"), "accent", "a colour such as #7a1f2b"),
    (
        put("share_image", "/share.jpg"),
        "share_image",
        "the whole address of a picture, such as https://news.example/share.jpg; or leave it out",
    ),
    (put("editor", "Олена"), "editor", "a table of settings"),
    (put("editor", "nom", "x"), "editor.nom", "one of name, picture, role, word"),
    (drop("editor", "name"), "editor.name", "the editor's name, or take away their picture and role"),
    (put("editor", "name", "en", ""), "name", "a text for each of your languages (uk, en)"),
    (put("editor", "role", {"uk": "редакторка"}), "role", "a text for each of your languages (uk, en)"),
    (put("editor", "word", "en", "Thanks\x1b"), "word", "a text without control characters"),
    *(
        (
            put("editor", "picture", address),
            "editor.picture",
            "a picture on your website: a path of it such as /editor.jpg, or its whole address",
        )
        for address in ("editor.jpg", "//cdn.example/a.jpg", "http://news.example/a.jpg", '/a.jpg"', "/a b.jpg", 7)
    ),
    (put("countries", "UA"), "countries", "a table of settings"),
    (put("countries", "UA", "gbp"), "countries.UA", "one of eur, usd, uah, pln"),
    (put("countries", "UA", ["uah"]), "countries.UA", "one of eur, usd, uah, pln"),
    (put("countries", "UK", "eur"), "countries.UK", "GB: that is the country's code"),
    *(
        (
            put("countries", code, "eur"),
            f"countries.{code}",
            "the country's code of two capital letters (ISO 3166-1), such as UA",
        )
        for code in ("ua", "UKR", "Україна", "")
    ),
    (put("show_supporters", "yes"), "show_supporters", "true or false"),
    (put("show_supporters", 1), "show_supporters", "true or false"),
    (put("default_currency", "gbp"), "default_currency", "one of eur, usd, uah, pln"),
    (put("default_interval", "week"), "default_interval", "one of once, month, year"),
    (drop("grace_days"), "grace_days", "days from 0 to 60"),
    (drop("tiers"), "tiers", "at least one [[tiers]] section, the lowest tier first"),
    (put("tiers", ["member"]), "tiers", "each tier as a [[tiers]] section"),
    (drop("tiers", 0, "name"), "name", "a short name for tier 1"),
    (
        put("tiers", 1, "name", "member"),
        "tiers.member.name",
        "a name of its own, made of Latin letters, digits and dashes",
    ),
    (
        put("tiers", 0, "name", "друг"),
        "tiers.друг.name",
        "a name of its own, made of Latin letters, digits and dashes",
    ),
    (put("tiers", 0, "name", "a b"), "tiers.a b.name", "a name of its own, made of Latin letters, digits and dashes"),
    (drop("tiers", 0, "title", "en"), "title", "a text for each of your languages (uk, en)"),
    (drop("tiers", 0, "opens"), "opens", "a text for each of your languages (uk, en)"),
    (
        put("campaigns", "зима", {"uk": "а", "en": "b"}),
        "campaigns.зима",
        "a name made of Latin letters, digits and dashes",
    ),
    (put("campaigns", "winter", "x"), "winter", "a text for each of your languages (uk, en)"),
    (put("currencies", {}), "currencies", "at least one section such as [currencies.eur]"),
    (put("currencies", "ugx", {}), "currencies.ugx", "a currency Stripe takes, in lower case, such as eur"),
    (
        put("currencies", "ang", {}),
        "currencies.ang",
        "xcg, which has taken its place; what was given in ang stays in the books",
    ),
    (
        put("currencies", "bgn", {}),
        "currencies.bgn",
        "eur, which has taken its place; what was given in bgn stays in the books",
    ),
    (
        put("currencies", "hrk", {}),
        "currencies.hrk",
        "eur, which has taken its place; what was given in hrk stays in the books",
    ),
    (
        put("currencies", "sll", {}),
        "currencies.sll",
        "sle, which has taken its place; what was given in sll stays in the books",
    ),
    (put("currencies", "xcg", {}), "currencies.xcg.minimum", "at least 1 minor units"),
    (put("currencies", "EUR", {}), "currencies.EUR", "a currency Stripe takes, in lower case, such as eur"),
    (put("currencies", "eur", 5), "currencies.eur", "a table: [currencies.eur]"),
    (drop("currencies", "eur", "minimum"), "currencies.eur.minimum", "at least 50 minor units"),
    (
        put("currencies", "eur", "refund_suspected_upto", 5),
        "currencies.eur.refund_suspected_upto",
        "one of earns, maximum, minimum, presets, refund_suspected_up_to",
    ),
    (
        put("currencies", "eur", "presets", "monthly", [5]),
        "currencies.eur.presets.monthly",
        "one of month, once, year",
    ),
    (put("currencies", "eur", "earns", "monthly", []), "currencies.eur.earns.monthly", "one of month, once, year"),
    (put("currencies", "eur", "presets", "once", [500, 500]), "currencies.eur.presets.once", "each amount once"),
    (
        put("currencies", "eur", "earns", "month", 0, "form", 1),
        "currencies.eur.earns.month.form",
        "one of days, from, tier",
    ),
    (
        put("currencies", "eur", "earns", "month", 1, "from", 500001),
        "currencies.eur.earns.month.from",
        "an amount in minor units, at most 500000",
    ),
    (put("currencies", "eur", "earns", "once", 1, "from", 1000), "currencies.eur.earns.once", "each amount once"),
    (put("currencies", "eur", "maximum", 99), "currencies.eur.maximum", "from 100 to 99999999 minor units"),
    (
        drop("currencies", "eur", "presets"),
        "currencies.eur.presets.once",
        "a list of amounts in minor units, such as [300, 500, 1500]",
    ),
    (
        drop("currencies", "eur", "presets", "year"),
        "currencies.eur.presets.year",
        "a list of amounts in minor units, such as [300, 500, 1500]",
    ),
    (
        put("currencies", "eur", "presets", "once", [50]),
        "currencies.eur.presets.once",
        "amounts from 100 to 500000 in minor units, each a multiple of 1",
    ),
    (
        put("currencies", "eur", "presets", "month", [True]),
        "currencies.eur.presets.month",
        "amounts from 100 to 500000 in minor units, each a multiple of 1",
    ),
    (
        drop("currencies", "eur", "earns"),
        "currencies.eur.earns.once",
        'a list such as [{ from = 300, tier = "member" }]',
    ),
    (
        drop("currencies", "eur", "earns", "once", 0, "days"),
        "currencies.eur.earns.once.days",
        "for how many days a one-off gift opens the tier",
    ),
    (
        put("currencies", "eur", "earns", "month", 0, "days", 9),
        "currencies.eur.earns.month.days",
        "no days here: a recurring gift opens its tier for what is paid",
    ),
    (put("currencies", "eur", "earns", "month", 0, "tier", "x"), "tier", "one of member, patron"),
    (
        drop("currencies", "eur", "earns", "month", 0),
        "currencies.eur.earns.month",
        "a monthly amount for every tier (member, patron)",
    ),
    (
        put("currencies", "eur", "earns", "month", 0, "from", 2000),
        "currencies.eur.earns.month",
        "larger amounts for higher tiers",
    ),
    (put("limits", "checkouts"), "limits", "a table of settings"),
    (
        put("limits", {"guesses": 5}),
        "limits.guesses",
        (
            "one of checkouts, sign_ins, cancellations, mails_per_address_and_hour, mails_to_new_addresses_and_hour,"
            " metered"
        ),
    ),
    (put("limits", {"checkouts": 0}), "limits.checkouts", "a number from 1 to 1000000"),
    (put("gift_links", 5), "gift_links", "a table of settings"),
    (put("gift_links", {"a_month": 5}), "gift_links.a_month", "one of per_month"),
    *(
        (put("gift_links", {"per_month": value}), "gift_links.per_month", "a number from 0 (no gift links) to 100")
        for value in (-1, 101, 2.5, "5", True)
    ),
    (put("campaigns", 3), "campaigns", "a table of settings"),
    (put("currencies", []), "currencies", "a table of settings"),
    (put("currencies", "eur", "presets", 5), "presets", "a table of settings"),
    (put("currencies", "eur", "earns", []), "earns", "a table of settings"),
    (
        put("currencies", "eur", "earns", "year", 5),
        "currencies.eur.earns.year",
        'a list such as [{ from = 300, tier = "member" }]',
    ),
    (put("currencies", "eur", "minimum", 500001), "currencies.eur.maximum", "from 500001 to 99999999 minor units"),
    (
        put("currencies", "eur", "refund_suspected_up_to", -1),
        "currencies.eur.refund_suspected_up_to",
        "from 0 to 99999999 minor units",
    ),
    (put("currencies", "usd", "minimum", 0), "currencies.usd.minimum", "at least 50 minor units"),
    (
        put("currencies", "uah", "presets", "year", [1]),
        "currencies.uah.presets.year",
        "amounts from 5000 to 20000000 in minor units, each a multiple of 1",
    ),
    (drop("tiers", 1, "name"), "name", "a short name for tier 2"),
    (
        put("currencies", "eur", "earns", "year", 0, "days", 3),
        "currencies.eur.earns.year.days",
        "no days here: a recurring gift opens its tier for what is paid",
    ),
    (put("limits", {"sign_ins": True}), "limits.sign_ins", "a number from 1 to 1000000"),
    (
        put("frames", ["a.org"] * 51),
        "frames",
        'a list of at most 50 hosts, such as ["www.youtube.com", "player.vimeo.com"]',
    ),
    (
        put("frames", ["https://a.org"]),
        "frames",
        (
            "each host as it stands in the frame's address, in small letters, without https:// and a path, such"
            " as www.youtube.com or *.arcgis.com"
        ),
    ),
    (
        put("embeds", ["http://www.instagram.com/embed.js"]),
        "embeds",
        (
            "each script by its whole address without a query, or a host whose scripts may all run, such as"
            " https://www.instagram.com/embed.js or datawrapper.dwcdn.net"
        ),
    ),
    (put("product_name", "en", "x\ty"), "product_name", "a text without control characters, on one line"),
    (
        put("texts", "checkout.note_recurring", {"uk": "т" * 1201, "en": "t"}),
        "checkout.note_recurring",
        "at most 1200 letters: Stripe takes no more",
    ),
    (
        put("currencies", "kwd", {"minimum": 1001, "maximum": 5000}),
        "currencies.kwd.minimum",
        "a multiple of 10: this currency has no smaller coins",
    ),
    (
        put("currencies", "huf", {"minimum": 10000, "maximum": 50050}),
        "currencies.huf.maximum",
        "a multiple of 100: this currency has no smaller coins",
    ),
]


@pytest.mark.parametrize(("mistake", "setting", "instead"), SENTENCES)
def test_a_mistake_is_told_in_these_words(mistake: Mistake, setting: str, instead: str) -> None:
    raw = copy.deepcopy(SHIPPED)
    mistake(raw)
    with pytest.raises(NewsroomFileWrong) as wrong:
        newsroom_file.read(raw)
    assert str(wrong.value) == f"In the newsroom's file, '{setting}' is wrong. Write {instead}."
