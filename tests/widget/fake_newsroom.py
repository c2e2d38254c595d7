"""The settings of the newsroom that the fake API speaks for."""

from chalicelib.kernel.typed_amount import own_words

PRESETS = {"once": [500, 1000, 2500], "month": [300, 500, 1000], "year": [3000, 5000, 10000]}
EARNS = {
    "once": [{"from": 1000, "tier": "member", "days": 60}],
    "month": [{"from": 300, "tier": "member"}, {"from": 1500, "tier": "patron"}],
    "year": [{"from": 3000, "tier": "member"}, {"from": 15000, "tier": "patron"}],
}
NEWSROOM = {
    "name": {"uk": "Вісті Надріччя", "en": "Nadrichchia News"},
    "languages": ["uk", "en"],
    "livemode": False,
    "default_currency": "eur",
    "default_interval": "month",
    "countries": {"JP": "jpy", "PL": "eur"},
    "tiers": [
        {
            "name": "member",
            "title": {"uk": "Друг редакції", "en": "Friend of the newsroom"},
            "opens": {"uk": "всі статті для спільноти", "en": "every article for supporters"},
        },
        {
            "name": "patron",
            "title": {"uk": "Опора редакції", "en": "Patron of the newsroom"},
            "opens": {"uk": "всі статті та нотатки", "en": "every article and the notebook"},
        },
    ],
    "currencies": {
        "eur": {
            "decimals": 2,
            "words": own_words("eur"),
            "minimum": 100,
            "maximum": 500000,
            "presets": PRESETS,
            "earns": EARNS,
        },
        "uah": {
            "decimals": 2,
            "words": own_words("uah"),
            "minimum": 5000,
            "maximum": 20000000,
            "presets": {"once": [20000, 50000], "month": [10000, 20000], "year": [100000]},
            "earns": {"month": [{"from": 10000, "tier": "member"}]},
        },
        "jpy": {
            "decimals": 0,
            "words": own_words("jpy"),
            "minimum": 100,
            "maximum": 500000,
            "presets": {"once": [500], "month": [500, 1000]},
            "earns": {},
        },
    },
    "payment_page_language": {"uk": "en", "en": "en"},
    "texts": {
        "appeal_title": {"uk": "Цю редакцію тримають читачі", "en": "Readers keep this newsroom going"},
        "appeal": {"uk": "Ми пишемо без власника.", "en": "We write with no owner."},
    },
    "colours": {"accent": "#8c2f1b"},
    "links": {},
}
