"""The demo site's own words, and dates as a newspaper writes them."""

from datetime import datetime
from typing import Any

from babel.dates import format_date, format_datetime, format_time

from localdev.site.content import time_zone

SECTIONS = ("town", "money", "river", "culture", "notebook")

WORDS: dict[str, dict[str, Any]] = {
    "uk": {
        "name": "Вісті Надріччя",
        "motto": "Незалежна газета міста над Світлою",
        "skip": "До основного тексту",
        "sections_label": "Розділи",
        "sections": {
            "town": "Місто",
            "money": "Гроші громади",
            "river": "Річка",
            "culture": "Культура",
            "notebook": "Редакційні нотатки",
        },
        "latest": "Останні матеріали",
        "more": "Читайте далі",
        "front": "На першу сторінку",
        "account": "Моя підтримка",
        "give": "Підтримати",
        "other_lang": "English",
        "other_lang_code": "en",
        "appeal_title": "Цю газету тримають читачі",
        "appeal": (
            "«Вісті Надріччя» — це троє журналістів без власника й без замовників. Якщо наші тексти вам потрібні, "
            "підтримайте нас: навіть невелика сума щомісяця дає змогу планувати роботу."
        ),
        "campaign_title": "Зима без темряви",
        "campaign": "Збираємо на генератор і другий ноутбук, щоб газета виходила й тоді, коли в місті немає світла.",
        "read_on": "Читати повністю на сторінці підтримки",
        "access": {
            "metered": "Кілька на місяць — для всіх",
            "members": "Для спільноти",
            "tier:patron": "Рівень «Опора редакції»",
        },
        "footer": "Усі люди, річки й мости тут вигадані. Це демонстраційний сайт Spilno.",
        "elements": "Усі стани елементів",
        "letter_link": "Лист читачам",
        "letter_title": "Лист читачам",
        "letter": (
            "Добрий ранок! Цього тижня ми дочитали всі дев’ять додаткових угод про міст на Заріччя і склали з них "
            "одну таблицю. Текст вийшов довгий, і він для тих, хто нас підтримує."
        ),
        "letter_gift": (
            "Сьогодні ми даруємо його вам. За цим посиланням його прочитають перші п’ятсот людей, і входити "
            "нікуди не треба:"
        ),
        "letter_end": "Перешліть цей лист тому, кому міст болить так само. Гарного тижня!",
        "letter_signed": "Олена Гнатюк, головна редакторка",
        "letter_none": "Цього тижня листа немає.",
        "missing_title": "Такої сторінки немає",
        "missing": "Можливо, посилання застаріло. Усі свіжі матеріали — на першій сторінці.",
        "today": "сьогодні",
        "yesterday": "учора",
    },
    "en": {
        "name": "Nadrichchia News",
        "motto": "The independent paper of a town on the Svitla",
        "skip": "Skip to content",
        "sections_label": "Sections",
        "sections": {
            "town": "Town",
            "money": "Public money",
            "river": "River",
            "culture": "Culture",
            "notebook": "Editors’ notebook",
        },
        "latest": "Latest",
        "more": "Read on",
        "front": "Front page",
        "account": "My support",
        "give": "Support us",
        "other_lang": "Українською",
        "other_lang_code": "uk",
        "appeal_title": "Readers keep this paper going",
        "appeal": (
            "Nadrichchia News is three journalists with no owner and nobody’s orders. If you need what we write, "
            "support us: even a small monthly sum lets us plan ahead."
        ),
        "campaign_title": "A winter with the lights on",
        "campaign": (
            "We are raising money for a generator and a second laptop, "
            "so that the paper comes out when the town has no power."
        ),
        "read_on": "Read the whole text on our support page",
        "access": {
            "metered": "A few a month for everyone",
            "members": "For supporters",
            "tier:patron": "For patrons",
        },
        "footer": "All people, rivers and bridges here are invented. This is Spilno’s demo site.",
        "elements": "Every state of the elements",
        "letter_link": "A letter to readers",
        "letter_title": "A letter to readers",
        "letter": (
            "Good morning! This week we finished reading all nine supplementary agreements about the Zarichchia "
            "bridge, and made one table of them. It became a long story, and it is for those who support us."
        ),
        "letter_gift": (
            "Today we give it to you. By this link the first five hundred people read it, without signing in "
            "anywhere:"
        ),
        "letter_end": "Pass this letter on to somebody who minds the bridge as much as you do. Have a good week!",
        "letter_signed": "Olena Hnatiuk, editor-in-chief",
        "letter_none": "There is no letter this week.",
        "missing_title": "There is no such page",
        "missing": "The link may be out of date. Everything recent is on the front page.",
        "today": "today",
        "yesterday": "yesterday",
    },
}


def long_date(moment: datetime, lang: str) -> str:
    """«неділя, 22 листопада 2026» in the newsroom's time zone."""
    pattern = "EEEE, d MMMM y"
    return format_date(moment.astimezone(time_zone()).date(), pattern, locale=_locale(lang))


def date_and_time(moment: datetime, lang: str, now: datetime) -> str:
    """«сьогодні, 09:30», «учора, 18:20», «17 листопада, 15:00» in the newsroom's time zone."""
    local, today = moment.astimezone(time_zone()), now.astimezone(time_zone()).date()
    days = (today - local.date()).days
    if days in (0, 1):
        day = WORDS[lang]["today" if days == 0 else "yesterday"]
        return f"{day}, {format_time(local, 'HH:mm', tzinfo=time_zone(), locale=_locale(lang))}"
    return format_datetime(local, "d MMMM, HH:mm", tzinfo=time_zone(), locale=_locale(lang))


def _locale(lang: str) -> str:
    return {"en": "en_GB"}.get(lang, lang)
