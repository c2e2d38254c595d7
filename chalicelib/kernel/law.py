"""The labels that laws want on the ways out of a contract, by language; they stand outside the newsroom's own texts.

Two ways out, each in two steps: an entry that everybody finds, and on its page the button that declares. A law names
the words "or a formulation as unambiguous", and nothing else may stand on the button. So they are no sentences of
`[texts]`, which a newsroom may say differently: whoever edits one of them risks that no contract is ever ended by it.

Which label a reader gets follows from languages alone: their browser's, where the law of that language has labels and
the newsroom does not speak it; else the page's. docs/leaving.md says what each law asks beside the words.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from chalicelib.kernel.languages import preferred

WayOut = Literal["cancel", "withdraw"]
WAYS_OUT: tuple[WayOut, ...] = ("cancel", "withdraw")


@dataclass(frozen=True)
class Labels:
    """The labels in one language: `entry` leads to the page of a way out, `confirm` is the only word on its button.

    `sources`: where the words are written, or of which words they are the translation.
    """

    lang: str
    entry: Mapping[WayOut, str]
    confirm: Mapping[WayOut, str]
    sources: Mapping[WayOut, str]


_DIRECTIVE = "Directive 2011/83/EU, art. 11a(1) and (3), as amended by Directive (EU) 2023/2673"
LABELS: Mapping[str, Labels] = {
    one.lang: one
    for one in (
        Labels(
            "de",
            {"cancel": "Verträge hier kündigen", "withdraw": "Vertrag widerrufen"},
            {"cancel": "jetzt kündigen", "withdraw": "Widerruf bestätigen"},
            {"cancel": "Germany: § 312k Abs. 2 BGB", "withdraw": "Germany: § 356a Abs. 1 und 3 BGB"},
        ),
        Labels(
            "fr",
            {"cancel": "résilier votre contrat", "withdraw": "renoncer au contrat ici"},
            {"cancel": "notification de la résiliation", "withdraw": "confirmer la rétractation"},
            {
                "cancel": "France: Code de la consommation, art. D215-1 et D215-3 (décret n° 2023-417)",
                "withdraw": "France: Code de la consommation, art. D221-5 (décret n° 2026-3)",
            },
        ),
        Labels(
            "en",
            {"cancel": "Cancel your contract here", "withdraw": "Withdraw from contract here"},
            {"cancel": "Cancel now", "withdraw": "Confirm withdrawal"},
            {"cancel": "a translation of § 312k BGB: no law in English has words of its own", "withdraw": _DIRECTIVE},
        ),
        Labels(
            "uk",
            {"cancel": "Розірвати договір тут", "withdraw": "Відмовитися від договору тут"},
            {"cancel": "Розірвати зараз", "withdraw": "Підтвердити відмову"},
            {"cancel": "a translation of § 312k BGB", "withdraw": f"a translation of {_DIRECTIVE}"},
        ),
    )
}
_OTHERWISE = LABELS["en"]


def labels_in(lang: str) -> Labels:
    """The labels for a page or mail in this language; in English where the table has none in it."""
    return LABELS.get(lang, _OTHERWISE)


def labels_for(page: str, accept: str, spoken: Collection[str]) -> Labels:
    """The labels for a reader: of a page in the language `page`, whose newsroom speaks the languages `spoken`.

    :param accept: the browser's Accept-Language header. Its best language with labels counts, unless the newsroom
        speaks it: then the page is in it, or the reader has chosen another.
    """
    best = next(iter(preferred(accept, LABELS)), page)
    return labels_in(page if best in spoken else best)
