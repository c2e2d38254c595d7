"""Every mail as it is built: two parts that say the same, a receipt in rows, light and dark, little weight."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.colours import DARK, LIGHT, READABLE, SEEN, accent_in, contrast
from chalicelib.mail import letters
from chalicelib.mail.rules import mails
from chalicelib.mail.rules.statement_mails import StatementReceived
from tests.pages import samples
from tests.pages.test_colours import HARD

CASES = [pytest.param(name, lang, mail, id=f"{name}-{lang}") for name, lang, mail in samples.every_mail()]
WIDEST, HEAVIEST = 78, 30 * 1024


class Seen(HTMLParser):
    """What a reader sees of a mail's HTML: its blocks in order, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.links: list[str] = []
        self._hidden = 0
        self.feed(html.partition("<body")[2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "div":
            self._hidden += bool(self._hidden or given.get("aria-hidden"))
        if tag == "a":
            self.links.append(str(given["href"]).removeprefix("mailto:"))
        if tag in ("p", "h1", "th", "td", "br", "a"):
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= bool(tag == "div" and self._hidden)

    def handle_data(self, data: str) -> None:
        if not self._hidden and self.blocks:
            self.blocks[-1] += data


def on_one_line(text: str) -> str:
    return " ".join(text.split())


def out_of_order(mail: letters.Composed) -> list[str]:
    """What stands in one part of a mail and not in the other, or earlier."""
    seen, text, found, place = Seen(mail.html), on_one_line(mail.text), [], 0
    labels = set(re.findall(r"<a [^>]*>([^<]*)</a>", mail.html))
    for block in map(on_one_line, seen.blocks[1:]):
        at = text.find(block, place)
        if at < 0 and block not in labels:  # an address stands for a link's label
            found.append(block)
        place = max(place, at)
    at = -1
    for link in seen.links:
        before, at = at, text.find(link, at + 1)
        found += [link] if at <= before else []
    words = set(on_one_line(" ".join(seen.blocks)).replace(":", " ").split())
    return found + [
        word for word in text.replace(":", " ").split() if word not in words and "//" not in word and "@" not in word
        and word not in on_one_line(" ".join(seen.links).replace(":", " ")).split()
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "lang", "mail"), CASES)
def test_the_plain_text_says_what_the_html_says_in_the_same_order(
    name: str, lang: str, mail: letters.Composed
) -> None:
    assert out_of_order(mail) == [], (name, lang)


def test_a_sentence_in_one_part_only_would_be_noticed() -> None:
    """The negative control of the test above."""
    mail = letters.compose(samples.sample_mails("uk")["renewed"], samples.letterhead("uk"))
    line = next(one for one in mail.text.splitlines() if one.startswith("Наступний"))
    assert on_one_line(line) in out_of_order(replace(mail, text=mail.text.replace(line, "")))
    assert "Наступний" in out_of_order(replace(mail, html=mail.html.replace(line, "")))
    first, second = mail.text.split("\n\n")[:2]
    assert out_of_order(replace(mail, text=mail.text.replace(first, "").replace(second, f"{second}\n\n{first}")))


@pytest.mark.parametrize(("name", "lang", "mail"), CASES)
def test_lines_are_readable_and_addresses_stand_alone(name: str, lang: str, mail: letters.Composed) -> None:
    for line in mail.text.splitlines():
        assert len(line) <= WIDEST or re.fullmatch(r"https?://\S+", line), (name, lang, line)
    for address in re.findall(r"^.*https?://.*$", mail.text, re.MULTILINE):
        assert re.fullmatch(r"https?://\S+", address), address


@pytest.mark.parametrize(("name", "lang", "mail"), CASES)
def test_a_mail_is_light_and_asks_for_one_thing(name: str, lang: str, mail: letters.Composed) -> None:
    assert len(mail.html.encode()) + len(mail.text.encode()) <= HEAVIEST, name
    assert mail.html.count('class="ground"') <= 1, "one button"
    assert mail.html.count("<h1") == 1
    assert "<title>" in mail.html
    assert mail.html.count("<table") == mail.html.count("<table role=") + mail.html.count("<th") // max(
        1, mail.html.count("<th")
    ), "a table is either for looks, and says so, or has headers"
    for style in re.findall(r"<style>(.*?)</style>", mail.html, re.DOTALL):
        assert len(style) < 8192, "Gmail drops what is longer"
    assert mail.lang == lang


# ---- colours ----


@pytest.mark.parametrize("accent", HARD)
def test_colours_hold_in_both_schemes_whatever_the_accent(accent: str) -> None:
    head = replace(samples.letterhead("uk"), accent=accent)
    html = letters.compose(samples.sample_mails("uk")["thanks_once"], head).html
    dark_style = html.partition("prefers-color-scheme:dark")[2].partition("</style>")[0]
    for scheme, place in ((LIGHT, html.partition("<body")[2]), (DARK, dark_style)):
        chosen = accent_in(scheme, accent)
        for colour in (chosen.accent, chosen.accent_text, chosen.on_accent, scheme.paper, scheme.ink, scheme.quiet):
            assert colour in place
        assert contrast(chosen.on_accent, chosen.accent) >= READABLE
        assert contrast(chosen.accent_text, scheme.paper) >= READABLE
        assert contrast(chosen.accent_text, scheme.paper) >= SEEN, "the button's edge"


@pytest.mark.parametrize(("name", "lang", "mail"), CASES)
def test_whatever_has_a_colour_has_one_for_dark_screens(name: str, lang: str, mail: letters.Composed) -> None:
    """An element whose colour stays as it is cannot be read on the other ground."""
    body = mail.html.partition("<body")[2]
    for tag in re.findall(r"<(?:body)?[^>/!][^>]*(?:color:|border-(?:top|bottom):)[^>]*>", "<body" + body):
        assert 'class="' in tag, (name, lang, tag)


# ---- the receipt ----

UK_ROWS = """Номер квитанції: 2026-000123-K7QX-9M2D
Дата: 22 листопада 2026
Сума: 25 €
Призначення: Разова підтримка редакції
Платник: Марія Коваль
Електронна адреса: maria@example.org
Спосіб оплати: Visa ···· 4242
Ідентифікатор платежу: pi_3Sample0000000000000001
Отримувач: ГО «Вісті Надріччя», вул. Садова, 1, Надріччя"""


def rows(name: str, lang: str = "uk", head: letters.Letterhead | None = None, to: str = samples.ADDRESS) -> list[str]:
    written = letters.compose(samples.sample_mails(lang)[name], head or samples.letterhead(lang), to)
    labels = re.findall(r"<th[^>]*>([^<]*)</th>", written.html)
    text = written.text.replace("\N{NO-BREAK SPACE}", " ")
    return [line for line in text.splitlines() if line.partition(":")[0] in labels]


def nobody_named() -> letters.Letterhead:
    """The letterhead of a newsroom whose file does not say who receives the money."""
    return replace(samples.letterhead("uk"), legal="")


def test_the_receiver_is_whom_the_newsrooms_file_names() -> None:
    written = letters.compose(samples.sample_mails("uk")["thanks_once"], samples.letterhead("uk"))
    assert "ГО «Вісті Надріччя», вул. Набережна, 1, Надріччя, Україна, ЄДРПОУ 00000000" in written.html


def test_a_receipt_says_all_that_is_known_and_has_no_row_for_the_rest() -> None:
    legal = replace(samples.letterhead("uk"), legal="ГО «Вісті Надріччя», вул. Садова, 1, Надріччя")
    assert rows("thanks_once_all_known", head=legal) == UK_ROWS.splitlines()
    known = [line for line in UK_ROWS.splitlines() if not line.startswith(("Номер", "Платник", "Спосіб", "Отрим"))]
    assert rows("thanks_once", head=nobody_named()) == [*known, "Отримувач: Вісті Надріччя"]
    assert rows("thanks_once", to="") == [one for one in rows("thanks_once") if not one.startswith("Електронна")]


def test_each_receipt_says_what_the_money_was_for() -> None:
    assert "Призначення: Регулярна підтримка редакції: 5 € щомісяця" in rows("thanks_recurring")
    assert "For: Regular support of the newsroom: €5 a month" in rows("renewed", "en")
    assert rows("refunded", head=nobody_named()) == [
        "Дата повернення: 22 грудня 2026",
        "Повернено: 25 €",
        "Призначення: Внесок від 22 листопада 2026: 25 €",
        "Електронна адреса: maria@example.org",
        "Ідентифікатор повернення: re_3Sample0000000000000001",
        "Від кого: Вісті Надріччя",
    ]
    book = mails.Renewed(2000, "eur", "month", samples.NOW, gift_amount=0)
    assert "For: Support of the newsroom\n" in letters.compose(book, samples.letterhead("en")).text


def test_only_what_confirms_a_payment_has_a_receipt_and_who_asks_to_keep_it_gives_one() -> None:
    for name, mail in samples.sample_mails("uk").items():
        confirms = isinstance(mail, mails.Receipt) and (
            not isinstance(mail, mails.RecurringChanged) or mail.amount > 0
        )
        assert bool(rows(name)) is (confirms or isinstance(mail, StatementReceived)), name
        if "Збережіть" in letters.compose(mail, samples.letterhead("uk")).text:
            assert confirms, name


def test_markup_in_a_row_is_text() -> None:
    mail = mails.ThanksOnce(2500, "eur", samples.NOW, payer="<b>Марія</b>")
    assert "<b>" not in letters.compose(mail, samples.letterhead("uk"), "<i>@x").html


# ---- where it leads ----


def leads(mail: mails.Mail, page: str) -> dict[str, list[str]]:
    """What the link to this page asks for."""
    written = letters.compose(mail, samples.letterhead("uk"))
    found = [link for link in Seen(written.html).links if f"/{page}?" in link]
    assert found == [line for line in written.text.splitlines() if f"/{page}?" in line]
    return parse_qs(urlsplit(found[0]).query)


def test_read_on_leads_to_the_article_that_the_gift_came_from() -> None:
    thanks = mails.ThanksRecurring(500, "eur", "month", samples.NOW, opens="усе", source=samples.ARTICLE)
    assert leads(thanks, "read-on") == {"lang": ["uk"], "return_to": [samples.ARTICLE]}
    assert leads(replace(thanks, source=""), "read-on") == {"lang": ["uk"]}


def test_giving_again_asks_for_the_same_gift() -> None:
    ended = mails.RecurringEnded(500, "eur", "month")
    assert leads(ended, "donate") == {"lang": ["uk"], "amount": ["500"], "currency": ["eur"], "interval": ["month"]}
    once = mails.PaymentFailedOnce(2500, "pln")
    assert leads(once, "donate")["interval"] == ["once"]
    assert leads(replace(ended, interval_count=6), "donate") == {"lang": ["uk"]}, "no such choice on the page"


def test_the_first_payment_that_failed_is_told_as_on_the_thank_you_page() -> None:
    from chalicelib.giving.views.pages import ThanksPage, ThanksState
    from chalicelib.http import pages
    from tests.pages.markup import shown

    for lang in samples.LANGUAGES:
        mail = letters.compose(
            mails.PaymentFailed(500, "eur", "month", samples.UNTIL, first=True), samples.letterhead(lang)
        )
        page = shown(
            ThanksPage("cs_1", ThanksState.PROCESSING, pages.Gift(500, "eur", "month"), retry_at=samples.UNTIL), lang
        )
        text, day = on_one_line(mail.text), {"uk": "22 грудня 2026", "en": "22 December 2026"}[lang]
        twice = {"uk": "Не платіть удруге", "en": "Please don’t pay again"}[lang]
        for said in (text, page.text.replace("'", "’")):
            assert day in said
            assert twice in said
        assert not re.search("Чергов|картк|regular|card|/donate", text)
    renewal = letters.compose(samples.sample_mails("uk")["payment_failed"], samples.letterhead("uk"))
    assert "удруге" not in renewal.text
    assert "Черговий" in renewal.text
