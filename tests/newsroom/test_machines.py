"""The `[machines]` section: what machines may take of articles."""

import copy

import pytest

from chalicelib.newsroom import file as newsroom_file
from chalicelib.newsroom.file import NewsroomFileWrong
from chalicelib.newsroom.rules import Machines
from tests.newsroom.test_newsroom_file import SHIPPED, Raw


def changed(machines: object) -> Raw:
    return {**copy.deepcopy(SHIPPED), "machines": machines}


def test_what_the_file_shows_is_what_holds_without_it() -> None:
    bare = copy.deepcopy(SHIPPED)
    shown = bare.pop("machines")
    assert shown == vars(Machines()), "every row can be seen in the file"
    assert newsroom_file.read(bare).machines == newsroom_file.read(SHIPPED).machines == Machines()


def test_each_row_may_be_said_alone() -> None:
    assert newsroom_file.read(changed({"search": "nothing"})).machines == Machines(search="nothing")
    assert newsroom_file.read(changed({"ai_training": "teaser"})).machines == Machines(ai_training="teaser")


@pytest.mark.parametrize(
    ("machines", "setting", "instead"),
    [
        ({"search": "everything"}, "machines.search", '"teaser" or "nothing"'),
        ({"search": "Teaser"}, "machines.search", '"teaser" or "nothing"'),
        ({"archive": ""}, "machines.archive", '"teaser" or "nothing"'),
        ({"ai_training": False}, "machines.ai_training", '"teaser" or "nothing"'),
        ({"ai_answers": ["teaser"]}, "machines.ai_answers", '"teaser" or "nothing"'),
        ({"preview": "nothing\nUser-agent: *"}, "machines.preview", '"teaser" or "nothing"'),
        ({"ai": "nothing"}, "machines.ai", "one of ai_answers, ai_training, archive, preview, search"),
        ("nothing", "machines", "a table of settings"),
    ],
    ids=range(8),
)
def test_a_mistake_is_named_with_what_to_write(machines: object, setting: str, instead: str) -> None:
    with pytest.raises(NewsroomFileWrong) as caught:
        newsroom_file.read(changed(machines))
    assert str(caught.value) == f"In the newsroom's file, '{setting}' is wrong. Write {instead}."
