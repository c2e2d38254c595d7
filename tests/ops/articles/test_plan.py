"""What has to be put, what is as it should be, and what no file has."""

import pytest

from ops.articles.plan import plan
from tests.ops.articles.test_manuscript import article, file_of

ONE = article(file_of(id="one"))
TWO = article(file_of(id="two"))


def listed(**revisions: str | None) -> list[dict[str, str | None]]:
    return [{"id": name, "revision": revision} for name, revision in revisions.items()]


def test_only_what_differs_is_put() -> None:
    todo = plan([ONE, TWO], listed(one=ONE.revision, gone="x"))
    assert [(step.action, step.id) for step in todo.put] == [("create", "two")]
    assert [step.id for step in todo.kept] == ["one"]
    assert [step.id for step in todo.missing] == ["gone"]


@pytest.mark.parametrize("revision", ["x", None])
def test_what_was_put_with_another_revision_or_none_is_put_again(revision: str | None) -> None:
    (step,) = plan([ONE], listed(one=revision)).put
    assert (step.action, step.id) == ("update", "one")


@pytest.mark.parametrize(
    ("there", "missing", "much"), [(0, 5, False), (0, 6, True), (54, 6, False), (53, 6, True), (1000, 100, False)]
)
def test_more_than_five_and_more_than_a_tenth_is_much(there: int, missing: int, much: bool) -> None:
    files = [article(file_of(id=f"a{number}")) for number in range(there)]
    known = listed(**{one.id: one.revision for one in files}, **{f"b{number}": "x" for number in range(missing)})
    assert plan(files, known).deletes_much is much
