"""`ops newsroom check`, and the file that setup makes."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ops.__main__ import main
from ops.setup.newsroom import EXAMPLE, newsroom


def _check(*words: str, **environ: str) -> Result:
    return CliRunner().invoke(newsroom, ["check", *words], env=environ)


def test_the_example_is_right() -> None:
    result = _check("--file", str(EXAMPLE))
    assert result.exit_code == 0
    assert "newsroom.toml is right: Вісті Надріччя." in result.output
    assert "tiers member, patron" in result.output


@pytest.mark.parametrize(
    ("was", "becomes", "word"),
    [
        ("minimum = 100\n", "minimum = 1\n", "currencies.eur.minimum"),
        ('languages = ["uk", "en"]', 'languages = ["ru"]', "languages"),
        ("[name]", "[name", "no TOML"),
        ('appeal_title]\nuk = "Ц', 'apeal_title]\nuk = "Ц', "apeal_title"),
        (
            '"support@nadrichchia.example"',
            '"Вісті, Надріччя <a@b>"',
            '"\\"Вісті, Надріччя\\" <support@news.example>"',
        ),
        ('"Europe/Kyiv"', '"Europe/Kyyiv"', "time_zone"),
        ("[campaigns]", '[texts."amount.month"]\nuk = "щомісяця"\nen = "{amount} a month"\n\n[campaigns]', "amount"),
    ],
)
def test_the_first_mistake_is_named(tmp_path: Path, was: str, becomes: str, word: str) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert was in text
    path = tmp_path / "newsroom.toml"
    path.write_text(text.replace(was, becomes, 1), encoding="utf-8")
    result = _check(SPILNO_NEWSROOM=str(path))
    assert result.exit_code == 1
    assert word in result.output
    assert "Traceback" not in result.output


def test_a_file_that_is_not_there_and_one_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "newsroom.toml"
    assert "ops setup" in _check(SPILNO_NEWSROOM=str(path)).output
    path.write_bytes(b"\xff\xfe")
    result = _check(SPILNO_NEWSROOM=str(path))
    assert (result.exit_code, "Traceback" in result.output) == (1, False)


@pytest.mark.parametrize("written", ["utf-8-sig", "crlf"])
def test_what_editors_do_to_a_file_is_no_mistake(tmp_path: Path, written: str) -> None:
    text, path = EXAMPLE.read_text(encoding="utf-8"), tmp_path / "newsroom.toml"
    path.write_bytes(text.encode("utf-8-sig") if written == "utf-8-sig" else text.replace("\n", "\r\n").encode())
    assert _check(SPILNO_NEWSROOM=str(path)).exit_code == 0


def test_a_file_in_another_encoding_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "newsroom.toml"
    path.write_bytes(EXAMPLE.read_text(encoding="utf-8").encode("cp1251", "replace"))
    result = _check(SPILNO_NEWSROOM=str(path))
    assert (result.exit_code, "is not UTF-8" in result.output) == (1, True)


@pytest.mark.parametrize("file", ["not-there.toml", "."])
def test_a_command_without_a_newsrooms_file_ends_with_a_sentence(tmp_path: Path, file: str) -> None:
    result = CliRunner().invoke(main, ["totals"], env={"SPILNO_NEWSROOM": str(tmp_path / file)})
    assert result.exit_code == 2
    assert "SPILNO_NEWSROOM" in result.output


def test_a_command_with_a_broken_one_too(tmp_path: Path) -> None:
    path = tmp_path / "newsroom.toml"
    path.write_bytes(b"languages = [")
    result = CliRunner().invoke(main, ["totals"], env={"SPILNO_NEWSROOM": str(path)})
    assert (result.exit_code, "no TOML" in result.output) == (2, True)
