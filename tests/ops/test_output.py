"""What the commands print: nothing from outside steers the terminal, and JSON read again is the same value."""

import ast
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops import output
from testkit.for_each import for_each

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "a\x1b[2J\x9b31m\x07\x00\x7f\r\nb\u202ec\u2066d\u200be\ufefff\u2028g\u0085h\U000e0041i\ud800j"


def unsafe(text: str) -> set[str]:
    return {one for one in text if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp")} - {
        "\n",
        "\u200c",
        "\u200d",
    }


def test_a_table_shows_what_is_there_and_obeys_none_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    output.table([{"email": HOSTILE, "n": 1}, {"email": "Мрія ünï 🙂", "n": None}], ("email", "n"), "")
    printed = capsys.readouterr().out
    assert not unsafe(printed)
    assert "a\\x1b[2J\\x9b31m\\x07\\x00\\x7f\\r\\nb\\u202ec\\u2066d\\u200be\\ufefff\\u2028g\\x85h" in printed
    assert "Мрія ünï 🙂" in printed
    assert len(printed.splitlines()) == 3, "a line break in a cell begins no line"


def test_sentences_keep_their_own_lines_only(capsys: pytest.CaptureFixture[str]) -> None:
    output.say(f"first\nsecond {output.one_line(HOSTILE)}")
    printed = capsys.readouterr().out
    assert not unsafe(printed)
    assert len(printed.splitlines()) == 2
    output.say("a\x1bb\u202e", err=True)
    assert not unsafe(capsys.readouterr().err)


def test_a_refusal_is_safe() -> None:
    assert output.Refusal(f"AWS said {HOSTILE}").format_message().count("\n") == 1
    assert not unsafe(output.Refusal(f"AWS said {HOSTILE}").format_message())


def test_json_is_valid_and_reads_as_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"email": HOSTILE, HOSTILE: ["Мрія 🙂 ünï", 1, None, True, {"x": '\\u202e \\ " \\\\u202e'}]}
    output.emit(value)
    printed = capsys.readouterr().out
    assert not unsafe(printed)
    assert len(printed.splitlines()) == 1
    assert json.loads(printed) == value
    assert "Мрія 🙂 ünï" in printed, "what is harmless stays readable"


@given(st.text(st.characters()))
def test_whatever_the_text_is(text: str) -> None:
    safe = output._replaced(json.dumps(text, ensure_ascii=False), output._for_json)
    assert json.loads(safe) == text
    assert not unsafe(safe)
    assert not unsafe(output.one_line(text))
    assert "\n" not in output.one_line(text)


def prints(source: str) -> list[str]:
    """Calls that print past `ops/output.py`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        by_click = called.startswith("click.") and called.partition(".")[2] in (
            "echo",
            "secho",
            "echo_via_pager",
            "ClickException",
        )
        if by_click or called in ("print", "sys.stdout.write", "sys.stderr.write"):
            found.append(called)
    return found


@for_each(file=[one for one in sorted((ROOT / "ops").rglob("*.py")) if one.name != "output.py"])
def test_nothing_is_printed_past_it(file: Path) -> None:
    assert prints(file.read_text(encoding="utf-8")) == []


def test_that_would_be_noticed() -> None:
    """The negative control."""
    assert prints("click.echo(x)\nprint(y)\nraise click.ClickException(z)") == [
        "click.echo",
        "print",
        "click.ClickException",
    ]
