"""`ops newsroom check`, and the file that setup makes."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

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
