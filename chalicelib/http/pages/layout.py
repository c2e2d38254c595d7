"""The layout of hosted pages: whose a page is, in which language, and where its links and forms go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalicelib.kernel.law import Labels, labels_in
from chalicelib.newsroom.rules import Newsroom, Words

if TYPE_CHECKING:
    from chalicelib.i18n.language import Language


@dataclass(frozen=True)
class Layout:
    """The layout of one page: newsroom, language, addresses, colour.

    `public_url` has no trailing slash; every link and form action starts with it. `languages` holds the address of
    this very page in each language, for pages that a GET shows; empty otherwise. `accent` is `#rrggbb`.
    `texts` are the newsroom's own sentences, as its settings file has them. `law`: the language of the law's labels
    on the ways out; empty: the page's.
    """

    lang: str
    newsroom: str
    public_url: str
    livemode: bool
    languages: Mapping[str, str] = field(default_factory=dict)
    accent: str = "#8c2f1b"
    time_zone: str = "Europe/Kyiv"
    site_url: str | None = None
    texts: Mapping[str, Words] = field(default_factory=dict)
    share_image: str = ""
    law: str = ""

    @classmethod
    def of(
        cls,
        newsroom: Newsroom,
        *,
        lang: str,
        public_url: str,
        livemode: bool,
        languages: Mapping[str, str] | None = None,
        site_url: str | None = None,
        law: str = "",
    ) -> "Layout":
        """The layout of a page of this newsroom; `site_url` is the front page of its website."""
        return cls(
            lang=lang,
            newsroom=newsroom.name[lang],
            public_url=public_url,
            livemode=livemode,
            languages=languages or {},
            accent=newsroom.accent,
            time_zone=newsroom.time_zone,
            site_url=site_url,
            texts=newsroom.texts,
            share_image=newsroom.share_image,
            law=law,
        )

    @property
    def ways_out(self) -> Labels:
        """The law's labels on the ways out of a contract."""
        return labels_in(self.law or self.lang)

    def language(self) -> "Language":
        """The page's language, with the newsroom's own sentences."""
        from chalicelib.i18n.language import Language  # imports Babel

        return Language(self.lang, self.time_zone, self.texts)
