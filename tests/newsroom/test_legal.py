"""The `[legal]` section: who receives the money, as receipts and statements name them."""

import copy

import pytest

from chalicelib.newsroom import file as newsroom_file
from chalicelib.newsroom.file import NewsroomFileWrong
from chalicelib.newsroom.rules import Legal
from tests.newsroom.test_newsroom_file import SHIPPED, Raw

NAMED = {"name": "ГО «Вісті»", "address": "вул. Набережна, 1\nНадріччя"}


def changed(legal: object) -> Raw:
    return {**copy.deepcopy(SHIPPED), "legal": legal}


def test_all_of_it_may_be_left_out() -> None:
    bare = copy.deepcopy(SHIPPED)
    del bare["legal"]
    assert newsroom_file.read(bare).legal == Legal()


def test_a_text_may_be_the_same_in_every_language_or_one_for_each() -> None:
    legal = newsroom_file.read(changed({**NAMED, "id": "123", "tax_text": {"uk": "Так.", "en": "Yes."}})).legal
    assert legal.name == {"uk": "ГО «Вісті»", "en": "ГО «Вісті»"}
    assert legal.address["en"] == "вул. Набережна, 1\nНадріччя"
    assert (legal.id["en"], legal.tax_text["en"]) == ("123", "Yes.")


@pytest.mark.parametrize(
    ("legal", "setting"),
    [
        ({}, "name"),
        ({"name": "x"}, "address"),
        ({"name": "", "address": "x"}, "name"),
        ({**NAMED, "name": {"uk": "x"}}, "name"),
        ({**NAMED, "name": "x\ny"}, "name"),
        ({**NAMED, "name": "x" * 201}, "name"),
        ({**NAMED, "address": "x" * 301}, "address"),
        ({**NAMED, "address": "\u202ex"}, "address"),
        ({**NAMED, "id": 12}, "id"),
        ({**NAMED, "tax_text": {"uk": "x"}}, "tax_text"),
        ({**NAMED, "tax_text": ""}, "tax_text"),
        ({**NAMED, "tax": "x"}, "tax"),
        ("a name", "legal"),
    ],
)
def test_a_mistake_is_named_with_what_to_write(legal: object, setting: str) -> None:
    with pytest.raises(NewsroomFileWrong, match=rf"'(legal\.)?{setting}' is wrong\. Write "):
        newsroom_file.read(changed(legal))
