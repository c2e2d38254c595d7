"""The core of the gate at the edge opens what the API opens on a valid pass alone, answers the same, and no more."""

import random
import re
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.articles.rules import sealed_text
from chalicelib.kernel.moments import RealTime
from integrations.edge.build import HERE, HOSTS, built, without_comments
from testkit.clock import NOW
from tests.edge import derivation, table
from tests.edge.cases import every
from tests.edge.hosts import CORE, differing, in_njs, in_node, opened
from tests.edge.material import ROOT, TOLD
from tests.edge.table import Json

ALTERATIONS = 600


@pytest.fixture(scope="module")
def cases() -> Json:
    """The table as it lies there."""
    return table.read()


def test_the_table_is_what_the_api_answers_today() -> None:
    assert table.PATH.read_text(encoding="utf-8") == table.text(table.table()), "Run python -m tests.edge.table."


def test_the_scripts_are_made_of_their_parts() -> None:
    for host in HOSTS:
        assert (HERE / f"{host}.js").read_text(encoding="utf-8") == built(host), "Run python -m integrations.edge."


def test_the_core_is_es5() -> None:
    """CloudFront's language is that, and parts of later ones; what nobody uses cannot be missing there."""
    code = without_comments(CORE)
    assert not re.findall(r"=>|`|\b(?:const|let|class|async|await|import)\b|\.\.\.|\?\.|\?\?", code)


def test_node_does_what_the_table_says(cases: Json) -> None:
    (done,) = in_node([CORE], cases)
    assert not differing(cases, done)
    assert sum(one["answer"] is not None for one in done) > 20, "A core that opens nothing would agree, too."


def test_njs_does_what_the_table_says(cases: Json) -> None:
    assert not differing(cases, in_njs(CORE, cases))


def test_whatever_is_altered_opens_only_what_the_api_opens_alike() -> None:
    """Opened requests with something cut, doubled, exchanged or stirred in: the API is asked the very same."""
    cases = list(altered())
    (done,) = in_node([CORE], {"told": TOLD, "cases": cases})
    answered = [(case, one["answer"]) for case, one in zip(cases, done, strict=True) if one["answer"]]
    assert 10 < len(answered) < ALTERATIONS - 10, "Some alterations change nothing, most of them do."
    for case, answer in answered:
        assert table.api_answer(case["asked"], case["now"]) == opened(answer), case


def altered() -> Iterator[Json]:
    """Requests near those that open."""
    chance = random.Random(86)  # noqa: S311 - the same alterations each time
    opening = [case for case in every() if case.opens and not case.told]
    for number in range(ALTERATIONS):
        case = chance.choice(opening)
        asked: dict[str, Any] = {"method": "GET", "path": case.path, "query": case.query}
        asked["headers"] = [list(header) for header in case.headers]
        at = chance.choice(["path", "query", "query", "cookie", "cookie"])
        if at == "cookie":
            asked["headers"][0][1] = _near(asked["headers"][0][1], chance)
        else:
            asked[at] = _near(asked[at], chance)
        yield {
            "name": str(number),
            "now": case.now + chance.choice([0, 0, 1, 299, 300, 600, -1, -300]),
            "asked": asked,
        }


def _near(text: str, chance: random.Random) -> str:
    start, end = sorted(chance.randrange(len(text) + 1) for _ in range(2))
    way = chance.randrange(5)
    if way == 0:
        return text[:start] + text[end:]
    if way == 1:
        return text[:end] + text[start:]
    if way == 2:
        return text[:start] + chance.choice("%&=+;., \t~AZ09_-'\"") + text[start:]
    if way == 3:
        return text[:start] + text[start : start + 1].swapcase() + text[start + 1 :]
    return text + chance.choice(["&needs=members", "; a=b", "%", "&x", ";", "="])


def test_the_format_has_not_changed() -> None:
    """Copies that were sealed once are opened for years."""
    root = "a-root-of-forty-three-characters-made-for-this-test"
    version = derivation.version("bridge", "members", b"body", "k1", root)
    assert version == "k1.EKEp7ekqJ4hwFLO067DWqCtI"
    assert derivation.key("bridge", version, "members", root) == "8BbEe9R2ZjlX3jlEBDtyviPfVGlX9fZEM2y_4mtNe4A"
    ticket = derivation.ticket("bridge", version, "members", 1_790_000_600, root)
    assert ticket == "1790000600.6wtN9tA0lukF2JhjWyNOHCsz"


@pytest.mark.parametrize("needs", ["members", "tier:member", "tier:a.b~c-d_e"])
def test_the_app_derives_the_same_as_the_format_says(needs: str) -> None:
    roots = (("k2", ROOT.encode()),)
    for number in range(40):
        article, body = f"a{number}.~", bytes(range(number)) * number
        version = sealed_text.version(article, needs, body, roots[0])
        assert version == derivation.version(article, needs, body, "k2", ROOT)
        assert sealed_text.key(article, version, needs, roots) == derivation.key(article, version, needs, ROOT)
        made = sealed_text.ticket(article, version, needs, roots, RealTime(NOW + number)) or ""
        assert made == derivation.ticket(article, version, needs, int(made.partition(".")[0]), ROOT)
