"""`ops articles push`, `list`, `remove` and `seal` against a real HTTP server."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from ops.__main__ import main
from testkit.articles_api import KEY, ArticlesDouble, problem
from tests.proofs.ops.pushing.commands import TEXT, ops, push, told, write


def test_everything_is_put_once_and_then_only_what_changes(api: ArticlesDouble, content: Path) -> None:
    first = push(api, content)
    assert first.exit_code == 0, first.output
    assert first.stdout.endswith("7 new, 0 changed, 0 as they were.\n")
    assert "1 passed over, neither id nor access in a front matter: " in first.stderr
    assert api.stored["a3"]["teaser_html"] == "<p>Початок a3.</p>\n"
    assert api.stored["a3"]["body_html"] == "<p>Початок a3.</p>\n<p>Решта a3.</p>\n"
    assert (api.stored["a3"]["origin"], api.stored["a3"]["url"]) == ("site", "https://news.example/a3")
    second = push(api, content)
    assert (second.exit_code, second.stdout) == (0, "0 new, 0 changed, 7 as they were.\n")
    write(content, "a3", access="metered")
    third = push(api, content)
    assert third.stdout.splitlines()[0].split() == ["changed", "a3", str(content / "a3.md")]
    assert sorted(api.made("PUT")) == sorted([*(f"a{number}" for number in range(7)), "a3"])


def test_what_is_put_in_another_way_is_put_again(api: ArticlesDouble, content: Path) -> None:
    push(api, content)
    api.stored["a1"] |= {"revision": None, "body_html": "інше"}
    assert "changed  a1" in push(api, content).stdout
    assert "Решта" in api.stored["a1"]["body_html"]


def test_a_dry_run_says_what_would_be_and_changes_nothing(api: ArticlesDouble, content: Path) -> None:
    result = push(api, content, "--dry-run", "--json")
    assert {(one["id"], one["action"], one["done"]) for one in told(result)} == {
        (f"a{number}", "create", False) for number in range(7)
    }
    assert "Would be: 7 new" in push(api, content, "--dry-run").stdout
    assert (api.stored, set(api.made("PUT"))) == ({}, set())


def test_warnings_of_the_api_are_told_with_the_file(api: ArticlesDouble, content: Path) -> None:
    write(content, "a1", url="https://elsewhere.example/a1")
    result = push(api, content)
    assert f"{content / 'a1.md'}: warning: The url is elsewhere." in result.stderr
    assert result.exit_code == 0


@pytest.mark.parametrize("as_json", [True, False])
def test_a_file_that_is_wrong_is_told_before_anybody_is_asked(
    api: ArticlesDouble, content: Path, as_json: bool
) -> None:
    wrong = write(content, "a5", "Без розділювача.")
    write(content, "b", id="a1")
    result = push(api, content, *(["--json"] if as_json else []))
    assert result.exit_code == 1
    assert api.calls == []
    assert f"{wrong}: There is no line <!--more-->" in result.stderr
    assert "Its id 'a1' is that of" in result.stderr
    assert "Nothing was done, as 2 files cannot be taken" in result.stderr
    assert [one["action"] for one in told(result)] == (["refuse", "refuse"] if as_json else [])


def test_what_no_file_has_is_deleted_only_when_it_is_asked_for(api: ArticlesDouble, content: Path) -> None:
    push(api, content)
    api.stored["of-cms"] = {**api.stored["a1"], "id": "of-cms", "origin": "cms"}
    api.stored["of-nobody"] = {**api.stored["a1"], "id": "of-nobody", "origin": None}
    (content / "a1.md").unlink()
    write(content, "a2", draft="true")
    result = push(api, content)
    assert "2 of the origin 'site' have no file: a1, a2. --delete-missing deletes them." in result.stderr
    assert api.made("DELETE") == []
    result = push(api, content, "--delete-missing", "--json")
    assert {(one["id"], one["action"]) for one in told(result) if one["action"] != "keep"} == {
        ("a1", "delete"),
        ("a2", "delete"),
    }
    assert set(api.stored) == {"a0", "a3", "a4", "a5", "a6", "of-cms", "of-nobody"}


def test_much_is_deleted_only_with_a_yes(api: ArticlesDouble, content: Path) -> None:
    push(api, content)
    other = content.parent / "other"
    write(other, "new")
    before = list(api.calls)
    refused = push(api, other, "--delete-missing")
    assert refused.exit_code == 1
    assert "more than a tenth of all" in refused.stderr
    assert api.made("PUT") == [name for method, name in before if method == "PUT"], "nothing at all was done"
    planned = push(api, other, "--delete-missing", "--dry-run")
    assert (planned.exit_code, api.made("DELETE")) == (0, [])
    assert "Would be: 1 new, 0 changed, 7 deleted" in planned.stdout
    assert push(api, other, "--delete-missing", "--yes").exit_code == 0
    assert set(api.stored) == {"new"}


def test_a_folder_without_an_article_deletes_nothing_even_with_a_yes(api: ArticlesDouble, content: Path) -> None:
    push(api, content)
    empty = content.parent / "empty"
    empty.mkdir()
    result = push(api, empty, "--delete-missing", "--yes")
    assert (result.exit_code, len(api.stored)) == (1, 7)
    assert "There is no article here" in result.stderr


def test_nothing_is_deleted_while_something_could_not_be_put(api: ArticlesDouble, content: Path) -> None:
    push(api, content)
    (content / "a1.md").rename(content / "b1.md")
    write(content, "b1")
    api.trouble = lambda method, _: problem(413, "body_too_large", "Too large.") if method == "PUT" else None
    result = push(api, content, "--delete-missing")
    assert result.exit_code == 1
    assert "It was not deleted, as not everything could be put." in result.stderr
    assert "a1" in api.stored


def test_another_origins_article_is_told_with_whose_it_is(api: ArticlesDouble, content: Path) -> None:
    push(api, content)
    api.stored["a1"] |= {"origin": "wordpress", "title": "Їхня"}
    result = push(api, content, "--json")
    (failed,) = [one for one in told(result) if not one["done"]]
    assert (failed["id"], failed["code"]) == ("a1", "other_origin")
    assert "It belongs to the origin 'wordpress'. --take-over makes it yours." in result.stderr
    assert api.stored["a1"]["title"] == "Їхня"
    assert push(api, content, "--take-over").exit_code == 0
    assert api.stored["a1"]["origin"] == "site"


@pytest.mark.parametrize(
    ("words", "settings", "said"),
    [
        (["--api", "http://support.news.example"], {}, "is not encrypted"),
        (["--api", "support.news.example"], {}, "is no address of an API"),
        (["--api", "https://a:b@support.news.example"], {}, "is no address of an API"),
        (["--api", "https://support.news.example"], {}, "ops --stage prod keys create --for cms"),
        ([], {"SPILNO_STAGE": "prod", "SPILNO_PUBLIC_URL": "https://support.news.example"}, "keys create --for cms"),
        ([], {"SPILNO_STAGE": "prod"}, "--api https://support.news.example"),
        ([], {"SPILNO_CMS_KEY": "ключ"}, "holds signs that no key has"),
    ],
)
def test_where_and_with_which_key_is_known_before_anybody_is_asked(
    content: Path, words: list[str], settings: dict[str, str], said: str
) -> None:
    env = {"SPILNO_STAGE": "local", "SPILNO_CMS_KEY": "", "SPILNO_PUBLIC_URL": "", **settings}
    env["SPILNO_STAGES"] = str(content)
    asked = ["articles", "push", str(content), "--origin", "site", "--site", "https://news.example", *words]
    result = CliRunner().invoke(main, asked, env=env, catch_exceptions=False)
    assert result.exit_code == 1, result.output
    assert said in result.stderr


def test_a_stages_file_says_where_the_api_is_and_no_account_is_asked_for(api: ArticlesDouble, content: Path) -> None:
    stage = f'region = "eu-west-1"\nstack = "spilno-prod"\nbucket = "b"\n[parameters]\nPublicUrl = "{api.address}"'
    (content / "prod.toml").write_text(stage, encoding="utf-8")
    env = {"SPILNO_STAGE": "", "SPILNO_STAGES": str(content), "SPILNO_CMS_KEY": KEY, "SPILNO_PUBLIC_URL": ""}
    result = CliRunner().invoke(main, ["--stage", "prod", "articles", "list"], env=env, catch_exceptions=False)
    assert result.stdout == "There are no articles.\n", result.output


def test_names_that_are_none_are_refused(api: ArticlesDouble, content: Path) -> None:
    assert ops(api, "push", content, "--origin", "Site!").exit_code == 2
    assert ops(api, "push", content, "--origin", "site", "--site", "news.example").exit_code == 2
    assert ops(api, "push", content / "nowhere", "--origin", "site").exit_code == 2
    for name in ("..", ".", "a/b", ""):
        assert ops(api, "remove", name).exit_code == 1
    assert api.calls == []


def test_they_are_listed_page_after_page(api: ArticlesDouble, content: Path) -> None:
    assert "There are no articles." in ops(api, "list").stdout
    push(api, content)
    api.stored["of-cms"] = {**api.stored["a1"], "id": "of-cms", "origin": "cms"}
    every = [*(f"a{number}" for number in range(7)), "of-cms"]
    assert [one["id"] for one in told(ops(api, "list", "--json"))] == every
    assert [one["id"] for one in told(ops(api, "list", "--origin", "cms", "--json"))] == ["of-cms"]
    assert "Стаття a3" in ops(api, "list").stdout


def test_a_list_that_may_lack_articles_says_so(api: ArticlesDouble, content: Path) -> None:
    api.complete = False
    assert "until `ops upgrade` is run once" in push(api, content).stderr
    assert "until `ops upgrade` is run once" in ops(api, "list").stderr


def test_one_is_removed_and_what_is_not_there_is_told(api: ArticlesDouble, content: Path) -> None:
    push(api, content)
    api.stored["-dash"] = {**api.stored["a1"], "id": "-dash", "origin": "cms"}
    assert ops(api, "remove", "a1", "a2").stdout == "deleted  a1\ndeleted  a2\n"
    result = ops(api, "remove", "a3", "a1", "--json")
    assert [(one["id"], one["done"], one["code"]) for one in told(result)] == [
        ("a1", False, "unknown_article"),
        ("a3", True, None),
    ]
    assert result.exit_code == 1
    assert "belongs to the origin 'cms'" in ops(api, "remove", "-dash", "--origin", "site").stderr
    assert ops(api, "remove", "-dash").exit_code == 0


def test_a_fragment_is_written_of_what_was_pushed_and_of_nothing_else(api: ArticlesDouble, content: Path) -> None:
    write(content, "free", "Усе.", access="open")
    push(api, content)
    out = content.parent / "fragments"
    site = ("--site", "https://news.example")
    result = ops(api, "seal", content, "--out", out, *site)
    assert result.exit_code == 0, result.output
    assert sorted(file.name for file in out.iterdir()) == [f"a{number}.html" for number in range(7)]
    written = (out / "a3.html").read_text(encoding="utf-8")
    assert "Початок a3." in written
    assert "Решта" not in written
    write(content, "a3", TEXT + "Ще.")
    write(content, "new")
    result = ops(api, "seal", content, "--out", out, *site, "--json")
    assert result.exit_code == 1
    assert {(one["id"], one["code"]) for one in told(result) if not one["done"]} == {
        ("a3", "another_revision"),
        ("new", "unknown_article"),
    }
    assert (out / "a3.html").read_text(encoding="utf-8") == written
    assert not (out / "new.html").exists()


def test_two_ids_that_many_disks_write_to_one_file_are_refused(api: ArticlesDouble, content: Path) -> None:
    write(content, "b", id="A3")
    push(api, content)
    result = ops(api, "seal", content, "--out", content.parent / "out", "--site", "https://news.example")
    assert "would be written to one file" in result.stderr
    assert not (content.parent / "out").exists()
